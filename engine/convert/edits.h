/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a conversion edits in a guest, shown: the files of configuration before and after it.
 */
#pragma once

#include "guest/session.h"

/* What the guest's files of configuration hold: all below /etc, and below /boot what is neither
 * a kernel, an initramfs nor a part of a boot loader. */
typedef struct V2vEdits V2vEdits;

/* Reads them as they are now; the file systems of GUEST are mounted. DIRECTORY, on the host, is for
 * temporary files. What is there is hostile: nothing of it gets a name on the host, a file larger
 * than 1 MiB is told apart by its checksum only, and more than 64 MiB altogether or 200,000 names
 * are V2V_EXIT_DATA. */
V2vEdits *v2v_edits_read (V2vGuest *guest, const char *directory, GError **error);
void v2v_edits_free (V2vEdits *edits);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vEdits, v2v_edits_free)

/* Does v2v_edits_read look at PATH of a guest? */
gboolean v2v_edits_covers (const char *path);

/* From here on v2v_edits_written tells what was written. */
void v2v_edits_begin (V2vGuest *guest);
/* The files and links anywhere in the guest that were made or written since, whoever did it, at
 * most 10,000; without those that were removed. To be freed with g_strfreev. */
char **v2v_edits_written (V2vGuest *guest);

/* Unified diffs of each file that differs, in the order of their names, fit for a terminal; ""
 * if none does. To be freed with g_free. */
char *v2v_edits_diff (const V2vEdits *before, const V2vEdits *after);

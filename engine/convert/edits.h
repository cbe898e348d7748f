/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Shows which configuration files a conversion edits in a guest, by comparing them before and
 * after it.
 */
#pragma once

#include "guest/session.h"

/* The contents of the guest's configuration files: all files below /etc, and below /boot
 * those that are neither a kernel, an initramfs nor a part of a boot loader. */
typedef struct V2vEdits V2vEdits;

/* Reads the current configuration files; the file systems of GUEST have to be mounted.
 * DIRECTORY, on the host, is for temporary files. The guest is hostile: none of its file
 * names is used on the host, only checksums of files larger than 1 MiB are compared, and
 * more than 64 MiB altogether or 200,000 names are V2V_EXIT_DATA. */
V2vEdits *v2v_edits_read (V2vGuest *guest, const char *directory, GError **error);
void v2v_edits_free (V2vEdits *edits);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vEdits, v2v_edits_free)

/* Does v2v_edits_read read PATH of a guest? */
gboolean v2v_edits_covers (const char *path);

/* Starts recording for v2v_edits_written. */
void v2v_edits_begin (V2vGuest *guest);
/* The files and links anywhere in the guest that were created or written since
 * v2v_edits_begin, by whatever program; at most 10,000, without those that were removed
 * again. To be freed with g_strfreev. */
char **v2v_edits_written (V2vGuest *guest);

/* Unified diffs of all files that differ, in the order of their names, safe to print; "" if
 * there is none. To be freed with g_free. */
char *v2v_edits_diff (const V2vEdits *before, const V2vEdits *after);

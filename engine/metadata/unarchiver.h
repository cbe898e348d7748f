/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What libarchive makes of an archive, told by a process that can do nothing else
 * (base/limited.h). Whatever it tells is as hostile as the archive.
 */
#pragma once

#include <glib.h>

#include "base/error.h"

typedef enum {
  V2V_ENTRY_FILE,
  V2V_ENTRY_DIRECTORY,
  V2V_ENTRY_LINK,
  V2V_ENTRY_OTHER, /* a device, a pipe, a socket */
} V2vEntryKind;

typedef struct {
  char *name; /* as it stands there: any bytes, or NULL */
  V2vEntryKind kind;
  gint64 size; /* as the archive says; -1: it does not */
  /* where its bytes lie in the archive as they are; -1: they have to be unpacked */
  gint64 offset;
  gboolean in_tar; /* of a tar archive that is not compressed */
} V2vEntry;

typedef struct V2vUnarchiver V2vUnarchiver;

/* Begins to read FD, which stays open until v2v_unarchiver_end: an archive of LENGTH bytes. */
V2vUnarchiver *v2v_unarchiver_start (int fd, gint64 length, GError **error);
/* The same for LENGTH bytes at OFFSET that are one file, compressed by itself: its one entry.
 */
V2vUnarchiver *v2v_unarchiver_start_compressed (int fd, gint64 offset, gint64 length,
                                                GError **error);
/* The next entry, which belongs to the unarchiver; NULL: there is none, or see
 * v2v_unarchiver_failed. */
const V2vEntry *v2v_unarchiver_next (V2vUnarchiver *unarchiver);
/* The next bytes of the entry, of which only those without an offset have any: they belong to
 * the unarchiver. 0: there are no more; -1: see v2v_unarchiver_failed. */
gssize v2v_unarchiver_data (V2vUnarchiver *unarchiver, const char **bytes_r);
/* How many bytes of the archive were read. */
gint64 v2v_unarchiver_position (const V2vUnarchiver *unarchiver);
/* Why nothing more comes, in libarchive's words, fit for a message; NULL: the archive has
 * ended. UNKNOWN_R tells that it begins like no archive. */
const char *v2v_unarchiver_failed (const V2vUnarchiver *unarchiver, gboolean *unknown_r);
void v2v_unarchiver_end (V2vUnarchiver *unarchiver);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vUnarchiver, v2v_unarchiver_end)

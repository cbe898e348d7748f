/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads archives with libarchive in a confined process (base/limited.h). The answers of that
 * process are as hostile as the archive.
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
  char *name; /* exactly as in the archive: any bytes, or NULL */
  V2vEntryKind kind;
  gint64 size; /* as the archive says; -1 if it does not say */
  /* where its bytes begin in the archive; -1 if they have to be unpacked */
  gint64 offset;
  gboolean in_tar; /* the archive is an uncompressed tar archive */
} V2vEntry;

typedef struct V2vUnarchiver V2vUnarchiver;

/* Begins to read the archive that is open as FD and has LENGTH bytes. FD must stay open until
 * v2v_unarchiver_end. */
V2vUnarchiver *v2v_unarchiver_start (int fd, gint64 length, GError **error);
/* Begins to read a single compressed file: the LENGTH bytes at OFFSET of FD. It has one entry,
 * the uncompressed file. FD must stay open until v2v_unarchiver_end. */
V2vUnarchiver *v2v_unarchiver_start_compressed (int fd, gint64 offset, gint64 length,
                                                GError **error);
/* The next entry, which belongs to the unarchiver. NULL at the end of the archive or after an
 * error: v2v_unarchiver_failed tells which. */
const V2vEntry *v2v_unarchiver_next (V2vUnarchiver *unarchiver);
/* The next bytes of the current entry; they belong to the unarchiver. Only an entry without an
 * offset has any. Returns 0 at the end of the entry, and -1 after an error: see
 * v2v_unarchiver_failed. */
gssize v2v_unarchiver_data (V2vUnarchiver *unarchiver, const char **bytes_r);
/* How many bytes of the archive have been read so far. */
gint64 v2v_unarchiver_position (const V2vUnarchiver *unarchiver);
/* Why reading stopped, in libarchive's words, safe to print in a message; NULL if the archive
 * has simply ended. *UNKNOWN_R is TRUE if the file is not in the format of any archive. */
const char *v2v_unarchiver_failed (const V2vUnarchiver *unarchiver, gboolean *unknown_r);
void v2v_unarchiver_end (V2vUnarchiver *unarchiver);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vUnarchiver, v2v_unarchiver_end)

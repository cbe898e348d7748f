/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Writes blocks into the file or block device of a disk in such a way that, wherever it is
 * interrupted, a later run can find out whether another program has written to the disk since.
 *
 * A record beside the journal contains a short checksum of every block that is going to be
 * replaced and, while blocks are replaced, the times of the disk after the last write. A later
 * run continues only if the times are as recorded, or if every block is either in its old or in
 * its new state; otherwise the disk was used, and is left alone.
 */
#pragma once

#include "storage/image.h"
#include "storage/journal.h"

/* A range of the disk's file, and the offset of its new bytes in the source file; -1 if they
 * are zeros. */
typedef struct {
  guint64 offset, length;
  gint64 from;
} V2vBlock;

/* Calls FUNC for each piece of BLOCKS (V2vBlock) with its bytes in FD, which is at PATH;
 * bytes beyond the end are zero. AT is the offset of the piece in its block. */
#define V2V_PIECE_MAX (256 * 1024)
typedef gboolean (*V2vPieceFunc) (const V2vBlock *block, guint64 at, const guchar *bytes,
                                  gsize length, gpointer data, GError **error);
gboolean v2v_blocks_each (const GArray *blocks, int fd, const char *path, V2vPieceFunc func,
                          gpointer data, GError **error);

typedef struct {
  const V2vJournalDisk *disk; /* borrowed, as DIR and RECORD are */
  const V2vDir *dir;          /* of the record */
  const char *record;
  gint64 length; /* the final length of the disk's file; -1: it keeps its length */
  int source;    /* the file that holds the new bytes */
  char *source_path;
  GArray *blocks; /* V2vBlock, in ascending order */
} V2vWriting;

void v2v_writing_clear (V2vWriting *writing);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (V2vWriting, v2v_writing_clear)

/* Sets the source of WRITING: PATH, a qcow2 that this program made, without compressed
 * clusters, and the ranges for which it has bytes. */
#define V2V_BLOCKS_MAX (16 * 1024 * 1024)
gboolean v2v_writing_open_qcow2 (V2vWriting *writing, const char *path, GError **error);

/* Makes the record, durably. Does not write to the disk. */
gboolean v2v_writing_ready (const V2vWriting *writing, GError **error);
/* NULL if no other program has written to the disk since the record was made; otherwise the
 * evidence, to be freed with g_free. NULL with an error if that cannot be determined. */
char *v2v_writing_look (const V2vWriting *writing, GError **error);
/* Writes everything, durably; may be repeated. Calls FRACTION with the progress. */
gboolean v2v_writing_run (const V2vWriting *writing,
                          void (*fraction) (double done, gpointer data), gpointer data,
                          GError **error);

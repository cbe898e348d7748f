/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Writes blocks into the file or block device of a disk so that, wherever that is interrupted,
 * it can be told afterwards whether somebody else has written to the disk since.
 *
 * A record beside the journal holds a short sum of everything that is going to be replaced,
 * and, while it is being replaced, when the disk was last written and what its dates were. Who
 * goes on later finds the dates as noted, or at least every replaced block either as it was or
 * as it was going to be; otherwise the disk was used, and is left alone.
 */
#pragma once

#include "storage/image.h"
#include "storage/journal.h"

/* A stretch of the disk's file, and where its new bytes begin in the source file; -1: they are
 * zeros. */
typedef struct {
  guint64 offset, length;
  gint64 from;
} V2vBlock;

/* Calls FUNC for each piece of BLOCKS (V2vBlock) with its bytes in FD, which is at PATH; what
 * lies beyond the end is zero. AT is where the piece begins in its block. */
#define V2V_PIECE_MAX (256 * 1024)
typedef gboolean (*V2vPieceFunc) (const V2vBlock *block, guint64 at, const guchar *bytes,
                                  gsize length, gpointer data, GError **error);
gboolean v2v_blocks_each (const GArray *blocks, int fd, const char *path, V2vPieceFunc func,
                          gpointer data, GError **error);

typedef struct {
  const V2vJournalDisk *disk; /* borrowed, as DIR and RECORD are */
  const V2vDir *dir;          /* of the record */
  const char *record;
  gint64 length; /* that the disk's file gets at the end; -1: it keeps its own */
  int source;    /* the file that holds the new bytes */
  char *source_path;
  GArray *blocks; /* V2vBlock, in ascending order */
} V2vWriting;

void v2v_writing_clear (V2vWriting *writing);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (V2vWriting, v2v_writing_clear)

/* Sets the source of WRITING: PATH, a qcow2 of our own without compressed clusters, with the stretches
 * that it has bytes for. */
#define V2V_BLOCKS_MAX (16 * 1024 * 1024)
gboolean v2v_writing_open_qcow2 (V2vWriting *writing, const char *path, GError **error);

/* Makes the record, durably. Nothing is written to the disk. */
gboolean v2v_writing_ready (const V2vWriting *writing, GError **error);
/* NULL if nobody else has written to the disk since the record was made; otherwise what tells
 * so, to be freed with g_free. NULL with an error: that cannot be told. */
char *v2v_writing_look (const V2vWriting *writing, GError **error);
/* Writes everything, durably; can be repeated. FRACTION is told how far it is. */
gboolean v2v_writing_run (const V2vWriting *writing,
                          void (*fraction) (double done, gpointer data), gpointer data,
                          GError **error);

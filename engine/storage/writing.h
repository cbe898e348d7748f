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

#include "base/tempfile.h"
#include "storage/image.h"

/* A stretch of the disk's file, and where its new bytes begin in the source file; -1: they are
 * zeros. */
typedef struct {
  guint64 offset, length;
  gint64 from;
} V2vBlock;

typedef struct {
  const char *path; /* of the disk */
  gint64 length;    /* that its file gets at the end; -1: it keeps its own */
  int source;       /* the file that holds the new bytes */
  const char *source_path;
  GArray *blocks;    /* V2vBlock, in ascending order */
  const V2vDir *dir; /* of the record */
  const char *record;
} V2vWriting;

/* The stretches that FILE, a qcow2 without compressed clusters, has bytes for. At most MAX. To
 * be freed with g_array_unref. */
GArray *v2v_blocks_of_qcow2 (const V2vImageFile *file, guint max, GError **error);

/* Makes the record, durably. Nothing is written to the disk. */
gboolean v2v_writing_ready (const V2vWriting *writing, GError **error);
/* NULL if nobody else has written to the disk since the record was made; otherwise what tells
 * so, to be freed with g_free. NULL with an error: that cannot be told. */
char *v2v_writing_look (const V2vWriting *writing, GError **error);
/* Writes everything, durably; can be repeated. FRACTION is told how far it is. */
gboolean v2v_writing_run (const V2vWriting *writing,
                          void (*fraction) (double done, gpointer data), gpointer data,
                          GError **error);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Writes to the disks of a journal, one after the other: the blocks that a conversion changed,
 * or the former blocks that it saved for undo. Both work alike, with different sources of the
 * bytes.
 */
#pragma once

#include "storage/journal.h"
#include "storage/writing.h"

typedef struct {
  const char *record; /* the name of a disk's record, without the number at its end */
  gsize record_at;    /* offset of the record's name in V2vJournalDisk */
  /* Is anything written to this disk? */
  gboolean (*concerns) (const V2vJournalDisk *disk);
  /* Sets the source of WRITING, whose disk and directory are set. */
  gboolean (*open) (V2vWriting *writing, GError **error);
} V2vRewrite;

/* Calls FUNC with the writing for DISK. */
typedef gboolean (*V2vWritingFunc) (const V2vWriting *writing, gpointer data, GError **error);
gboolean v2v_rewrite_with (const V2vRewrite *rewrite, const V2vJournalDisk *disk,
                           const V2vDir *dir, V2vWritingFunc func, gpointer data,
                           GError **error);

/* Makes the record of each disk, and sets its name in JOURNAL. */
gboolean v2v_rewrite_ready (const V2vRewrite *rewrite, V2vJournal *journal, const V2vDir *dir,
                            GError **error);
/* The first disk that another program has written to since, with the evidence in *WHY_R (to
 * be freed with g_free); or NULL, with or without an error. */
const V2vJournalDisk *v2v_rewrite_written_since (const V2vRewrite *rewrite,
                                                 const V2vJournal *journal, const V2vDir *dir,
                                                 char **why_r, GError **error);
/* Writes all disks, durably; may be repeated. Reports progress, and tells the supervisor
 * ADVICE, the text to print if this process dies. WHAT is the action in messages. */
gboolean v2v_rewrite_disks (const V2vRewrite *rewrite, const V2vJournal *journal,
                            const V2vDir *dir, const char *what, const char *advice,
                            GError **error);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Writes to the disks of a journal, one after the other: what a conversion changed, or what undo
 * saved of it. Both are the same work, with other sources of the bytes.
 */
#pragma once

#include "storage/journal.h"
#include "storage/writing.h"

typedef struct {
  const char *record; /* what the record of a disk is called, before its number */
  gsize record_at;    /* where its name is in V2vJournalDisk */
  /* Is anything written to this disk? */
  gboolean (*concerns) (const V2vJournalDisk *disk);
  /* Opens the source of WRITING, whose disk and directory are set. */
  gboolean (*open) (V2vWriting *writing, GError **error);
} V2vRewrite;

/* Calls FUNC with what is written to DISK. */
typedef gboolean (*V2vWritingFunc) (const V2vWriting *writing, gpointer data, GError **error);
gboolean v2v_rewrite_with (const V2vRewrite *rewrite, const V2vJournalDisk *disk,
                           const V2vDir *dir, V2vWritingFunc func, gpointer data,
                           GError **error);

/* Makes the record of each disk, and notes its name in JOURNAL. */
gboolean v2v_rewrite_ready (const V2vRewrite *rewrite, V2vJournal *journal, const V2vDir *dir,
                            GError **error);
/* The first disk that somebody else has written to since, and what tells so in *WHY_R (to be freed
 * with g_free); or NULL, perhaps with an error. */
const V2vJournalDisk *v2v_rewrite_written_since (const V2vRewrite *rewrite,
                                                 const V2vJournal *journal, const V2vDir *dir,
                                                 char **why_r, GError **error);
/* Writes, durably; can be repeated. Tells the progress, and whoever outlives this process
 * what ADVICE says. WHAT was done stands in messages. */
gboolean v2v_rewrite_disks (const V2vRewrite *rewrite, const V2vJournal *journal,
                            const V2vDir *dir, const char *what, const char *advice,
                            GError **error);

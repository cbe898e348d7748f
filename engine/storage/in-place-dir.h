/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The directories of in-place conversions in the work directory, and completing an interrupted
 * conversion. The process that works in a directory locks it.
 */
#pragma once

#include "storage/journal.h"
#include "storage/storage.h"

/* The work directory, in which in-place conversions keep what has to survive a crash of the
 * host: --work-dir, or the default. To be freed with g_free. */
char *v2v_in_place_work_dir (const V2vOptionValues *options);

/* Opens the work directory and locks it until it is closed, so that only one process at a
 * time creates and searches directories in it. NULL if it does not exist. */
V2vDir *v2v_in_place_lock_work_dir (const char *path);
/* Opens the directory NAME in the work directory if it belongs to an in-place conversion.
 * *LOCKED_R: it could be locked, so no other process works in it. */
V2vDir *v2v_in_place_open (const V2vDir *work, const char *name, gboolean *locked_r);
/* Is one of PATHS (char *; NULL: any) a disk of JOURNAL? */
gboolean v2v_in_place_concerns (const V2vJournal *journal, const GPtrArray *paths);

/* Creates and locks a directory in the work directory for the disks of JOURNAL, and writes
 * JOURNAL to it. An interrupted conversion of one of these disks that had not written to it
 * yet is discarded; any other is an error. */
V2vDir *v2v_in_place_begin (const char *work_dir, const V2vJournal *journal, GError **error);
/* Fails (V2V_EXIT_TEMPFAIL) if a conversion of one of DISKS (V2vDomainDisk), or its undo,
 * was interrupted while it wrote to them, or is running: their contents are a mixture of old
 * and new blocks. */
gboolean v2v_in_place_check (const V2vOptionValues *options, const GPtrArray *disks,
                             GError **error);

/* A text for messages about the state of the disks of JOURNAL, which is not yet KEPT: what
 * to do next, and what not to do. To be freed with g_free. */
char *v2v_in_place_advice (const V2vJournal *journal, const V2vDir *dir);
/* Sets new_length of DISK, whose changes are complete. */
gboolean v2v_in_place_find_length (V2vJournalDisk *disk, const V2vDir *dir, GError **error);
/* Records the state of the changed disks before the commit, durably. */
gboolean v2v_in_place_ready_disks (V2vJournal *journal, const V2vDir *dir, GError **error);
/* Writes the changed overlays into their disks, durably. Can be repeated. */
gboolean v2v_in_place_commit_disks (const V2vJournal *journal, const V2vDir *dir,
                                    GError **error);
/* The first disk that another program has written to since the commit was interrupted, with
 * the evidence in *WHY_R (to be freed with g_free); or NULL, with or without an error. */
const V2vJournalDisk *v2v_in_place_written_since (const V2vJournal *journal, const V2vDir *dir,
                                                  char **why_r, GError **error);
/* Fails if another program has written to a disk since. FORCE says how to go on nevertheless
 * ("add --force"). */
gboolean v2v_in_place_look (const V2vJournal *journal, const V2vDir *dir, const char *force,
                            GError **error);
/* After the last disk is committed: records the state of the disks, for undo. */
gboolean v2v_in_place_note_written (V2vJournal *journal, const V2vDir *dir, GError **error);
/* Ends a successful conversion: keeps what undo needs if the user asked for that, and
 * removes everything else. Never fails. TRUE if something is kept. */
gboolean v2v_in_place_end (V2vJournal *journal, V2vDir *dir);

/* Opens and locks the directory PATH of an in-place conversion for undo; *JOURNAL_R gets its
 * journal. */
V2vDir *v2v_in_place_open_directory (const char *path, V2vJournal **journal_r, GError **error);
/* Records in the journal that its disks are being written back, unless another conversion of
 * one of them is running. */
gboolean v2v_in_place_begin_undo (V2vJournal *journal, const V2vDir *dir, GError **error);
/* After an undo, when the disks are as they were: removes the directory. */
gboolean v2v_in_place_forget (V2vJournal *journal, V2vDir *dir, GError **error);
/* Publishes TEXT as PATH, unless it is there already. */
gboolean v2v_in_place_publish (const char *path, const char *text, GError **error);
/* Checks that none of the disks of JOURNAL is in use or was replaced, and prevents emulators
 * from starting with them as long as JOURNAL lives. */
gboolean v2v_in_place_check_disks (V2vJournal *journal, GError **error);

/* Removes the directory and everything that a conversion puts into it. Never fails. */
void v2v_in_place_discard (V2vDir *dir);

/* The storage's "recover" (storage/storage.h); DISKS may be NULL: of any disk. */
gboolean v2v_in_place_recover (const V2vOptionValues *options, const GPtrArray *disks,
                               char **what_r, GError **error);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The directories of in-place conversions beneath the work directory, and how one is
 * rolled forward. Each is locked by the process that works in it.
 */
#pragma once

#include "storage/journal.h"
#include "storage/storage.h"

/* Where in-place conversions keep what has to outlive the running of the host: --work-dir, or
 * the default. To be freed with g_free. */
char *v2v_in_place_work_dir (const V2vOptionValues *options);

/* The work directory, locked as long as it is open: directories are made and looked for one process
 * at a time. NULL if there is none. */
V2vDir *v2v_in_place_lock_work_dir (const char *path);
/* The directory NAME of the work directory if it is one of ours. Whether it could be locked, and so
 * no other process works in it, is in *LOCKED_R. */
V2vDir *v2v_in_place_open (const V2vDir *work, const char *name, gboolean *locked_r);
/* One of PATHS (char *; NULL: any) is a disk of JOURNAL. */
gboolean v2v_in_place_concerns (const V2vJournal *journal, const GPtrArray *paths);

/* Makes a directory of its own in the work directory, locked, for the disks of JOURNAL, and writes
 * JOURNAL to it. An interrupted conversion of one of these disks that only has to be discarded
 * is; any other is an error. */
V2vDir *v2v_in_place_begin (const char *work_dir, const V2vJournal *journal, GError **error);
/* Fails (V2V_EXIT_TEMPFAIL) if a conversion of one of DISKS (V2vDomainDisk), or its undo, was
 * interrupted while it wrote to them, or is under way: what is on them is a mixture. */
gboolean v2v_in_place_check (const V2vOptionValues *options, const GPtrArray *disks,
                             GError **error);

/* What whoever reads a message has to know of the state that the disks of JOURNAL are in, which
 * is not yet KEPT: what to do next, and what not to do. To be freed with g_free. */
char *v2v_in_place_advice (const V2vJournal *journal, const V2vDir *dir);
/* Sets new_length of DISK, whose changes are complete. */
gboolean v2v_in_place_find_length (V2vJournalDisk *disk, const V2vDir *dir, GError **error);
/* Notes what the changed disks are before the commit, durably. */
gboolean v2v_in_place_ready_disks (V2vJournal *journal, const V2vDir *dir, GError **error);
/* Writes the changed overlays into their disks, durably. Can be repeated. */
gboolean v2v_in_place_commit_disks (const V2vJournal *journal, const V2vDir *dir,
                                    GError **error);
/* The first disk that somebody else has written to since the commit that was interrupted, and
 * what tells so in *WHY_R (to be freed with g_free); or NULL, perhaps with an error. */
const V2vJournalDisk *v2v_in_place_written_since (const V2vJournal *journal, const V2vDir *dir,
                                                  char **why_r, GError **error);
/* Fails if there is one. FORCE says how to go on nevertheless ("add --force"). */
gboolean v2v_in_place_look (const V2vJournal *journal, const V2vDir *dir, const char *force,
                            GError **error);
/* After the last disk is committed: notes what they are now, for undo. */
gboolean v2v_in_place_note_written (V2vJournal *journal, const V2vDir *dir, GError **error);
/* The conversion is done: keeps of the directory what undo needs, if it was asked for, or else
 * nothing. Never fails. TRUE: something is kept. */
gboolean v2v_in_place_end (V2vJournal *journal, V2vDir *dir);

/* The directory PATH of an in-place conversion, locked, for undo: its journal is in *JOURNAL_R. */
V2vDir *v2v_in_place_open_directory (const char *path, V2vJournal **journal_r, GError **error);
/* Has the journal say that its disks are being written back, unless another conversion of one
 * of them is under way. */
gboolean v2v_in_place_begin_undo (V2vJournal *journal, const V2vDir *dir, GError **error);
/* The disks are as they were: removes the directory. */
gboolean v2v_in_place_forget (V2vJournal *journal, V2vDir *dir, GError **error);
/* Publishes TEXT as PATH, unless it is there already. */
gboolean v2v_in_place_publish (const char *path, const char *text, GError **error);
/* None of the disks of JOURNAL is in use or was replaced; from now on no emulator can start
 * with them, as long as JOURNAL lives. */
gboolean v2v_in_place_check_disks (V2vJournal *journal, GError **error);

/* Removes the directory and what a conversion puts into it. Never fails. */
void v2v_in_place_discard (V2vDir *dir);

/* The storage's "recover" (storage/storage.h); DISKS may be NULL: of any disk. */
gboolean v2v_in_place_recover (const V2vOptionValues *options, const GPtrArray *disks,
                               char **what_r, GError **error);

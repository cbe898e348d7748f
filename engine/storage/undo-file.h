/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Undo files of in-place conversions: the blocks of a disk's file that the commit
 * replaces, saved before and written back on request.
 *
 * An undo file begins with a line of text and two numbers, the length that the disk's file had
 * and how many stretches follow; then each stretch's offset and length; then their bytes, one
 * after the other. Numbers are 64 bits, little-endian.
 */
#pragma once

#include <sys/stat.h>

#include "storage/journal.h"

/* Saves what committing DISK, the INDEX-th of its journal, will replace, into a file of DIR,
 * durably. Sets undo and undo_sum of DISK. */
gboolean v2v_undo_save (V2vJournalDisk *disk, guint index, const V2vDir *dir, GError **error);

/* Notes in DISK what it is after the commit: its length, its date, and a sum of the blocks that its
 * undo file knows. */
gboolean v2v_undo_note_written (V2vJournalDisk *disk, const V2vDir *dir, GError **error);

/* Can every disk of JOURNAL be written back? Its undo file has to be whole, the disk not in
 * use, and what the commit left; where the commit or an undo was interrupted, nobody else may have
 * written to it since. FORCE lets a disk pass of which only the time of the last change differs,
 * and after an interruption any. */
gboolean v2v_undo_check (V2vJournal *journal, const V2vDir *dir, gboolean force,
                         GError **error);

/* As v2v_in_place_written_since, of an undo that was interrupted. */
const V2vJournalDisk *v2v_undo_written_since (const V2vJournal *journal, const V2vDir *dir,
                                              char **why_r, GError **error);

/* Writes the blocks back, durably. Can be repeated. */
gboolean v2v_undo_write_back (V2vJournal *journal, const V2vDir *dir, GError **error);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Undo files of in-place conversions: the blocks of a disk's file that the commit
 * replaces, saved before and written back on request.
 *
 * An undo file begins with a line of text and two numbers, the former length of the disk's file
 * and the number of ranges; then follow the offset and length of each range, then the bytes of
 * all ranges. Numbers are 64 bits, little-endian.
 */
#pragma once

#include <sys/stat.h>

#include "storage/journal.h"

/* Saves the blocks that committing DISK, the INDEX-th of its journal, will replace, into a
 * file in DIR, durably. Sets undo and undo_sum of DISK. */
gboolean v2v_undo_save (V2vJournalDisk *disk, guint index, const V2vDir *dir, GError **error);

/* Sets in DISK its state after the commit: its length, its time, and a checksum of the
 * blocks in its undo file. */
gboolean v2v_undo_note_written (V2vJournalDisk *disk, const V2vDir *dir, GError **error);

/* Can every disk of JOURNAL be written back? Its undo file has to be complete, and the disk
 * unused and as the commit left it; if the commit or an undo was interrupted, no other
 * program may have written to it since. FORCE accepts a disk of which only the time of the
 * last change differs and, after an interruption, any disk. */
gboolean v2v_undo_check (V2vJournal *journal, const V2vDir *dir, gboolean force,
                         GError **error);

/* Like v2v_in_place_written_since, for an interrupted undo. */
const V2vJournalDisk *v2v_undo_written_since (const V2vJournal *journal, const V2vDir *dir,
                                              char **why_r, GError **error);

/* Writes the blocks back, durably. Can be repeated. */
gboolean v2v_undo_write_back (V2vJournal *journal, const V2vDir *dir, GError **error);

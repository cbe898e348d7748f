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
 * durably. A disk that has a structure of its own grows by GROWTH bytes at most: its file then
 * gets an overlay too, so that it is known which bytes of it are to be written. Sets redo,
 * undo, undo_sum and new_length of DISK. */
gboolean v2v_undo_save (V2vJournalDisk *disk, guint index, gint64 growth, const V2vDir *dir,
                        GError **error);

/* The SHA-256 of the blocks of DISK that its undo file knows, as they are now; NULL on error.
 */
char *v2v_undo_sum_written (const V2vJournalDisk *disk, const V2vDir *dir, GError **error);

/* Can every disk of JOURNAL be written back? Its undo file has to be whole, the disk not in
 * use, and, unless an undo was interrupted before, what the commit left. FORCE lets a disk pass
 * of which only the time of the last change differs. */
gboolean v2v_undo_check (const V2vJournal *journal, const V2vDir *dir, gboolean force,
                         GError **error);

/* Writes the blocks back, durably. Can be repeated. */
gboolean v2v_undo_write_back (V2vJournal *journal, const V2vDir *dir, GError **error);

/* "SECONDS.NANOSECONDS". To be freed with g_free. */
char *v2v_undo_mtime (const struct stat *st);

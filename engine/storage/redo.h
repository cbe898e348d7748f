/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The changes of a disk that has a structure of its own (qcow2), as the bytes of its file: they
 * can be written in any order and again, and saved before. Writing through the structure can be
 * neither.
 */
#pragma once

#include "storage/journal.h"

/* Commits the overlay of DISK, the INDEX-th of its journal, whose chain CHAIN (V2vLayer) was
 * examined, not into its file but into an overlay of that file in DIR, which then holds just
 * the bytes of the file that change. The file grows by GROWTH bytes at most. Sets redo of DISK.
 */
gboolean v2v_redo_make (V2vJournalDisk *disk, const GPtrArray *chain, guint index,
                        gint64 growth, const V2vDir *dir, GError **error);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The changes of a disk with a format of its own (qcow2), as bytes of its file. Bytes can be
 * written in any order and repeatedly, and the old ones saved before, which is impossible when
 * writing through the format.
 */
#pragma once

#include "storage/journal.h"

/* Commits the overlay of DISK, the INDEX-th of its journal, whose chain CHAIN (V2vLayer) was
 * examined. It is not committed into its file but into an overlay of that file in DIR, which
 * then contains only the bytes of the file that change. The file grows by GROWTH bytes at
 * most. Sets redo of DISK. */
gboolean v2v_redo_make (V2vJournalDisk *disk, const GPtrArray *chain, guint index,
                        gint64 growth, const V2vDir *dir, GError **error);

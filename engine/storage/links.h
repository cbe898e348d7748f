/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Disks in several pieces: programs search for the pieces beside the file that names them. So a
 * directory in the work directory gets links to that file and to all pieces, each to the
 * descriptor of the file that was examined, and programs are given the link.
 */
#pragma once

#include "storage/storage.h"

/* Makes such a directory for each layer of DISK's chain that has pieces, and sets its alias.
 * A layer with pieces in other directories keeps its path; it was checked that no other user
 * can change it. */
gboolean v2v_links_make (V2vStorageJob *job, V2vStorageDisk *disk, GError **error);
/* Removes everything that was made for JOB, and unsets the aliases. */
void v2v_links_remove (V2vStorageJob *job);

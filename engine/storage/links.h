/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Disks in pieces: a tool finds the pieces beside the file that names them. So a directory of the
 * work directory gets links to that file and to all pieces, each to the descriptor of what was
 * examined, and the tool is given the link.
 */
#pragma once

#include "storage/storage.h"

/* Makes such a directory for each layer of DISK's chain that has pieces, and sets its alias. A
 * layer that has pieces elsewhere keeps its path, which nobody else can then change. */
gboolean v2v_links_make (V2vStorageJob *job, V2vStorageDisk *disk, GError **error);
/* Removes all that was made for JOB; the aliases are gone. */
void v2v_links_remove (V2vStorageJob *job);

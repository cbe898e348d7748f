/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the document of a domain says of the files that a snapshot is built on: it is damaged
 * if they change.
 */
#pragma once

#include "storage/storage.h"

/* Notes in DOMAIN the size and the time of every layer that the results of JOB are built on. */
gboolean v2v_snapshot_note (V2vStorageJob *job, xmlDoc *domain, GError **error);
/* Takes what the namespace of snapshots says out of DOMAIN. */
void v2v_snapshot_forget (xmlDoc *domain);
/* The files that a domain made by the storage "snapshot" says its disks are built on have to be
 * as they were; any other domain passes. */
gboolean v2v_snapshot_check (xmlDoc *domain, GError **error);

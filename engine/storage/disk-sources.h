/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Writes the paths of the new disks into the domain document.
 */
#pragma once

#include "storage/storage.h"

/* Writes into the disks of DOMAIN, which are in the order of the job's disks, where the
 * results will be: path, type of disk, format and backing chain. Called after open. */
gboolean v2v_storage_set_disk_sources (V2vStorageJob *job, xmlDoc *domain, GError **error);

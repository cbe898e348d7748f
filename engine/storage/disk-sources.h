/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The places of the new disks in the domain document.
 */
#pragma once

#include "storage/storage.h"

/* Writes where the results will be into the fixed disks of DOMAIN, which are in the order of
 * the job's: the path, the type of disk, the format, and the chain below. Called after open. */
gboolean v2v_storage_set_disk_sources (V2vStorageJob *job, xmlDoc *domain, GError **error);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The new disks of a job: files that are written under temporary names and then published.
 */
#pragma once

#include "base/tempfile.h"
#include "storage/storage.h"

/* Gives every disk its name below the directory DIR (absolute): "NAME-sda" ... */
void v2v_storage_name_results (V2vStorageJob *job, const char *dir);
/* Opens the directory PATH for the results; fails if one of them exists. */
V2vDir *v2v_storage_open_results (V2vStorageJob *job, const char *path, GError **error);
/* Renames every result to its final name and adds the path to PUBLISHED. */
gboolean v2v_storage_publish (V2vStorageJob *job, const V2vDir *dir, GPtrArray *published,
                              GError **error);
/* Removes the results of JOB that were made, and those in PUBLISHED. */
void v2v_storage_remove_results (V2vStorageJob *job, const GPtrArray *published);

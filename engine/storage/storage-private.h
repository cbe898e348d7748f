/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the storages share among themselves.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "base/tempfile.h"
#include "storage/storage.h"

extern const V2vStorage v2v_storage_copy;
extern const V2vStorage v2v_storage_snapshot;
extern const V2vStorage v2v_storage_in_place;

/* Makes the overlay of every disk in the job's work directory. */
gboolean v2v_storage_make_overlays (V2vStorageJob *job, GError **error);
void v2v_storage_remove_overlays (V2vStorageJob *job);

/* Gives every disk its name below the directory DIR (absolute): "NAME-sda" ... */
void v2v_storage_name_results (V2vStorageJob *job, const char *dir);
/* Opens the directory PATH for the results, refusing if one of them exists. */
V2vDir *v2v_storage_open_results (V2vStorageJob *job, const char *path, GError **error);
/* Renames every result to its final name and adds the path to PUBLISHED. */
gboolean v2v_storage_publish (V2vStorageJob *job, const V2vDir *dir, GPtrArray *published,
                              GError **error);

/* Takes back what of JOB's results was made and PUBLISHED. */
void v2v_storage_remove_results (V2vStorageJob *job, const GPtrArray *published);

/* Fails (V2V_EXIT_CANTCREAT, with figures) unless the file system of PATH has NEEDED bytes free
 * for WHAT. */
gboolean v2v_storage_check_space (const char *path, gint64 needed, const char *what,
                                  GError **error);
/* ERROR is that of a program that wrote beneath DIR: if the file system is full, it becomes
 * V2V_EXIT_CANTCREAT. */
void v2v_storage_explain_full (const char *dir, GError **error);

/* "json:{...}": an image at OVERLAY (NULL: none) over the layers of CHAIN, each with its
 * format, for tools that take an image by name. To be freed with g_free. */
char *v2v_storage_json_name (const char *overlay, const GPtrArray *chain);
/* The same, by descriptors of this process instead of paths where the chain has them. */
char *v2v_storage_held_name (const char *overlay, const GPtrArray *chain);
/* Adds the member "data-file" to the node of LAYER if it has such a file. */
void v2v_storage_add_data_file (JsonBuilder *json, const V2vLayer *layer, gboolean held);
/* Is every disk of the source still what was examined, and unless IN_USE as it was then
 * (V2V_EXIT_TEMPFAIL)? Otherwise what was converted is a mixture. */
gboolean v2v_storage_check_sources (const V2vStorageJob *job, gboolean in_use, GError **error);

/* Fails unless every disk is a file or device that will still be there: none inside of an
 * archive, none that was unpacked for this conversion only. */
gboolean v2v_storage_check_lasting (const V2vStorageJob *job, GError **error);

/* The first layer of CHAIN whose format the layer above does not record, or NULL. */
const V2vLayer *v2v_storage_unrecorded (const GPtrArray *chain);

/* Takes what the namespace of snapshots says out of DOMAIN. */
void v2v_snapshot_forget (xmlDoc *domain);

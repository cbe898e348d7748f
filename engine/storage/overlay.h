/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The overlays of the disks of a job: qcow2 files over the source's disks, which are not
 * changed.
 */
#pragma once

#include "storage/storage.h"

/* Makes the overlay that every storage uses: a qcow2 at PATH over DISK, with explicit
 * backing files and formats for the whole chain. Sets the overlay and size of DISK. As long
 * as this process lives, a program that opens the overlay gets the files that were examined,
 * even if their paths now lead to other files. */
gboolean v2v_storage_make_overlay (V2vStorageJob *job, V2vStorageDisk *disk, const char *path,
                                   GError **error);
/* Makes the overlay of every disk in the job's work directory. */
gboolean v2v_storage_make_overlays (V2vStorageJob *job, GError **error);
void v2v_storage_remove_overlays (V2vStorageJob *job);
/* After the guest was changed: makes the overlays name their backing files by paths, so that
 * other processes find them. May be repeated. */
gboolean v2v_storage_settle (V2vStorageJob *job, GError **error);

/* Called when the appliance has been started or has ended: libvirt may have changed the
 * owner and the label of the source's files for it, which does not mean that another program
 * uses them. */
void v2v_storage_sources_lent (V2vStorageJob *job);
/* Is every disk of the source still the one that was examined and, unless IN_USE, unchanged
 * since (V2V_EXIT_TEMPFAIL)? Otherwise the result would be a mixture of states. */
gboolean v2v_storage_check_sources (const V2vStorageJob *job, gboolean in_use, GError **error);
/* Fails if a disk is inside an archive or was unpacked only for this conversion, since it
 * would not exist afterwards. */
gboolean v2v_storage_check_lasting (const V2vStorageJob *job, GError **error);

/* The first layer of CHAIN whose format the layer above does not record, or NULL. */
const V2vLayer *v2v_storage_unrecorded (const GPtrArray *chain);

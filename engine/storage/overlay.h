/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The overlays of the disks of a job: qcow2 files over the source's disks, which stay as they
 * are meanwhile.
 */
#pragma once

#include "storage/storage.h"

/* The overlay that every storage uses: a qcow2 at PATH over DISK, backing file and format
 * explicit for the whole chain. Sets the overlay and size of DISK. As long as this process
 * lives, whoever opens the overlay gets the very files that were examined, whatever their paths
 * mean. */
gboolean v2v_storage_make_overlay (V2vStorageJob *job, V2vStorageDisk *disk, const char *path,
                                   GError **error);
/* Makes the overlay of every disk in the job's work directory. */
gboolean v2v_storage_make_overlays (V2vStorageJob *job, GError **error);
void v2v_storage_remove_overlays (V2vStorageJob *job);
/* After the guest was changed: the overlays name their backing files by paths, as others find
 * them. Again is no error. */
gboolean v2v_storage_settle (V2vStorageJob *job, GError **error);

/* Our own appliance has been started or has ended, for which the owner and the label of the
 * source's files may have been changed: that is no sign that somebody else uses them. */
void v2v_storage_sources_lent (V2vStorageJob *job);
/* Is every disk of the source still what was examined, and unless IN_USE as it was then
 * (V2V_EXIT_TEMPFAIL)? Otherwise what was converted is a mixture. */
gboolean v2v_storage_check_sources (const V2vStorageJob *job, gboolean in_use, GError **error);
/* Fails unless every disk is a file or device that will still be there: none inside of an
 * archive, none that was unpacked for this conversion only. */
gboolean v2v_storage_check_lasting (const V2vStorageJob *job, GError **error);

/* The first layer of CHAIN whose format the layer above does not record, or NULL. */
const V2vLayer *v2v_storage_unrecorded (const GPtrArray *chain);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Notes in a domain document about the backing files of a snapshot, which would be damaged if
 * they changed.
 */
#pragma once

#include "storage/storage.h"

/* Notes in DOMAIN the size and the time of every backing file of the results of JOB. */
gboolean v2v_snapshot_note (V2vStorageJob *job, xmlDoc *domain, GError **error);
/* Removes the notes from DOMAIN. */
void v2v_snapshot_forget (xmlDoc *domain);
/* Fails if the backing files that DOMAIN notes have changed. A domain without notes passes. */
gboolean v2v_snapshot_check (xmlDoc *domain, GError **error);

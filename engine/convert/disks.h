/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Prepares the disks of a guest whose metadata was read: examines them and makes overlays.
 */
#pragma once

#include "convert/asked.h"

/* A storage job with the disks of READ, after the storage and the output have checked that
 * they can take them. No disk is opened yet. The facts of READ have to be in ASKED. */
V2vStorageJob *v2v_disks_prepare (const V2vAsked *asked, const V2vSourceRead *read,
                                  GError **error);
/* Examines the disks of STORE and makes overlays. */
gboolean v2v_disks_open (const V2vJobSettings *settings, const V2vSourceRead *read,
                         V2vStorageJob *store, GError **error);

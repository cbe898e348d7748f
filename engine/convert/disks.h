/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The disks of a guest whose metadata was read: ready to be changed on overlays.
 */
#pragma once

#include "convert/asked.h"

/* A storage job with the disks of READ, after storage and output said that they can have them.
 * Nothing is opened yet. The facts of READ have been added to ASKED. */
V2vStorageJob *v2v_disks_prepare (const V2vAsked *asked, const V2vSourceRead *read,
                                  GError **error);
/* Examines the disks of STORE and makes overlays. */
gboolean v2v_disks_open (const V2vJobSettings *settings, const V2vSourceRead *read,
                         V2vStorageJob *store, GError **error);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The appliance that a conversion looks into the guest with.
 */
#pragma once

#include "convert/source-read.h"
#include "guest/session.h"

/* Fails (V2V_EXIT_USAGE) if an option for the appliance has no value that it can have. */
gboolean v2v_appliance_check (const V2vJobSettings *settings, GError **error);
/* Is the guest to discard what it does not use, for the storage and output at hand? */
gboolean v2v_appliance_discards (const V2vJobSettings *settings, const V2vStorageJob *store);
/* Starts one over the overlays of STORE. To be freed with v2v_guest_free. */
V2vGuest *v2v_appliance_start (const V2vJobSettings *settings, const V2vSourceRead *read,
                               V2vStorageJob *store, GError **error);

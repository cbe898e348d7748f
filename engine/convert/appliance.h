/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The appliance through which a conversion reads and changes the guest.
 */
#pragma once

#include "convert/source-read.h"
#include "guest/session.h"

/* Fails (V2V_EXIT_USAGE) if an option for the appliance has an invalid value. */
gboolean v2v_appliance_check (const V2vJobSettings *settings, GError **error);
/* Are unused blocks of the guest's file systems to be discarded, for this storage and
 * output? */
gboolean v2v_appliance_discards (const V2vJobSettings *settings, const V2vStorageJob *store);
/* Starts an appliance with the overlays of STORE. To be freed with v2v_guest_free. */
V2vGuest *v2v_appliance_start (const V2vJobSettings *settings, const V2vSourceRead *read,
                               V2vStorageJob *store, GError **error);

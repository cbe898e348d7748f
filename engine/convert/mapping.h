/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What --network, --bridge and --mac say of the guest's interfaces.
 */
#pragma once

#include <libxml/tree.h>

#include "base/options.h"
#include "facts/store.h"

/* Adds a fact for each mapping to every kind from the origin "mappings", with the fields from
 * "option" (network, bridge, mac), "old" (what it is about; unset: all interfaces), "kind"
 * (network, bridge, name, ip), "new" and, of kind ip, "address", "gateway" and "dns". */
gboolean v2v_mapping_add (V2vStore *store, const V2vOptionValues *options, GError **error);
/* Refuses one that is about something that DOMAIN has not got; says what it has. */
gboolean v2v_mapping_check (const V2vOptionValues *options, xmlDoc *domain, GError **error);

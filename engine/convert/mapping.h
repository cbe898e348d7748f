/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What --network, --bridge and --mac say about the guest's network interfaces.
 */
#pragma once

#include <libxml/tree.h>

#include "base/options.h"
#include "facts/store.h"

/* Adds a fact for each mapping to every kind from the origin "mappings", with the fields
 * from "option" (network, bridge, mac), "old" (to what it applies; unset: all interfaces),
 * "kind" (network, bridge, name, ip), "new" and, of kind ip, "address", "gateway" and "dns". */
gboolean v2v_mapping_add (V2vStore *store, const V2vOptionValues *options, GError **error);
/* Refuses a mapping for something that DOMAIN does not contain; the error says what it
 * contains. */
gboolean v2v_mapping_check (const V2vOptionValues *options, xmlDoc *domain, GError **error);

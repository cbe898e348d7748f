/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From what was seen of a guest to a plan. Probes look into the guest; in a capture none runs.
 */
#pragma once

#include "convert/seen.h"
#include "plan/reasons.h"

/* Derives facts. */
gboolean v2v_seen_derive (const V2vSeen *seen, GError **error);
/* Derives facts and makes the plan. */
V2vPlan *v2v_seen_plan (const V2vSeen *seen, GError **error);
/* The same for answers to "why". The result must not outlive SEEN. */
V2vReasons *v2v_seen_reasons (const V2vSeen *seen, GError **error);

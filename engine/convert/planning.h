/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Makes a plan from what was seen of a guest. Probes run in the guest; with a capture, none
 * runs.
 */
#pragma once

#include "convert/seen.h"
#include "plan/reasons.h"

/* Derives facts. */
gboolean v2v_seen_derive (const V2vSeen *seen, GError **error);
/* Derives facts and makes the plan. */
V2vPlan *v2v_seen_plan (const V2vSeen *seen, GError **error);
/* Like v2v_seen_plan, for explanations. The result must not outlive SEEN. */
V2vReasons *v2v_seen_reasons (const V2vSeen *seen, GError **error);

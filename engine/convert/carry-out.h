/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Carries out a plan on the overlays of the guest's disks.
 */
#pragma once

#include "convert/seen.h"

/* What one step of the plan came to. */
typedef struct {
  const V2vStep *step;
  GPtrArray *changes; /* V2vChange; empty if the guest was already in this state */
  gboolean changed;
  double seconds;
} V2vOutcome;

typedef struct {
  GPtrArray *outcomes; /* V2vOutcome, in the order of the plan */
  xmlDoc *domain;      /* of the new guest; it still names the disks of the source */
} V2vConverted;

/* A result without any step: the domain is a copy of the source's. */
V2vConverted *v2v_converted_new (const V2vSourceRead *read);
void v2v_converted_free (V2vConverted *converted);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vConverted, v2v_converted_free)

/* Carries out PLAN on the overlays, and leaves the guest open. CONVERTED has to be new; it
 * contains the steps that were carried out, also if one fails. */
gboolean v2v_carry_out (const V2vSeen *seen, const V2vPlan *plan, V2vConverted *converted,
                        GError **error);
/* The domain as the stylesheets of PLAN make it, without changing the guest. To be freed
 * with xmlFreeDoc. */
xmlDoc *v2v_carry_out_domain (const V2vSeen *seen, const V2vPlan *plan, GError **error);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A capture that can leave the house: what is private in it is replaced.
 */
#pragma once

#include "plan/plan.h"

/* As v2v_store_to_rules, but every value of a field that is declared private is replaced, and
 * in other texts what is private elsewhere and what looks like an address, a UUID, a URI or a
 * secret. The same original gives the same replacement everywhere, so facts that belonged
 * together still do; words of enums, versions, and what rules compare a field with are kept. A
 * comment at the beginning says how many of what were replaced. To be freed with g_free. NULL
 * with an error if the facts contradict each other once replaced. */
char *v2v_redacted_capture (const V2vRuleSet *rules, V2vStore *store, const char *name,
                            GError **error);

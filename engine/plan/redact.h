/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Makes a capture that can be shared: private data in it is replaced.
 */
#pragma once

#include "plan/plan.h"

/* Like v2v_store_to_rules, but every value of a field that is declared private is replaced,
 * and in other texts everything that is private in another field or looks like an address, a
 * UUID, a URI or a secret. The same original gets the same replacement everywhere, so facts
 * that refer to each other still do; words of enums, versions, and values with which rules
 * compare a field are kept. A comment at the beginning counts the replacements by kind. To
 * be freed with g_free. NULL with an error if the facts contradict each other once replaced. */
char *v2v_redacted_capture (const V2vRuleSet *rules, V2vStore *store, const char *name,
                            GError **error);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Answers to "why?" for those who write rules: why something is in the plan, why a rule did not
 * fire, what feeds what.
 *
 * An ordinary run records nothing of this. Here the derivation is recorded, and conditions are
 * looked at again when all facts are there.
 *
 * An answer is a tree in JSON. Each node has "kind", "text" (one line, safe to print) and,
 * where there is more, "because" (its children); many have "name", "file" and "line" of the
 * declaration they are about, conditions "holds" (true, false, or null: not known).
 */
#pragma once

#include <json-glib/json-glib.h>

#include "plan/plan.h"

typedef struct V2vReasons V2vReasons;

/* Plans from INPUT, with the derivation recorded. What makes a plan fail (refusals, conflicts,
 * missing providers) is kept as a part of the answers; only a derivation that fails is an
 * error. What INPUT points to has to outlive the result. */
V2vReasons *v2v_reasons_new (const V2vPlanInput *input, GError **error);
void v2v_reasons_free (V2vReasons *reasons);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vReasons, v2v_reasons_free)

/* Why WHAT is there: an operation, a request as the plan prints it, FACT or FACT.FIELD; NULL:
 * everything in the plan. A WHAT that is none of these is V2V_EXIT_USAGE. */
JsonNode *v2v_reasons_explain (V2vReasons *reasons, const char *what, GError **error);

/* Why the rule, provider or probe NAME did not fire, was not taken or did not run. A name of
 * none, in effect or not, is V2V_EXIT_USAGE, with a suggestion. */
JsonNode *v2v_reasons_why_not (V2vReasons *reasons, const char *name, GError **error);

/* Whether there is anything of this name to ask about: what can be said before a guest is read.
 * The errors are those of the two above. */
gboolean v2v_reasons_can_explain (const V2vRuleSet *rules, const char *what, GError **error);
gboolean v2v_reasons_can_ask_why_not (const V2vRuleSet *rules, const char *name,
                                      GError **error);

/* An answer as indented lines, broken so that they fit in so many COLUMNS (0: never). To be
 * freed with g_free. */
char *v2v_reasons_to_text (JsonNode *answer, guint columns);

/* What feeds what, as text for Graphviz: rules, the fields that they derive, the operations
 * that they request and the providers of these. REASONS (may be NULL) colours what fired. Of
 * AROUND (names of rules and providers; may be NULL or empty: all), only what is at most DEPTH
 * rules away, against the arrows or along them. A name that there is not is V2V_EXIT_USAGE. To
 * be freed with g_free. */
char *v2v_graph_to_dot (const V2vRuleSet *rules, const V2vReasons *reasons,
                        const char *const *around, guint depth, GError **error);

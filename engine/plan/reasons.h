/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Explanations for authors of rules: why something is in the plan, why a rule did not fire, and
 * how rules depend on each other.
 *
 * An ordinary run records no reasons. Here, the derivation is recorded, and conditions are
 * evaluated again once all facts are known.
 *
 * An explanation is a nested JSON object. Each node has "kind", "text" (one line, safe to print)
 * and, where there is more, "because" (its children); many have "name", "file" and "line" of the
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

/* Why the rule NAME did not fire, the provider NAME was not chosen, or the probe NAME did
 * not run. If nothing has that name, in effect or not, V2V_EXIT_USAGE with a suggestion. */
JsonNode *v2v_reasons_why_not (V2vReasons *reasons, const char *name, GError **error);

/* Is there anything of this name to ask about? These find wrong names before a guest is
 * read. The errors are those of v2v_reasons_explain and v2v_reasons_why_not. */
gboolean v2v_reasons_can_explain (const V2vRuleSet *rules, const char *what, GError **error);
gboolean v2v_reasons_can_ask_why_not (const V2vRuleSet *rules, const char *name,
                                      GError **error);

/* An explanation as indented lines, wrapped at COLUMNS (0: never). To be freed with g_free. */
char *v2v_reasons_to_text (JsonNode *answer, guint columns);

/* A graph for Graphviz: rules, the fields that they derive, the operations that they request
 * and the providers of these. REASONS (may be NULL) colours what fired. With AROUND (names
 * of rules and providers; NULL or empty: everything), only nodes that are at most DEPTH
 * rules away from one of them, along the arrows or against them. An unknown name is
 * V2V_EXIT_USAGE. To be freed with g_free. */
char *v2v_graph_to_dot (const V2vRuleSet *rules, const V2vReasons *reasons,
                        const char *const *around, guint depth, GError **error);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Shared by the files that implement plan/reasons.h.
 */
#pragma once

#include "lang/uses.h"
#include "plan/make.h"
#include "plan/reasons.h"

/* The word that precedes a condition: "yes", "no" or "?". */
const char *v2v_truth_mark (V2vTruth truth);

struct V2vReasons {
  V2vPlanInput input;
  V2vEval eval;
  V2vPlan *plan;
  GHashTable *fired;    /* V2vRule -> times */
  GHashTable *requests; /* V2vOperation -> GPtrArray of V2vRequest */
  V2vFindings findings;
  GPtrArray *problems; /* char *: why there is no whole plan */
  GHashTable *of_fact; /* V2vFact -> GPtrArray of V2vDerivation, the first made first */
  guint variables;     /* the most that a rule has */
  GHashTable *told;    /* set of V2vDerivation: those that the explanation already contains */
  gboolean whole;      /* also show conditions that do not hold (why-not) */
  gboolean *unbound;   /* by slot: variables that nothing is bound to; NULL: all are bound */
  guint before;        /* only facts that were derived before this step count as reasons */
  guint depth;
};

/* ---- reasons-nodes.c: nodes ---- */

/* Adds a node to PARENT. The text is made printable. */
JsonObject *v2v_node_add (JsonObject *parent, const char *kind, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
JsonObject *v2v_node_new (const char *kind, const char *text);
void v2v_node_set_place (JsonObject *node, const char *name, V2vPlace place);
/* Adds MORE to the text of NODE. */
void v2v_node_append (JsonObject *node, const char *more);

/* Adds a node for CLAUSE, "yes  when ..." with the values found. REASONS->eval.slots has the
 * bindings of its variables. */
V2vTruth v2v_tell_clause (V2vReasons *reasons, JsonObject *parent, const V2vClause *clause);
/* The operands that EXPR joins by KIND (and, or), in the order of the text: V2vExpr. To be
 * freed with g_ptr_array_unref. */
GPtrArray *v2v_conjuncts (const V2vExpr *expr, V2vExprKind kind);
/* Does EXPR hold for FACT? Restores the fact that the block before was about. */
V2vTruth v2v_holds_for (V2vReasons *reasons, const V2vClause *clause, gpointer candidate);
/* Explains how FACT.FIELD got its value (FIELD NULL: how the fact was added). FALSE if no
 * rule derived it. */
gboolean v2v_tell_derivation (V2vReasons *reasons, JsonObject *parent, const V2vFact *fact,
                              const V2vField *field);
/* Was FACT added with this value of FIELD, in one step? */
gboolean v2v_came_with_fact (V2vReasons *reasons, const V2vFact *fact, const V2vField *field);
/* Did a rule derive FIELD of FACT (NULL: the fact itself)? */
gboolean v2v_is_derived (V2vReasons *reasons, const V2vFact *fact, const V2vField *field);
/* Adds a node for REASON's rule with its clauses, for its bindings. VERB follows the label
 * of the rule. */
void v2v_tell_rule (V2vReasons *reasons, JsonObject *parent, const V2vReason *reason,
                    const char *verb);
/* Adds the rules that did not fire and would set FIELD to one of VALUES (V2vOperand; NULL:
 * to anything), add a fact that fits CLAUSE, or request OPERATION: the user may ask about
 * these next. */
void v2v_tell_writers (V2vReasons *reasons, JsonObject *parent, const V2vField *field,
                       const GArray *values);
void v2v_tell_adders (V2vReasons *reasons, JsonObject *parent, const V2vClause *clause);
void v2v_tell_requesters (V2vReasons *reasons, JsonObject *parent,
                          const V2vOperation *operation);

/* reasons-why-not.c: adds every clause, for the binding that fulfils most; FIXED (may be
 * NULL) is always bound to the variable SLOT. */
void v2v_tell_nearest_binding (V2vReasons *reasons, JsonObject *node, const GPtrArray *clauses,
                               guint variables, V2vFact *fixed, guint slot);

/* Why PROVIDER, which fits, comes before OTHER, which fits as well. To be freed with g_free. */
char *v2v_why_before (V2vReasons *reasons, const V2vProvider *provider,
                      const V2vProvider *other);

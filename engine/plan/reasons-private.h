/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the parts of plan/reasons.h share.
 */
#pragma once

#include "lang/uses.h"
#include "plan/make.h"
#include "plan/reasons.h"

/* A word that stands before a condition. */
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
  GHashTable *told;    /* set of V2vDerivation: those in the answer already */
  gboolean whole;      /* show what does not hold as well (why-not) */
  gboolean *unbound;   /* by slot: variables that nothing is bound to; NULL: all are bound */
  guint before;        /* only facts that were derived before this step are witnesses */
  guint depth;
};

/* ---- reasons-tree.c: nodes ---- */

/* Adds a node to PARENT. The text is made printable. */
JsonObject *v2v_node_add (JsonObject *parent, const char *kind, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
JsonObject *v2v_node_new (const char *kind, const char *text);
void v2v_node_set_place (JsonObject *node, const char *name, V2vPlace place);
/* Adds MORE to the text of NODE. */
void v2v_node_append (JsonObject *node, const char *more);

/* "yes  when ..." with what was found; what PARENT shows of one clause. A variable is bound to
 * what REASONS->eval.slots says. */
V2vTruth v2v_tell_clause (V2vReasons *reasons, JsonObject *parent, const V2vClause *clause);
/* What EXPR joins by KIND (and, or), in the order of the text: V2vExpr. To be freed with
 * g_ptr_array_unref. */
GPtrArray *v2v_conjuncts (const V2vExpr *expr, V2vExprKind kind);
/* Does EXPR hold for FACT? Restores the fact that the block before was about. */
V2vTruth v2v_holds_for (V2vReasons *reasons, const V2vClause *clause, gpointer candidate);
/* How FACT.FIELD came to its value (FIELD NULL: how the fact came to be there). FALSE if no
 * rule gave it. */
gboolean v2v_tell_derivation (V2vReasons *reasons, JsonObject *parent, const V2vFact *fact,
                              const V2vField *field);
/* Was FACT added with this value of FIELD, in one step? */
gboolean v2v_came_with_fact (V2vReasons *reasons, const V2vFact *fact, const V2vField *field);
/* Did a rule give it (FIELD NULL: the fact)? */
gboolean v2v_is_derived (V2vReasons *reasons, const V2vFact *fact, const V2vField *field);
/* The rule with its clauses, for BINDINGS. VERB follows its label. */
void v2v_tell_rule (V2vReasons *reasons, JsonObject *parent, const V2vReason *reason,
                    const char *verb);
/* Rules that did not fire and would set FIELD to one of VALUES (V2vOperand; NULL: to anything),
 * or add a fact of the kind DECL, or request OPERATION: what to ask next. */
void v2v_tell_writers (V2vReasons *reasons, JsonObject *parent, const V2vField *field,
                       const GArray *values);
void v2v_tell_adders (V2vReasons *reasons, JsonObject *parent, const V2vClause *clause);
void v2v_tell_requesters (V2vReasons *reasons, JsonObject *parent,
                          const V2vOperation *operation);

/* reasons-why-not.c: every clause, for the binding that comes nearest; FIXED (may be NULL) is
 * bound to the variable SLOT in any case. */
void v2v_tell_nearest_binding (V2vReasons *reasons, JsonObject *node, const GPtrArray *clauses,
                               guint variables, V2vFact *fixed, guint slot);

/* Why PROVIDER, which fits, comes before OTHER, which fits as well. To be freed with g_free. */
char *v2v_why_before (V2vReasons *reasons, const V2vProvider *provider,
                      const V2vProvider *other);

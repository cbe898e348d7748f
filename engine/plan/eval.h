/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Evaluates conditions: finds the bindings for which a rule holds, and explains why one does
 * not.
 *
 * Truth has a third value: unknown, when a condition reads a fact that no probe has looked for.
 * False takes precedence over it in "and", true in "or", so the order of the parts of a
 * condition makes no difference.
 */
#pragma once

#include "plan/plan.h"

typedef enum { V2V_FALSE, V2V_TRUE, V2V_UNKNOWN } V2vTruth;

/* One step of a derivation: the rule of REASON added a fact or set a field. */
typedef struct {
  V2vFact *fact;
  const V2vField *field; /* the one that was set, or NULL: the fact was added */
  V2vReason reason;
  guint number; /* steps before it */
} V2vDerivation;

/* A whole derivation: each step once, in the order of derivation, so the reasons of a step
 * precede it. */
typedef struct {
  GPtrArray *steps; /* V2vDerivation */
  GHashTable *seen; /* set of them */
} V2vTrace;

V2vTrace *v2v_trace_new (void);
void v2v_trace_free (V2vTrace *trace);

typedef struct {
  const V2vPlanInput *input;
  V2vStore *store;
  V2vTrace *trace;      /* gets each step of the derivation; NULL (as in a conversion): none is
                           recorded */
  gboolean *always;     /* by index of the fact kind: only rules write it */
  const char **missing; /* by index of the fact kind: interned reason why not all of it is
                           known, or NULL */
  V2vFact **slots;      /* what the variables of the rule are bound to */
  GArray *choices;      /* the bindings of a rule being gone through */
  const V2vFact *self;  /* the fact that a block is about ... */
  const V2vValue *self_args; /* ... or the request */
  const V2vValue *params;    /* of the request that a provider is asked about */
  GHashTable *requests;      /* V2vOperation -> GPtrArray of V2vRequest, for rules that read
                                requests; or NULL */
  GHashTable *domain;        /* V2vExpr -> V2vTruth of domain conditions */
  xmlXPathContext *xpath;    /* for them; made when needed */

  /* Set with V2V_UNKNOWN: */
  const V2vFactDecl *unknown;
  const char *unknown_path; /* interned: this path was not asked for */
  V2vPlace unknown_place;
  GError *error; /* instead: a condition that cannot be evaluated */
} V2vEval;

/* INPUT has to outlive EVAL. */
void v2v_eval_init (V2vEval *eval, const V2vPlanInput *input);
void v2v_eval_clear (V2vEval *eval);

/* Is everything there is of this kind known? */
gboolean v2v_eval_knows (const V2vEval *eval, const V2vFactDecl *decl);

/* The value of an operand. FALSE if it is of an unknown fact. */
gboolean v2v_eval_operand (V2vEval *eval, const V2vOperand *operand, V2vValue *value_r);
V2vTruth v2v_eval_expr (V2vEval *eval, const V2vExpr *expr);
/* WHEN, SOME, NO. */
V2vTruth v2v_eval_clause (V2vEval *eval, const V2vClause *clause);
/* All clauses of a provider or probe; none may be EACH. */
V2vTruth v2v_eval_clauses (V2vEval *eval, const GPtrArray *clauses);

/* Called with EVAL->slots bound. */
typedef gboolean (*V2vBindingFunc) (V2vEval *eval, const V2vRule *rule, gpointer data,
                                    GError **error);
/* Calls FUNC for every binding for which RULE holds, in the order of the facts. Facts that FUNC
 * adds may or may not be seen. FALSE if FUNC fails, or if an unknown fact would have to be
 * read. */
gboolean v2v_eval_rule (V2vEval *eval, const V2vRule *rule, V2vBindingFunc func, gpointer data,
                        GError **error);

/* The error for V2V_UNKNOWN. READER is the label of what read it ("rule x (file:line)"). */
void v2v_eval_set_error (V2vEval *eval, const char *reader, GError **error);

/* The first condition in CLAUSES that does not hold, with the value found: "needs FACT.FIELD
 * == VALUE; FACT.FIELD is unset". To be freed with g_free. */
char *v2v_eval_why_not (V2vEval *eval, const GPtrArray *clauses);

/* Why DECL is not known. To be freed with g_free. */
char *v2v_eval_why_unknown (V2vEval *eval, const V2vFactDecl *decl);

/* The text of a template with its fields filled in, made safe to print. To be freed with
 * g_free. */
char *v2v_eval_template (V2vEval *eval, const V2vTemplate *template);

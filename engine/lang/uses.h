/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What conditions, rules, providers and probes read and write.
 *
 * Whoever wants to know what rules depend on asks here, so that a new kind of condition or
 * conclusion has to be taken into account in one place.
 */
#pragma once

#include "lang/ruleset.h"

typedef enum {
  V2V_USE_FACT,       /* reads whether there are facts of the kind FACT */
  V2V_USE_ALL_OF,     /* reads the facts of the kind FACT with all their fields */
  V2V_USE_REQUEST,    /* reads whether OPERATION is requested */
  V2V_USE_OPERAND,    /* reads OPERAND; a constant reads nothing but is told, too */
  V2V_USE_DOMAIN,     /* reads the domain document, by the XPath of COMPARISON */
  V2V_USE_LET,        /* names the condition LET, whose own uses follow */
  V2V_USE_SETS_FIELD, /* asserts FIELD */
  V2V_USE_SETS_UNSET, /* gives FIELD its default, which asks first whether it is set */
  V2V_USE_ADDS_FACT,  /* adds a fact of the kind FACT; V2V_USE_SETS_FIELD for each derived
                          field that it gives follows */
  V2V_USE_ASKS_FOR,   /* requests OPERATION */
} V2vUseKind;

typedef struct {
  V2vUseKind kind;
  /* More facts can make what reads this false: there is "no", "not", "!=" or "is unset". */
  gboolean negative;
  const V2vOperand *operand;
  const V2vExpr *comparison; /* that OPERAND is part of; NULL: part of a conclusion or call */
  const V2vFactDecl *fact;
  const V2vField *field;
  const V2vOperation *operation;
  const char *let;
  V2vPlace place;
} V2vUse;

/* FALSE ends the walk. */
typedef gboolean (*V2vUseFunc) (const V2vUse *use, gpointer data);

/* Each calls FUNC for every use, from left to right; FALSE if FUNC ended the walk. What is NULL,
 * since the checker reported an error there, has no uses. */
gboolean v2v_expr_uses (const V2vExpr *expr, V2vUseFunc func, gpointer data);
gboolean v2v_clause_uses (const V2vClause *clause, V2vUseFunc func, gpointer data);
gboolean v2v_clauses_use (const GPtrArray *clauses, V2vUseFunc func, gpointer data);
gboolean v2v_head_uses (const V2vHead *head, V2vUseFunc func, gpointer data);
/* The clauses, then each head. */
gboolean v2v_rule_uses (const V2vRule *rule, V2vUseFunc func, gpointer data);
/* The clauses, then the arguments of the call. */
gboolean v2v_provider_uses (const V2vProvider *provider, V2vUseFunc func, gpointer data);
/* The clauses, the facts that the script reads, the arguments of the call, then the facts that
 * it adds. A script can do anything with what it reads: every use of it is negative. */
gboolean v2v_probe_uses (const V2vProbe *probe, V2vUseFunc func, gpointer data);

/* Does any rule, provider or probe of RULES read facts of ORIGIN? Some origins are expensive to
 * query. */
gboolean v2v_rules_read (const V2vRuleSet *rules, V2vOrigin origin);

/* The parts of a chain of V2V_EXPR_AND or V2V_EXPR_OR (KIND), from left to right; EXPR itself if
 * it is no such chain. With LETS, a named condition is as if written out. FALSE ends the walk. */
typedef gboolean (*V2vPartFunc) (const V2vExpr *part, gpointer data);
gboolean v2v_expr_parts (const V2vExpr *expr, V2vExprKind kind, gboolean lets, V2vPartFunc func,
                         gpointer data);

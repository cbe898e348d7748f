/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reports what conditions, rules, providers and probes read and write.
 *
 * All code that needs to know what rules depend on uses this, so that a new kind of condition
 * or effect has to be handled in one place only.
 */
#pragma once

#include "lang/ruleset.h"

typedef enum {
  V2V_USE_FACT,       /* reads whether facts of the kind FACT exist */
  V2V_USE_ALL_OF,     /* reads the facts of the kind FACT with all their fields */
  V2V_USE_REQUEST,    /* reads whether OPERATION is requested */
  V2V_USE_OPERAND,    /* reads OPERAND; also reported for a constant, which reads nothing */
  V2V_USE_DOMAIN,     /* reads the domain document, by the XPath of COMPARISON */
  V2V_USE_LET,        /* names the condition LET; what that condition uses follows */
  V2V_USE_SETS_FIELD, /* asserts FIELD */
  V2V_USE_SETS_UNSET, /* sets FIELD to its default, for which it reads whether FIELD is set */
  /* adds a fact of the kind FACT; followed by V2V_USE_SETS_FIELD for each derived field that it
   * gives */
  V2V_USE_ADDS_FACT,
  V2V_USE_ASKS_FOR, /* requests OPERATION */
} V2vUseKind;

typedef struct {
  V2vUseKind kind;
  /* With more facts the condition may become false: it contains "no", "not", "!=" or "is
   * unset". */
  gboolean negative;
  const V2vOperand *operand;
  /* the comparison that contains OPERAND; NULL: OPERAND is part of an effect or call */
  const V2vExpr *comparison;
  const V2vFactDecl *fact;
  const V2vField *field;
  const V2vOperation *operation;
  const char *let;
  V2vPlace place;
} V2vUse;

/* Called for each use. Returns FALSE to end the walk. */
typedef gboolean (*V2vUseFunc) (const V2vUse *use, gpointer data);

/* These call FUNC for every use, from left to right, and return FALSE if FUNC ended the walk.
 * Parts that are NULL, because the checker reported an error in them, are skipped. */
gboolean v2v_expr_uses (const V2vExpr *expr, V2vUseFunc func, gpointer data);
gboolean v2v_clause_uses (const V2vClause *clause, V2vUseFunc func, gpointer data);
gboolean v2v_clauses_use (const GPtrArray *clauses, V2vUseFunc func, gpointer data);
gboolean v2v_head_uses (const V2vHead *head, V2vUseFunc func, gpointer data);
/* Reports the clauses, then each effect. */
gboolean v2v_rule_uses (const V2vRule *rule, V2vUseFunc func, gpointer data);
/* Reports the clauses, then the arguments of the call. */
gboolean v2v_provider_uses (const V2vProvider *provider, V2vUseFunc func, gpointer data);
/* Reports the clauses, the facts that the script reads, the arguments of the call, and the
 * facts that the probe provides. Since a script may do anything with what it reads, every use
 * of it counts as negative. */
gboolean v2v_probe_uses (const V2vProbe *probe, V2vUseFunc func, gpointer data);

/* Does any rule, provider or probe of RULES read facts whose origin is ORIGIN? If not, an
 * origin that is expensive to query need not be queried. */
gboolean v2v_rules_read (const V2vRuleSet *rules, V2vOrigin origin);

/* Calls FUNC for each part of a chain of V2V_EXPR_AND or V2V_EXPR_OR (KIND), from left to
 * right; for EXPR itself if it is not such a chain. With LETS, a named condition is replaced by
 * its body. If FUNC returns FALSE, the walk ends. */
typedef gboolean (*V2vPartFunc) (const V2vExpr *part, gpointer data);
gboolean v2v_expr_parts (const V2vExpr *expr, V2vExprKind kind, gboolean lets, V2vPartFunc func,
                         gpointer data);

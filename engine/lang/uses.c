/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reports what conditions, rules, providers and probes read and write.
 *
 * Functions call themselves for the parts of a condition. The checker limits the depth of
 * conditions (V2V_RULE_DEPTH_MAX), so they cannot exhaust the stack.
 */
#include "config.h"

#include "lang/uses.h"

typedef struct {
  V2vUseFunc func;
  gpointer data;
} Walk;

static gboolean
report (const Walk *walk, V2vUse use)
{
  return walk->func (&use, walk->data);
}

/* ---- conditions ---- */

static gboolean
operand (const Walk *walk, const V2vOperand *operand, const V2vExpr *comparison,
         gboolean negative)
{
  return report (walk, (V2vUse){.kind = V2V_USE_OPERAND,
                                .negative = negative,
                                .operand = operand,
                                .comparison = comparison,
                                .field = operand->field,
                                .place = operand->place});
}

static gboolean
operands (const Walk *walk, const GArray *list, const V2vExpr *comparison, gboolean negative)
{
  for (guint i = 0; list != NULL && i < list->len; i++)
    if (!operand (walk, &g_array_index (list, V2vOperand, i), comparison, negative))
      return FALSE;
  return TRUE;
}

static gboolean
expression (const Walk *walk, const V2vExpr *expr, gboolean negative)
{
  if (expr == NULL)
    return TRUE;
  switch (expr->kind) {
  case V2V_EXPR_AND:
  case V2V_EXPR_OR:
    return expression (walk, expr->left, negative) && expression (walk, expr->right, negative);
  case V2V_EXPR_NOT:
    return expression (walk, expr->left, TRUE);
  case V2V_EXPR_COMPARE:
    negative |= expr->op == V2V_NE;
    return operand (walk, &expr->subject, expr, negative) &&
           operands (walk, expr->values, expr, negative);
  case V2V_EXPR_IS_SET:
    return operand (walk, &expr->subject, expr, negative);
  case V2V_EXPR_IS_UNSET:
    return operand (walk, &expr->subject, expr, TRUE);
  case V2V_EXPR_DOMAIN:
    return report (walk, (V2vUse){.kind = V2V_USE_DOMAIN,
                                  .negative = negative,
                                  .comparison = expr,
                                  .place = expr->place});
  case V2V_EXPR_LET:
    return report (walk, (V2vUse){.kind = V2V_USE_LET,
                                  .negative = negative,
                                  .let = expr->text,
                                  .place = expr->place}) &&
           expression (walk, expr->left, negative);
  }
  return TRUE;
}

static gboolean
clause_uses (const Walk *walk, const V2vClause *clause, gboolean negative)
{
  negative |= clause->kind == V2V_CLAUSE_NO;
  if (clause->fact != NULL && !report (walk, (V2vUse){.kind = V2V_USE_FACT,
                                                      .negative = negative,
                                                      .fact = clause->fact,
                                                      .place = clause->place}))
    return FALSE;
  if (clause->request != NULL && !report (walk, (V2vUse){.kind = V2V_USE_REQUEST,
                                                         .negative = negative,
                                                         .operation = clause->request,
                                                         .place = clause->place}))
    return FALSE;
  return expression (walk, clause->where, negative);
}

static gboolean
clauses_use (const Walk *walk, const GPtrArray *clauses, gboolean negative)
{
  for (guint i = 0; i < clauses->len; i++)
    if (!clause_uses (walk, g_ptr_array_index (clauses, i), negative))
      return FALSE;
  return TRUE;
}

/* ---- effects of rules ---- */

static gboolean
sets (const Walk *walk, V2vUseKind kind, const V2vField *field, V2vPlace place)
{
  return report (walk, (V2vUse){.kind = kind, .field = field, .place = place});
}

static gboolean
adds_fact (const Walk *walk, const V2vFactDecl *fact, const GArray *values, V2vPlace place)
{
  if (!report (walk, (V2vUse){.kind = V2V_USE_ADDS_FACT, .fact = fact, .place = place}))
    return FALSE;
  for (guint i = 0; values != NULL && i < values->len; i++) {
    const V2vField *field = g_ptr_array_index (fact->fields, i);

    /* For a field that the rule does not give, the checker adds a constant without a place. */
    if (field->derived && g_array_index (values, V2vOperand, i).place.line != 0 &&
        !sets (walk, V2V_USE_SETS_FIELD, field, place))
      return FALSE;
  }
  return TRUE;
}

static gboolean
head_uses (const Walk *walk, const V2vHead *head)
{
  switch (head->kind) {
  case V2V_HEAD_ASSERT_FIELD:
  case V2V_HEAD_DEFAULT:
    return head->field == NULL ||
           (operand (walk, &head->value, NULL, FALSE) &&
            sets (walk,
                  head->kind == V2V_HEAD_DEFAULT ? V2V_USE_SETS_UNSET : V2V_USE_SETS_FIELD,
                  head->field, head->place));
  case V2V_HEAD_ASSERT_FACT:
    return head->fact == NULL || (operands (walk, head->values, NULL, FALSE) &&
                                  adds_fact (walk, head->fact, head->values, head->place));
  case V2V_HEAD_DO:
    return head->operation == NULL || (operands (walk, head->args, NULL, FALSE) &&
                                       report (walk, (V2vUse){.kind = V2V_USE_ASKS_FOR,
                                                              .operation = head->operation,
                                                              .place = head->place}));
  case V2V_HEAD_FAIL:
  case V2V_HEAD_WARN:
    return head->message == NULL || operands (walk, head->message->operands, NULL, FALSE);
  }
  return TRUE;
}

static gboolean
call_uses (const Walk *walk, const V2vCall *call, gboolean negative)
{
  return call == NULL || operands (walk, call->args, NULL, negative);
}

/* ---- whole declarations ---- */

gboolean
v2v_expr_uses (const V2vExpr *expr, V2vUseFunc func, gpointer data)
{
  const Walk walk = {func, data};

  return expression (&walk, expr, FALSE);
}

gboolean
v2v_clause_uses (const V2vClause *clause, V2vUseFunc func, gpointer data)
{
  const Walk walk = {func, data};

  return clause_uses (&walk, clause, FALSE);
}

gboolean
v2v_clauses_use (const GPtrArray *clauses, V2vUseFunc func, gpointer data)
{
  const Walk walk = {func, data};

  return clauses_use (&walk, clauses, FALSE);
}

gboolean
v2v_head_uses (const V2vHead *head, V2vUseFunc func, gpointer data)
{
  const Walk walk = {func, data};

  return head_uses (&walk, head);
}

gboolean
v2v_rule_uses (const V2vRule *rule, V2vUseFunc func, gpointer data)
{
  const Walk walk = {func, data};

  if (!clauses_use (&walk, rule->clauses, FALSE))
    return FALSE;
  for (guint i = 0; i < rule->heads->len; i++)
    if (!head_uses (&walk, g_ptr_array_index (rule->heads, i)))
      return FALSE;
  return TRUE;
}

gboolean
v2v_provider_uses (const V2vProvider *provider, V2vUseFunc func, gpointer data)
{
  const Walk walk = {func, data};

  return clauses_use (&walk, provider->clauses, FALSE) &&
         call_uses (&walk, provider->call, FALSE);
}

gboolean
v2v_probe_uses (const V2vProbe *probe, V2vUseFunc func, gpointer data)
{
  const Walk walk = {func, data};

  if (!clauses_use (&walk, probe->clauses, TRUE))
    return FALSE;
  for (guint i = 0; i < probe->reads->len; i++)
    if (!report (&walk, (V2vUse){.kind = V2V_USE_ALL_OF,
                                 .negative = TRUE,
                                 .fact = g_ptr_array_index (probe->reads, i),
                                 .place = probe->place}))
      return FALSE;
  if (!call_uses (&walk, probe->call, TRUE))
    return FALSE;
  for (guint i = 0; i < probe->provides->len; i++)
    if (!report (&walk, (V2vUse){.kind = V2V_USE_ADDS_FACT,
                                 .fact = g_ptr_array_index (probe->provides, i),
                                 .place = probe->place}))
      return FALSE;
  return TRUE;
}

static gboolean
reads_other_origin (const V2vUse *use, gpointer data)
{
  const V2vOrigin origin = *(const V2vOrigin *)data;

  switch (use->kind) {
  case V2V_USE_FACT:
  case V2V_USE_ALL_OF:
    return use->fact->origin != origin;
  case V2V_USE_OPERAND:
    return use->field == NULL || use->field->fact->origin != origin;
  default:
    return TRUE;
  }
}

gboolean
v2v_rules_read (const V2vRuleSet *rules, V2vOrigin origin)
{
  for (guint i = 0; i < rules->rules->len; i++)
    if (!v2v_rule_uses (rules->rules->pdata[i], reads_other_origin, &origin))
      return TRUE;
  for (guint i = 0; i < rules->providers->len; i++)
    if (!v2v_provider_uses (rules->providers->pdata[i], reads_other_origin, &origin))
      return TRUE;
  for (guint i = 0; i < rules->probes->len; i++)
    if (!v2v_probe_uses (rules->probes->pdata[i], reads_other_origin, &origin))
      return TRUE;
  return FALSE;
}

gboolean
v2v_expr_parts (const V2vExpr *expr, V2vExprKind kind, gboolean lets, V2vPartFunc func,
                gpointer data)
{
  if (expr->kind == V2V_EXPR_LET && lets)
    return v2v_expr_parts (expr->left, kind, lets, func, data);
  if (expr->kind == kind)
    return v2v_expr_parts (expr->left, kind, lets, func, data) &&
           v2v_expr_parts (expr->right, kind, lets, func, data);
  return func (expr, data);
}

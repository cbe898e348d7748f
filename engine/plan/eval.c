/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Evaluates conditions and enumerates the bindings of rules.
 *
 * For a block that compares a field for equality ("name == ..."), the store's index of that
 * field gives the candidates, and only these are examined. Evaluation allocates no memory, since
 * a plan evaluates thousands of conditions.
 */
#include "config.h"

#include <string.h>

#include "base/guard.h"
#include "base/log.h"
#include "lang/uses.h"
#include "plan/eval.h"

/* How many steps libxml2 may take for one XPath. It has to be bounded, since other people
 * write the rules, and the document describes a guest. */
#define XPATH_OPERATIONS 1000000
/* Seconds of processor time for one XPath. */
#define XPATH_SECONDS 60

/* An "each" and how far its candidates have been tried. */
typedef struct {
  guint clause;
  const GPtrArray *list; /* NULL: none */
  guint next;
} Choice;

void
v2v_eval_init (V2vEval *eval, const V2vPlanInput *input)
{
  const V2vRuleSet *rules = input->rules;
  guint kinds = rules->schema->facts->len, variables = 1;

  memset (eval, 0, sizeof *eval);
  eval->input = input;
  eval->store = input->store;
  eval->always = g_new0 (gboolean, kinds);
  eval->missing = g_new0 (const char *, kinds);
  for (guint i = 0; i < kinds; i++) {
    const V2vFactDecl *decl = g_ptr_array_index (rules->schema->facts, i);

    eval->always[i] = input->closed_world || decl->origin == V2V_ORIGIN_RULES;
  }
  for (guint i = 0; i < rules->probes->len && !input->closed_world; i++) {
    const V2vProbe *probe = g_ptr_array_index (rules->probes, i);

    for (guint j = 0; j < probe->provides->len; j++)
      eval->always[((const V2vFactDecl *)probe->provides->pdata[j])->index] = FALSE;
  }
  for (guint i = 0; i < rules->rules->len; i++)
    variables = MAX (variables, ((const V2vRule *)rules->rules->pdata[i])->variables);
  eval->slots = g_new0 (V2vFact *, variables);
  eval->choices = g_array_new (FALSE, FALSE, sizeof (Choice));
}

void
v2v_eval_clear (V2vEval *eval)
{
  g_clear_pointer (&eval->always, g_free);
  g_clear_pointer (&eval->missing, g_free);
  g_clear_pointer (&eval->slots, g_free);
  g_clear_pointer (&eval->choices, g_array_unref);
  g_clear_pointer (&eval->domain, g_hash_table_unref);
  g_clear_pointer (&eval->xpath, xmlXPathFreeContext);
  g_clear_error (&eval->error);
}

gboolean
v2v_eval_knows (const V2vEval *eval, const V2vFactDecl *decl)
{
  return eval->always[decl->index] ||
         (!eval->missing[decl->index] && v2v_store_is_known (eval->store, decl));
}

static void
note_unknown (V2vEval *eval, const V2vFactDecl *decl, const char *path, V2vPlace place)
{
  if (eval->unknown)
    return;
  eval->unknown = decl;
  eval->unknown_path = path;
  eval->unknown_place = place;
}

gboolean
v2v_eval_operand (V2vEval *eval, const V2vOperand *operand, V2vValue *value_r)
{
  *value_r = V2V_VALUE_UNSET;
  switch (operand->kind) {
  case V2V_OPERAND_CONST:
    *value_r = operand->value;
    break;
  case V2V_OPERAND_FIELD:
    /* Derived fields are complete here: the strata order the rules that way. */
    if (!operand->field->derived && !v2v_eval_knows (eval, operand->field->fact)) {
      note_unknown (eval, operand->field->fact, NULL, operand->place);
      return FALSE;
    }
    *value_r =
        v2v_store_single (eval->store, operand->field->fact)->values[operand->field->index];
    break;
  case V2V_OPERAND_VAR:
    *value_r = eval->slots[operand->slot]->values[operand->field->index];
    break;
  case V2V_OPERAND_SELF:
    *value_r = operand->field ? eval->self->values[operand->field->index]
                              : eval->self_args[operand->slot];
    break;
  case V2V_OPERAND_PARAM:
    *value_r = eval->params[operand->slot];
    break;
  case V2V_OPERAND_NAME: /* the checker resolved all names */
    g_assert_not_reached ();
  }
  return TRUE;
}

/* ---- conditions ---- */

static inline gboolean
is_version (V2vTypeKind kind)
{
  return kind == V2V_TYPE_PACKAGE_VERSION || kind == V2V_TYPE_PLAIN_VERSION;
}

/* Versions are equal when neither is less: 1.0 and 1.00 are one version. */
static gboolean
equals (V2vEval *eval, V2vTypeKind kind, V2vValue a, V2vValue b)
{
  if (!v2v_value_is_set (a) || !v2v_value_is_set (b))
    return FALSE;
  if (v2v_value_equal (a, b))
    return TRUE;
  return is_version (kind) && a.kind == V2V_TEXT && b.kind == V2V_TEXT &&
         v2v_value_compare (kind, v2v_store_package_format (eval->store), a, b) == 0;
}

static V2vTruth
compare (V2vEval *eval, const V2vExpr *expr)
{
  V2vTypeKind kind = expr->subject.type.kind;
  V2vValue subject, value;
  V2vTruth truth = V2V_FALSE;
  int order;

  if (!v2v_eval_operand (eval, &expr->subject, &subject))
    return V2V_UNKNOWN;
  if (expr->op == V2V_IN) {
    for (guint i = 0; i < expr->values->len; i++)
      if (!v2v_eval_operand (eval, &g_array_index (expr->values, V2vOperand, i), &value))
        truth = V2V_UNKNOWN;
      else if (equals (eval, kind, subject, value))
        return V2V_TRUE;
    return truth;
  }
  if (!v2v_eval_operand (eval, &g_array_index (expr->values, V2vOperand, 0), &value))
    return V2V_UNKNOWN;
  if (expr->op == V2V_EQ)
    return equals (eval, kind, subject, value) ? V2V_TRUE : V2V_FALSE;
  if (expr->op == V2V_NE)
    return equals (eval, kind, subject, value) ? V2V_FALSE : V2V_TRUE;
  if (subject.kind != value.kind || !v2v_value_is_set (subject))
    return V2V_FALSE;
  if (expr->op == V2V_GLOB)
    return subject.kind == V2V_TEXT && v2v_glob_match (value.text, subject.text) ? V2V_TRUE
                                                                                 : V2V_FALSE;
  order = v2v_value_compare (kind, v2v_store_package_format (eval->store), subject, value);
  switch (expr->op) {
  case V2V_LT:
    return order < 0 ? V2V_TRUE : V2V_FALSE;
  case V2V_LE:
    return order <= 0 ? V2V_TRUE : V2V_FALSE;
  case V2V_GT:
    return order > 0 ? V2V_TRUE : V2V_FALSE;
  default:
    return order >= 0 ? V2V_TRUE : V2V_FALSE;
  }
}

/* Without a handler, libxml2 prints errors to standard error. They are read from lastError. */
static void
keep_quiet (void *data G_GNUC_UNUSED, xmlError *error G_GNUC_UNUSED)
{
}

/* domain "XPATH": the document does not change, so each is evaluated once. */
static V2vTruth
eval_domain (V2vEval *eval, const V2vExpr *expr)
{
  gpointer known;
  xmlXPathObject *object;
  V2vTruth truth;

  if (!eval->input->domain)
    return V2V_FALSE;
  if (!eval->domain)
    eval->domain = g_hash_table_new (NULL, NULL);
  if (g_hash_table_lookup_extended (eval->domain, expr, NULL, &known))
    return (V2vTruth)GPOINTER_TO_INT (known);
  if (!eval->xpath) {
    eval->xpath = xmlXPathNewContext (eval->input->domain);
    eval->xpath->error = keep_quiet;
  }
  eval->xpath->node = (xmlNode *)eval->input->domain;
  eval->xpath->opLimit = XPATH_OPERATIONS;
  eval->xpath->opCount = 0;
  v2v_guard_begin (XPATH_SECONDS, V2V_EXIT_CONFIG, "%s:%u:%u: evaluating domain \"%s\"",
                   expr->place.file, expr->place.line, expr->place.column, expr->text);
  object = xmlXPathCompiledEval (expr->xpath, eval->xpath);
  v2v_guard_end ();
  if (!object) {
    /* Names and types were checked when the rules were loaded, so only these two errors
     * remain; with a handler set, libxml2 keeps no message. */
    const gboolean limit =
        eval->xpath->lastError.code == XML_XPATH_EXPRESSION_OK + XPATH_OP_LIMIT_EXCEEDED;

    if (!eval->error)
      eval->error =
          g_error_new (V2V_ERROR, V2V_EXIT_CONFIG,
                       "%s:%u:%u: domain \"%s\" cannot be evaluated: %s; write a "
                       "simpler XPath",
                       expr->place.file, expr->place.line, expr->place.column, expr->text,
                       limit ? "it takes more than a million steps on this domain"
                             : "its operands do not fit on this domain");
    return V2V_UNKNOWN;
  }
  truth = xmlXPathCastToBoolean (object) ? V2V_TRUE : V2V_FALSE;
  xmlXPathFreeObject (object);
  g_hash_table_insert (eval->domain, (gpointer)expr, GINT_TO_POINTER (truth));
  return truth;
}

V2vTruth
v2v_eval_expr (V2vEval *eval, const V2vExpr *expr)
{
  V2vTruth left, right;
  V2vValue value;

  switch (expr->kind) {
  case V2V_EXPR_AND:
    left = v2v_eval_expr (eval, expr->left);
    if (left == V2V_FALSE)
      return V2V_FALSE;
    right = v2v_eval_expr (eval, expr->right);
    return right == V2V_TRUE ? left : right;
  case V2V_EXPR_OR:
    left = v2v_eval_expr (eval, expr->left);
    if (left == V2V_TRUE)
      return V2V_TRUE;
    right = v2v_eval_expr (eval, expr->right);
    return right == V2V_FALSE ? left : right;
  case V2V_EXPR_NOT:
    left = v2v_eval_expr (eval, expr->left);
    return left == V2V_UNKNOWN ? V2V_UNKNOWN : left == V2V_TRUE ? V2V_FALSE : V2V_TRUE;
  case V2V_EXPR_COMPARE:
    return compare (eval, expr);
  case V2V_EXPR_IS_SET:
  case V2V_EXPR_IS_UNSET:
    if (!v2v_eval_operand (eval, &expr->subject, &value))
      return V2V_UNKNOWN;
    return v2v_value_is_set (value) == (expr->kind == V2V_EXPR_IS_SET) ? V2V_TRUE : V2V_FALSE;
  case V2V_EXPR_DOMAIN:
    return eval_domain (eval, expr);
  case V2V_EXPR_LET:
    return v2v_eval_expr (eval, expr->left);
  }
  return V2V_FALSE;
}

/* ---- blocks ---- */

/* What the index has for a block. */
typedef struct {
  V2vEval *eval;
  const GPtrArray *list; /* the shortest list of facts; NULL: there are none */
} Narrowing;

/* FALSE if nothing is equal to what PART asks for, or that is unset. */
static gboolean
narrow (const V2vExpr *part, gpointer data)
{
  Narrowing *narrowing = data;
  const V2vOperand *self = &part->subject, *other;
  const GPtrArray *found;
  V2vValue value;

  if (part->kind != V2V_EXPR_COMPARE || part->op != V2V_EQ)
    return TRUE;
  other = &g_array_index (part->values, V2vOperand, 0);
  if (self->kind != V2V_OPERAND_SELF) {
    const V2vOperand *swap = self;

    self = other;
    other = swap;
  }
  if (self->kind != V2V_OPERAND_SELF || other->kind == V2V_OPERAND_SELF ||
      is_version (part->subject.type.kind) ||
      (other->kind == V2V_OPERAND_FIELD && !other->field->derived &&
       !v2v_eval_knows (narrowing->eval, other->field->fact)))
    return TRUE;
  if (!v2v_eval_operand (narrowing->eval, other, &value) || !v2v_value_is_set (value))
    return FALSE;
  found = v2v_store_lookup (narrowing->eval->store, self->field, value);
  if (!found)
    return FALSE;
  if (found->len < narrowing->list->len)
    narrowing->list = found;
  return TRUE;
}

/* The facts that may match the block, or NULL for none. */
static const GPtrArray *
candidates (V2vEval *eval, const V2vClause *clause)
{
  Narrowing narrowing = {eval, v2v_store_facts (eval->store, clause->fact)};

  /* Every part of the condition has to hold, so each may narrow the list. */
  if (clause->where && clause->fact->multiple &&
      !v2v_expr_parts (clause->where, V2V_EXPR_AND, FALSE, narrow, &narrowing))
    return NULL;
  return narrowing.list;
}

typedef struct {
  V2vEval *eval;
  const V2vFactDecl *fact;
} Asking;

/* FALSE if USE compares the key with a path that nothing asked the guest for. */
static gboolean
path_was_asked (const V2vUse *use, gpointer data)
{
  const Asking *asking = data;
  const V2vExpr *expr = use->comparison;
  const V2vOperand *path = use->operand;

  if (use->kind != V2V_USE_OPERAND || expr->subject.kind != V2V_OPERAND_SELF ||
      !expr->subject.field->key || expr->subject.type.kind != V2V_TYPE_PATH ||
      path->kind != V2V_OPERAND_CONST || path->value.kind != V2V_TEXT ||
      v2v_store_is_asked (asking->eval->store, path->value.text) ||
      v2v_store_lookup (asking->eval->store, expr->subject.field, path->value))
    return TRUE;
  note_unknown (asking->eval, asking->fact, path->value.text, path->place);
  return FALSE;
}

static gboolean
block_known (V2vEval *eval, const V2vClause *clause)
{
  if (G_LIKELY (eval->always[clause->fact->index]))
    return TRUE;
  if (!v2v_eval_knows (eval, clause->fact)) {
    note_unknown (eval, clause->fact, NULL, clause->place);
    return FALSE;
  }
  return clause->fact->origin != V2V_ORIGIN_PATHS ||
         v2v_expr_uses (clause->where, path_was_asked, &(Asking){eval, clause->fact});
}

static V2vTruth
any_fact (V2vEval *eval, const V2vClause *clause)
{
  V2vTruth truth = V2V_FALSE;
  const GPtrArray *list;

  if (!block_known (eval, clause))
    return V2V_UNKNOWN;
  list = candidates (eval, clause);
  if (list && !clause->where)
    return list->len > 0 ? V2V_TRUE : V2V_FALSE;
  for (guint i = 0; list && i < list->len; i++) {
    V2vTruth one;

    eval->self = g_ptr_array_index (list, i);
    one = v2v_eval_expr (eval, clause->where);
    if (one == V2V_TRUE)
      return V2V_TRUE;
    if (one == V2V_UNKNOWN)
      truth = V2V_UNKNOWN;
  }
  return truth;
}

static V2vTruth
any_request (V2vEval *eval, const V2vClause *clause)
{
  const GPtrArray *list =
      eval->requests ? g_hash_table_lookup (eval->requests, clause->request) : NULL;
  V2vTruth truth = V2V_FALSE;

  for (guint i = 0; list && i < list->len; i++) {
    V2vTruth one = V2V_TRUE;

    eval->self_args = ((const V2vRequest *)list->pdata[i])->args;
    if (clause->where)
      one = v2v_eval_expr (eval, clause->where);
    if (one == V2V_TRUE)
      return V2V_TRUE;
    if (one == V2V_UNKNOWN)
      truth = V2V_UNKNOWN;
  }
  return truth;
}

V2vTruth
v2v_eval_clause (V2vEval *eval, const V2vClause *clause)
{
  V2vTruth truth;

  if (clause->kind == V2V_CLAUSE_WHEN)
    return v2v_eval_expr (eval, clause->where);
  truth = clause->request ? any_request (eval, clause) : any_fact (eval, clause);
  if (clause->kind == V2V_CLAUSE_NO && truth != V2V_UNKNOWN)
    truth = truth == V2V_TRUE ? V2V_FALSE : V2V_TRUE;
  return truth;
}

static gboolean
reads_no_variable (const V2vUse *use, gpointer data G_GNUC_UNUSED)
{
  return use->kind != V2V_USE_OPERAND || use->operand->kind != V2V_OPERAND_VAR;
}

/* A "when" without variables is evaluated before any block, since it is cheap and may rule
 * out the rest. */
static gboolean
comes_first (const V2vClause *clause, guint variables)
{
  return clause->kind == V2V_CLAUSE_WHEN &&
         (variables == 0 || v2v_expr_uses (clause->where, reads_no_variable, NULL));
}

static V2vTruth
eval_first (V2vEval *eval, const GPtrArray *clauses, guint variables)
{
  V2vTruth all = V2V_TRUE;

  for (guint i = 0; i < clauses->len; i++) {
    const V2vClause *clause = g_ptr_array_index (clauses, i);
    V2vTruth truth;

    if (!comes_first (clause, variables))
      continue;
    truth = v2v_eval_expr (eval, clause->where);
    if (truth == V2V_FALSE)
      return V2V_FALSE;
    if (truth == V2V_UNKNOWN)
      all = V2V_UNKNOWN;
  }
  return all;
}

V2vTruth
v2v_eval_clauses (V2vEval *eval, const GPtrArray *clauses)
{
  V2vTruth truth = eval_first (eval, clauses, 0);

  for (guint i = 0; i < clauses->len && truth == V2V_TRUE; i++) {
    const V2vClause *clause = g_ptr_array_index (clauses, i);

    if (clause->kind != V2V_CLAUSE_WHEN)
      truth = v2v_eval_clause (eval, clause);
  }
  return truth;
}

/* ---- rules ---- */

typedef struct {
  const V2vRule *rule;
  V2vBindingFunc func;
  gpointer data;
  GError **error;
} Match;

static gboolean
unknown_in_rule (V2vEval *eval, const Match *match)
{
  v2v_eval_set_error (eval, v2v_rule_label (match->rule), match->error);
  return FALSE;
}

/* Evaluates the clauses from *AT up to and including the next "each", for which a choice is
 * added. If one does not hold, *AT is meaningless afterwards. */
static V2vTruth
check_clauses (V2vEval *eval, const V2vRule *rule, guint *at)
{
  for (; *at < rule->clauses->len; (*at)++) {
    const V2vClause *clause = g_ptr_array_index (rule->clauses, *at);
    V2vTruth truth;

    if (clause->kind == V2V_CLAUSE_EACH) {
      Choice choice = {*at, NULL, 0};

      if (!block_known (eval, clause))
        return V2V_UNKNOWN;
      choice.list = candidates (eval, clause);
      g_array_append_val (eval->choices, choice);
      return V2V_TRUE;
    }
    if (comes_first (clause, rule->variables))
      continue;
    truth = v2v_eval_clause (eval, clause);
    if (truth != V2V_TRUE)
      return truth;
  }
  return V2V_TRUE;
}

/* Binds the last choice to its next candidate or, if it has none left, goes back to the
 * choice before it. FALSE if no choice has a candidate left. */
static V2vTruth
next_choice (V2vEval *eval, const V2vRule *rule, guint *at)
{
  while (eval->choices->len > 0) {
    Choice *choice = &g_array_index (eval->choices, Choice, eval->choices->len - 1);
    const V2vClause *clause = g_ptr_array_index (rule->clauses, choice->clause);

    while (choice->list && choice->next < choice->list->len) {
      V2vFact *fact = g_ptr_array_index (choice->list, choice->next++);
      V2vTruth truth = V2V_TRUE;

      if (clause->where) {
        eval->self = fact;
        truth = v2v_eval_expr (eval, clause->where);
      }
      if (truth == V2V_FALSE)
        continue;
      eval->slots[clause->slot] = fact;
      *at = choice->clause + 1;
      return truth;
    }
    g_array_set_size (eval->choices, eval->choices->len - 1);
  }
  return V2V_FALSE;
}

/* The choices are on a stack of their own, since the number of "each" in a rule has no
 * limit. */
static gboolean
match_rule (V2vEval *eval, const Match *match)
{
  guint at = 0, choices;
  V2vTruth truth;

  g_array_set_size (eval->choices, 0);
  do {
    choices = eval->choices->len;
    truth = check_clauses (eval, match->rule, &at);
    if (truth == V2V_TRUE && eval->choices->len == choices &&
        !match->func (eval, match->rule, match->data, match->error))
      return FALSE;
    if (truth != V2V_UNKNOWN)
      truth = next_choice (eval, match->rule, &at);
    if (truth == V2V_UNKNOWN)
      return unknown_in_rule (eval, match);
  } while (truth == V2V_TRUE);
  return TRUE;
}

gboolean
v2v_eval_rule (V2vEval *eval, const V2vRule *rule, V2vBindingFunc func, gpointer data,
               GError **error)
{
  const Match match = {rule, func, data, error};

  eval->unknown = NULL;
  switch (eval_first (eval, rule->clauses, rule->variables)) {
  case V2V_FALSE:
    return TRUE;
  case V2V_UNKNOWN:
    return unknown_in_rule (eval, &match);
  case V2V_TRUE:
    break;
  }
  return match_rule (eval, &match);
}

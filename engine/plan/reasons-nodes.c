/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Makes the nodes of an explanation: conditions, facts and rules, each with its reasons.
 */
#include "config.h"

#include <stdarg.h>
#include <string.h>

#include "base/log.h"
#include "plan/reasons-private.h"

/* How deep an explanation may be nested, since rules can be chained without limit. */
#define DEPTH_MAX 60
/* How many facts are listed when many have the same reason. */
#define FACTS_MAX 5
/* How many rules are named as the next to ask about. */
#define NEXT_MAX 5

/* ---- nodes ---- */

JsonObject *
v2v_node_new (const char *kind, const char *text)
{
  g_autofree char *safe = v2v_printable (text, -1, FALSE);
  JsonObject *node = json_object_new ();

  json_object_set_string_member (node, "kind", kind);
  json_object_set_string_member (node, "text", safe);
  return node;
}

JsonObject *
v2v_node_add (JsonObject *parent, const char *kind, const char *format, ...)
{
  g_autofree char *text = NULL;
  JsonObject *node;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  node = v2v_node_new (kind, text);
  if (!json_object_has_member (parent, "because"))
    json_object_set_array_member (parent, "because", json_array_new ());
  json_array_add_object_element (json_object_get_array_member (parent, "because"), node);
  return node;
}

void
v2v_node_append (JsonObject *node, const char *more)
{
  g_autofree char *safe = v2v_printable (more, -1, FALSE);
  g_autofree char *text =
      g_strconcat (json_object_get_string_member (node, "text"), safe, NULL);

  json_object_set_string_member (node, "text", text);
}

void
v2v_node_set_place (JsonObject *node, const char *name, V2vPlace place)
{
  g_autofree char *safe_name = g_utf8_make_valid (name, -1);
  g_autofree char *safe_file = g_utf8_make_valid (place.file ? place.file : "", -1);

  json_object_set_string_member (node, "name", safe_name);
  json_object_set_string_member (node, "file", safe_file);
  json_object_set_int_member (node, "line", place.line);
}

const char *
v2v_truth_mark (V2vTruth truth)
{
  return truth == V2V_TRUE ? "yes" : truth == V2V_FALSE ? "no " : "?  ";
}

static void
set_holds (JsonObject *node, V2vTruth truth)
{
  if (truth == V2V_UNKNOWN)
    json_object_set_null_member (node, "holds");
  else
    json_object_set_boolean_member (node, "holds", truth == V2V_TRUE);
}

/* ---- what rules derived ---- */

static gboolean
gives (const V2vDerivation *step, const V2vField *field)
{
  if (!step->field)
    return !field || v2v_value_is_set (step->fact->values[field->index]);
  return step->field == field;
}

/* The first derivation step that set FACT.FIELD, or that added the fact. *MORE gets the
 * number of other steps that did the same. */
static const V2vDerivation *
first_step (V2vReasons *reasons, const V2vFact *fact, const V2vField *field, guint *more)
{
  const GPtrArray *steps = g_hash_table_lookup (reasons->of_fact, fact);
  const V2vDerivation *first = NULL;

  *more = 0;
  for (guint i = 0; steps && i < steps->len; i++) {
    const V2vDerivation *step = g_ptr_array_index (steps, i);

    if (!gives (step, field))
      continue;
    if (!first)
      first = step;
    else if (step->reason.rule != first->reason.rule)
      (*more)++;
  }
  return first;
}

gboolean
v2v_is_derived (V2vReasons *reasons, const V2vFact *fact, const V2vField *field)
{
  guint more;

  if (field && !v2v_value_is_set (fact->values[field->index]))
    return FALSE;
  if (field && !(fact->by[field->index] && g_str_has_prefix (fact->by[field->index], "rule ")))
    return FALSE;
  return first_step (reasons, fact, field, &more) != NULL;
}

gboolean
v2v_came_with_fact (V2vReasons *reasons, const V2vFact *fact, const V2vField *field)
{
  guint more;
  const V2vDerivation *step = first_step (reasons, fact, NULL, &more);

  return step && !step->field && step == first_step (reasons, fact, field, &more);
}

static void
append_others (V2vReasons *reasons, JsonObject *parent, const V2vDerivation *first,
               const V2vField *field)
{
  const GPtrArray *steps = g_hash_table_lookup (reasons->of_fact, first->fact);
  const V2vRule *last = first->reason.rule;

  for (guint i = 0; i < steps->len; i++) {
    const V2vDerivation *step = g_ptr_array_index (steps, i);

    if (!gives (step, field) || step->reason.rule == first->reason.rule ||
        step->reason.rule == last)
      continue;
    last = step->reason.rule;
    v2v_node_set_place (
        v2v_node_add (parent, "rule", "%s gives the same", v2v_rule_label (last)), last->name,
        last->place);
  }
}

gboolean
v2v_tell_derivation (V2vReasons *reasons, JsonObject *parent, const V2vFact *fact,
                     const V2vField *field)
{
  guint more, before = reasons->before;
  const V2vDerivation *step = first_step (reasons, fact, field, &more);
  gboolean whole = reasons->whole, *unbound = reasons->unbound;
  const char *verb = "gives it";

  if (!step)
    return FALSE;
  if (step->reason.head->kind == V2V_HEAD_DEFAULT)
    verb = "gives it by default, as no other rule or source does";
  if (!g_hash_table_add (reasons->told, (gpointer)step)) {
    JsonObject *node = v2v_node_add (parent, "rule", "%s %s (told above)",
                                     v2v_rule_label (step->reason.rule), verb);

    v2v_node_set_place (node, step->reason.rule->name, step->reason.rule->place);
    return TRUE;
  }
  reasons->before = step->number;
  reasons->whole = FALSE;
  reasons->unbound = NULL;
  v2v_tell_rule (reasons, parent, &step->reason, verb);
  reasons->before = before;
  reasons->whole = whole;
  reasons->unbound = unbound;
  if (more > 0)
    append_others (reasons, parent, step, field);
  return TRUE;
}

/* ---- values ---- */

/* The fact that OPERAND reads, or NULL. */
static const V2vFact *
fact_of (V2vReasons *reasons, const V2vOperand *operand)
{
  if (!operand->field)
    return NULL;
  switch (operand->kind) {
  case V2V_OPERAND_FIELD:
    return v2v_store_single (reasons->eval.store, operand->field->fact);
  case V2V_OPERAND_VAR:
    return reasons->eval.slots[operand->slot];
  case V2V_OPERAND_SELF:
    return reasons->eval.self;
  default:
    return NULL;
  }
}

/* Appends "; os.family is rhel (capture x)". SURE: the value is the one in the condition, so
 * only its source is appended. */
static void
append_operand (V2vReasons *reasons, GString *text, const V2vOperand *operand, gboolean sure)
{
  const V2vFact *fact = fact_of (reasons, operand);
  g_autofree char *shown = NULL;
  V2vValue value;

  if (operand->kind == V2V_OPERAND_CONST)
    return;
  reasons->eval.unknown = NULL;
  if (!v2v_eval_operand (&reasons->eval, operand, &value)) {
    g_autofree char *why = v2v_eval_why_unknown (&reasons->eval, reasons->eval.unknown);

    g_string_append_printf (text, "; %s", why);
    return;
  }
  if (!sure) {
    shown = v2v_value_to_rule_text (operand->type.kind, value);
    g_string_append (text, "; ");
    if (operand->kind == V2V_OPERAND_FIELD)
      g_string_append_printf (text, "%s.", operand->field->fact->name);
    else if (operand->kind == V2V_OPERAND_VAR)
      g_string_append_printf (text, "%s.", operand->qualifier);
    g_string_append_printf (
        text, "%s is %s",
        operand->name ? operand->name : (operand->field ? operand->field->name : "it"), shown);
  }
  if (operand->kind == V2V_OPERAND_FIELD && v2v_value_is_set (value) &&
      fact->by[operand->field->index] && !v2v_is_derived (reasons, fact, operand->field))
    g_string_append_printf (text, " (%s)", fact->by[operand->field->index]);
}

/* Where the value of OPERAND comes from, if a rule gave it. */
static void
tell_origin (V2vReasons *reasons, JsonObject *parent, const V2vOperand *operand)
{
  const V2vFact *fact = fact_of (reasons, operand);

  /* The origin of a whole fact is explained where the fact is found. */
  if (fact && v2v_is_derived (reasons, fact, operand->field) &&
      !v2v_came_with_fact (reasons, fact, operand->field))
    v2v_tell_derivation (reasons, parent, fact, operand->field);
}

/* Appends a remark if package versions are compared without the rules of a package manager. */
static void
append_plainly (V2vReasons *reasons, GString *text, const V2vExpr *expr)
{
  const V2vSchema *schema = reasons->input.rules->schema;
  const V2vFactDecl *os = v2v_schema_fact (schema, "os");
  const V2vField *format = os ? v2v_fact_decl_field (os, "package-format") : NULL;
  V2vValue value = V2V_VALUE_UNSET;
  g_autofree char *shown = NULL;

  if (expr->subject.type.kind != V2V_TYPE_PACKAGE_VERSION || expr->op == V2V_GLOB ||
      v2v_store_package_format (reasons->eval.store) != V2V_PACKAGES_PLAIN)
    return;
  if (format && !os->multiple)
    value = v2v_store_single (reasons->eval.store, os)->values[format->index];
  shown = v2v_value_to_rule_text (V2V_TYPE_ENUM, value);
  g_string_append_printf (text, "; by plain comparison, since os.package-format is %s", shown);
}

/* ---- conditions ---- */

static gboolean
add_part (const V2vExpr *part, gpointer data)
{
  g_ptr_array_add (data, (gpointer)part);
  return TRUE;
}

GPtrArray *
v2v_conjuncts (const V2vExpr *expr, V2vExprKind kind)
{
  GPtrArray *list = g_ptr_array_new ();

  v2v_expr_parts (expr, kind, FALSE, add_part, list);
  return list;
}

typedef struct {
  const V2vReasons *reasons;
  const V2vOperand *unbound;
} Search;

static gboolean
is_bound (const V2vUse *use, gpointer data)
{
  Search *search = data;
  const V2vOperand *operand = use->operand;

  if (use->kind != V2V_USE_OPERAND)
    return TRUE;
  if (operand->kind == V2V_OPERAND_VAR
          ? !search->reasons->unbound || !search->reasons->unbound[operand->slot]
          : operand->kind != V2V_OPERAND_PARAM || search->reasons->eval.params)
    return TRUE;
  search->unbound = operand;
  return FALSE;
}

/* The first operand of EXPR that nothing is bound to, or NULL. */
static const V2vOperand *
find_unbound (const V2vReasons *reasons, const V2vExpr *expr)
{
  Search search = {reasons, NULL};

  v2v_expr_uses (expr, is_bound, &search);
  return search.unbound;
}

static V2vTruth
truth_of (V2vReasons *reasons, const V2vExpr *expr)
{
  V2vTruth truth;

  reasons->eval.unknown = NULL;
  truth = v2v_eval_expr (&reasons->eval, expr);
  return truth;
}

static gboolean
is_simple (const V2vExpr *expr)
{
  return expr->kind == V2V_EXPR_COMPARE || expr->kind == V2V_EXPR_IS_SET ||
         expr->kind == V2V_EXPR_IS_UNSET || expr->kind == V2V_EXPR_DOMAIN;
}

static void tell_expr (V2vReasons *reasons, JsonObject *parent, const V2vExpr *expr,
                       const char *word);

/* Appends the values that a comparison found to its text, and adds the origin of each below
 * it. NEGATED: the comparison is the operand of "not". */
static void
tell_found (V2vReasons *reasons, JsonObject *node, const V2vExpr *expr, V2vTruth truth,
            gboolean negated)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const gboolean sure = truth == V2V_TRUE && !negated && expr->kind == V2V_EXPR_COMPARE &&
                        expr->op == V2V_EQ &&
                        expr->subject.type.kind != V2V_TYPE_PACKAGE_VERSION &&
                        g_array_index (expr->values, V2vOperand, 0).kind == V2V_OPERAND_CONST;

  if (expr->kind == V2V_EXPR_DOMAIN) {
    if (!reasons->input.domain)
      g_string_append (text, "; a capture has no domain document, so it is false");
    else if (reasons->eval.error)
      g_string_append_printf (text, "; %s", reasons->eval.error->message);
    g_clear_error (&reasons->eval.error);
    v2v_node_append (node, text->str);
    return;
  }
  append_operand (reasons, text, &expr->subject, sure);
  for (guint i = 0; expr->kind == V2V_EXPR_COMPARE && i < expr->values->len; i++)
    append_operand (reasons, text, &g_array_index (expr->values, V2vOperand, i), FALSE);
  if (expr->kind == V2V_EXPR_COMPARE)
    append_plainly (reasons, text, expr);
  v2v_node_append (node, text->str);
  tell_origin (reasons, node, &expr->subject);
  for (guint i = 0; expr->kind == V2V_EXPR_COMPARE && i < expr->values->len; i++)
    tell_origin (reasons, node, &g_array_index (expr->values, V2vOperand, i));
  /* Which rules could have made the condition hold. */
  if (truth == V2V_FALSE && !negated && reasons->whole && expr->subject.field &&
      expr->subject.field->derived) {
    if (expr->kind == V2V_EXPR_IS_SET)
      v2v_tell_writers (reasons, node, expr->subject.field, NULL);
    else if (expr->kind == V2V_EXPR_COMPARE && (expr->op == V2V_EQ || expr->op == V2V_IN))
      v2v_tell_writers (reasons, node, expr->subject.field, expr->values);
    else if (expr->kind == V2V_EXPR_COMPARE && expr->op != V2V_NE)
      v2v_tell_writers (reasons, node, expr->subject.field, NULL);
  }
}

/* Adds the alternatives of EXPR that hold, or all of them if none holds or if all are
 * wanted. */
static void
tell_alternatives (V2vReasons *reasons, JsonObject *node, const V2vExpr *expr, V2vTruth truth)
{
  g_autoptr (GPtrArray) list = v2v_conjuncts (expr, V2V_EXPR_OR);

  for (guint i = 0; i < list->len; i++)
    if (truth != V2V_TRUE || reasons->whole || truth_of (reasons, list->pdata[i]) == V2V_TRUE)
      tell_expr (reasons, node, list->pdata[i], "");
}

/* WORD precedes the condition in the text ("when "). */
static void
tell_expr (V2vReasons *reasons, JsonObject *parent, const V2vExpr *expr, const char *word)
{
  g_autofree char *self = v2v_expr_text (expr);
  const V2vOperand *open = find_unbound (reasons, expr);
  JsonObject *node;
  V2vTruth truth;

  if (open && is_simple (expr)) {
    node = v2v_node_add (parent, "condition", "?    %s%s; not looked at: there is no %s to ask",
                         word, self, open->qualifier ? open->qualifier : open->name);
    json_object_set_null_member (node, "holds");
    return;
  }
  truth = open ? V2V_UNKNOWN : truth_of (reasons, expr);
  node = v2v_node_add (parent, expr->kind == V2V_EXPR_LET ? "let" : "condition", "%s  %s%s",
                       v2v_truth_mark (truth), word, self);
  set_holds (node, truth);
  if (reasons->depth >= DEPTH_MAX) {
    v2v_node_append (node, " ...");
    return;
  }
  reasons->depth++;
  switch (expr->kind) {
  case V2V_EXPR_AND: {
    g_autoptr (GPtrArray) list = v2v_conjuncts (expr, V2V_EXPR_AND);

    for (guint i = 0; i < list->len; i++)
      tell_expr (reasons, node, list->pdata[i], "");
    break;
  }
  case V2V_EXPR_OR:
    tell_alternatives (reasons, node, expr, truth);
    break;
  case V2V_EXPR_NOT:
    if (is_simple (expr->left))
      tell_found (reasons, node, expr->left, truth, TRUE);
    else
      tell_expr (reasons, node, expr->left, "");
    break;
  case V2V_EXPR_LET:
    v2v_node_set_place (node, expr->text, expr->place);
    tell_expr (reasons, node, expr->left, "");
    break;
  default:
    tell_found (reasons, node, expr, truth, FALSE);
    break;
  }
  reasons->depth--;
}

/* ---- blocks ---- */

/* CANDIDATE is a V2vFact or, for a block of requests, a V2vRequest. */
static void
set_self (V2vReasons *reasons, const V2vClause *clause, gpointer candidate)
{
  if (clause->request)
    reasons->eval.self_args = ((const V2vRequest *)candidate)->args;
  else
    reasons->eval.self = candidate;
}

V2vTruth
v2v_holds_for (V2vReasons *reasons, const V2vClause *clause, gpointer candidate)
{
  const V2vFact *self = reasons->eval.self;
  const V2vValue *self_args = reasons->eval.self_args;
  V2vTruth truth = V2V_TRUE;

  set_self (reasons, clause, candidate);
  if (clause->where)
    truth = truth_of (reasons, clause->where);
  reasons->eval.self = self;
  reasons->eval.self_args = self_args;
  return truth;
}

typedef struct {
  V2vReasons *reasons;
  guint all, hold;
} Score;

static gboolean
count_part (const V2vExpr *part, gpointer data)
{
  Score *score = data;

  score->all++;
  score->hold += truth_of (score->reasons, part) == V2V_TRUE;
  return TRUE;
}

/* How many conditions of a block hold for what is being matched, and how many there are. */
static Score
score_of (V2vReasons *reasons, const V2vExpr *expr)
{
  Score score = {reasons, 0, 0};

  v2v_expr_parts (expr, V2V_EXPR_AND, TRUE, count_part, &score);
  return score;
}

static char *
candidate_text (const V2vClause *clause, gpointer candidate)
{
  return clause->request ? v2v_request_text (candidate) : v2v_fact_text (candidate);
}

static const GPtrArray *
candidates_of (V2vReasons *reasons, const V2vClause *clause)
{
  if (clause->request)
    return g_hash_table_lookup (reasons->requests, clause->request);
  return v2v_store_facts (reasons->eval.store, clause->fact);
}

/* Adds the conditions of the block with the values that CANDIDATE has, and the origin of
 * each. */
static void
tell_candidate (V2vReasons *reasons, JsonObject *node, const V2vClause *clause,
                gpointer candidate)
{
  const V2vFact *self = reasons->eval.self;
  const V2vValue *self_args = reasons->eval.self_args;

  if (!clause->request && v2v_is_derived (reasons, candidate, NULL))
    v2v_tell_derivation (reasons, node, candidate, NULL);
  if (clause->where) {
    g_autoptr (GPtrArray) list = v2v_conjuncts (clause->where, V2V_EXPR_AND);

    for (guint i = 0; i < list->len; i++) {
      set_self (reasons, clause, candidate);
      tell_expr (reasons, node, list->pdata[i], "");
    }
  }
  reasons->eval.self = self;
  reasons->eval.self_args = self_args;
}

static void
tell_nearest (V2vReasons *reasons, JsonObject *node, const V2vClause *clause)
{
  const GPtrArray *list = candidates_of (reasons, clause);
  const V2vFact *self = reasons->eval.self;
  const V2vValue *self_args = reasons->eval.self_args;
  const gboolean single = clause->fact && !clause->fact->multiple;
  gpointer best = NULL;
  Score most = {0};

  for (guint i = 0; clause->where && list && i < list->len; i++) {
    Score score;

    set_self (reasons, clause, list->pdata[i]);
    score = score_of (reasons, clause->where);
    if (!best || score.hold > most.hold) {
      best = list->pdata[i];
      most = score;
    }
  }
  reasons->eval.self = self;
  reasons->eval.self_args = self_args;
  /* If no candidate fulfils any condition, showing the first of many would not help. */
  if (best && (most.hold > 0 || list->len == 1)) {
    g_autofree char *text = candidate_text (clause, best);
    JsonObject *near = v2v_node_add (
        node, "nearest", single ? "%s fulfils %u of %u" : "nearest: %s fulfils %u of %u", text,
        most.hold, most.all);

    tell_candidate (reasons, near, clause, best);
  }
  if (!reasons->whole)
    return;
  if (clause->request)
    v2v_tell_requesters (reasons, node, clause->request);
  else if (clause->fact->derived)
    v2v_tell_adders (reasons, node, clause);
}

/* The first fact that fulfils the block and was derived before the step that is being
 * explained; any such fact if there is none. */
static gpointer
find_witness (V2vReasons *reasons, const V2vClause *clause, guint *count)
{
  const GPtrArray *list = candidates_of (reasons, clause);
  gpointer any = NULL, earlier = NULL;

  *count = 0;
  for (guint i = 0; list && i < list->len; i++) {
    const V2vDerivation *step = NULL;
    guint more;

    if (v2v_holds_for (reasons, clause, list->pdata[i]) != V2V_TRUE)
      continue;
    (*count)++;
    if (!any)
      any = list->pdata[i];
    if (!clause->request)
      step = first_step (reasons, list->pdata[i], NULL, &more);
    if (!earlier && (!step || step->number < reasons->before))
      earlier = list->pdata[i];
  }
  return earlier ? earlier : any;
}

static gboolean
is_listed_empty (V2vReasons *reasons, const V2vClause *clause)
{
  const GPtrArray *list = candidates_of (reasons, clause);

  return !list || list->len == 0;
}

static gboolean
is_bound_each (const V2vReasons *reasons, const V2vClause *clause)
{
  return clause->kind == V2V_CLAUSE_EACH &&
         !(reasons->unbound && reasons->unbound[clause->slot]);
}

static void
tell_block (V2vReasons *reasons, JsonObject *node, const V2vClause *clause, V2vTruth truth)
{
  const char *what = clause->request ? "request" : "fact";
  guint count;
  gpointer witness;

  if (truth == V2V_UNKNOWN) {
    g_autofree char *why = reasons->eval.unknown_path
                               ? g_strdup_printf ("nothing asked the guest for the path \"%s\"",
                                                  reasons->eval.unknown_path)
                           : reasons->eval.unknown
                               ? v2v_eval_why_unknown (&reasons->eval, reasons->eval.unknown)
                               : g_strdup ("it cannot be told");

    v2v_node_append (node, "; ");
    v2v_node_append (node, why);
    return;
  }
  if (is_bound_each (reasons, clause)) {
    V2vFact *fact = reasons->eval.slots[clause->slot];
    g_autofree char *text = v2v_fact_text (fact);

    v2v_node_append (node, clause->variable ? "; " : ": ");
    if (clause->variable)
      v2v_node_append (node, clause->variable);
    v2v_node_append (node, clause->variable ? " is " : "");
    v2v_node_append (node, text);
    tell_candidate (reasons, node, clause, fact);
    return;
  }
  witness = find_witness (reasons, clause, &count);
  if (!witness && clause->kind == V2V_CLAUSE_NO) {
    v2v_node_append (node, "; there is none");
    return;
  }
  if (!witness) {
    g_autofree char *none =
        g_strdup_printf (is_listed_empty (reasons, clause) ? "; there is no such %s at all"
                                                           : "; no %s fulfils it",
                         what);

    v2v_node_append (node, none);
    tell_nearest (reasons, node, clause);
    return;
  }
  {
    g_autofree char *text = candidate_text (clause, witness);
    g_autofree char *more = count > 1 ? g_strdup_printf (" and %u more", count - 1) : NULL;

    v2v_node_append (node, "; there is ");
    v2v_node_append (node, text);
    if (more)
      v2v_node_append (node, more);
    tell_candidate (reasons, node, clause, witness);
  }
}

V2vTruth
v2v_tell_clause (V2vReasons *reasons, JsonObject *parent, const V2vClause *clause)
{
  g_autofree char *text = v2v_clause_text (clause);
  const V2vOperand *open = clause->where ? find_unbound (reasons, clause->where) : NULL;
  V2vTruth truth;
  JsonObject *node;

  if (clause->kind == V2V_CLAUSE_WHEN) {
    tell_expr (reasons, parent, clause->where, "when ");
    return open ? V2V_UNKNOWN : truth_of (reasons, clause->where);
  }
  if (open) {
    node = v2v_node_add (parent, "condition", "?    %s; not looked at: there is no %s to ask",
                         text, open->qualifier ? open->qualifier : open->name);
    json_object_set_null_member (node, "holds");
    return V2V_UNKNOWN;
  }
  reasons->eval.unknown = NULL;
  if (is_bound_each (reasons, clause)) {
    truth = v2v_holds_for (reasons, clause, reasons->eval.slots[clause->slot]);
  } else {
    /* For this question, "each" is treated like "some". */
    V2vClause asked = *clause;

    if (asked.kind == V2V_CLAUSE_EACH)
      asked.kind = V2V_CLAUSE_SOME;
    truth = v2v_eval_clause (&reasons->eval, &asked);
    if (clause->kind == V2V_CLAUSE_EACH && truth == V2V_TRUE) {
      guint count;

      reasons->eval.slots[clause->slot] = find_witness (reasons, clause, &count);
      reasons->unbound[clause->slot] = FALSE;
    }
  }
  node = v2v_node_add (parent, "condition", "%s  %s", v2v_truth_mark (truth), text);
  set_holds (node, truth);
  tell_block (reasons, node, clause, truth);
  g_clear_error (&reasons->eval.error);
  return truth;
}

/* ---- rules ---- */

void
v2v_tell_rule (V2vReasons *reasons, JsonObject *parent, const V2vReason *reason,
               const char *verb)
{
  const V2vRule *rule = reason->rule;
  V2vEval *eval = &reasons->eval;
  JsonObject *node = v2v_node_add (
      parent, "rule", "%s %s%s%s%s", v2v_rule_label (rule), verb, rule->describe ? ": \"" : "",
      rule->describe ? rule->describe : "", rule->describe ? "\"" : "");
  g_autofree V2vFact **kept = g_new (V2vFact *, reasons->variables + 1);
  const V2vFact *self = eval->self;
  const V2vValue *self_args = eval->self_args, *params = eval->params;

  v2v_node_set_place (node, rule->name, rule->place);
  if (rule->describe)
    json_object_set_string_member (node, "describe", rule->describe);
  if (reasons->depth >= DEPTH_MAX) {
    v2v_node_append (node, " ...");
    return;
  }
  reasons->depth++;
  memcpy (kept, eval->slots, reasons->variables * sizeof *kept);
  for (guint i = 0; i < reason->bindings->len; i++)
    eval->slots[i] = reason->bindings->pdata[i];
  for (guint i = 0; i < rule->clauses->len; i++)
    v2v_tell_clause (reasons, node, rule->clauses->pdata[i]);
  memcpy (eval->slots, kept, reasons->variables * sizeof *kept);
  eval->self = self;
  eval->self_args = self_args;
  eval->params = params;
  reasons->depth--;
}

/* ---- what to ask next ---- */

typedef struct {
  JsonObject *parent;
  const char *would;
  guint shown, more;
} Next;

static void
next_rule (Next *next, const V2vRule *rule)
{
  if (next->shown >= NEXT_MAX) {
    next->more++;
    return;
  }
  next->shown++;
  v2v_node_set_place (v2v_node_add (next->parent, "next", "%s would %s: ask why-not %s",
                                    v2v_rule_label (rule), next->would, rule->name),
                      rule->name, rule->place);
}

static void
next_end (const Next *next)
{
  if (next->more > 0)
    v2v_node_add (next->parent, "more", "%u more rules would", next->more);
}

static gboolean
may_be (const V2vOperand *operand, const GArray *values)
{
  if (operand->kind != V2V_OPERAND_CONST)
    return TRUE;
  if (!v2v_value_is_set (operand->value))
    return FALSE;
  for (guint i = 0; values && i < values->len; i++) {
    const V2vOperand *value = &g_array_index (values, V2vOperand, i);

    if (value->kind != V2V_OPERAND_CONST || v2v_value_equal (value->value, operand->value))
      return TRUE;
  }
  return !values;
}

/* Does a head of RULE do what HEADS describes? */
typedef gboolean (*HeadFunc) (const V2vHead *head, gconstpointer a, gconstpointer b);

static void
tell_next (V2vReasons *reasons, JsonObject *parent, const char *would, HeadFunc func,
           gconstpointer a, gconstpointer b)
{
  const GPtrArray *rules = reasons->input.rules->rules;
  Next next = {parent, would, 0, 0};

  for (guint i = 0; i < rules->len; i++) {
    const V2vRule *rule = g_ptr_array_index (rules, i);
    gboolean does = FALSE;

    if (g_hash_table_contains (reasons->fired, rule))
      continue;
    for (guint j = 0; j < rule->heads->len && !does; j++)
      does = func (rule->heads->pdata[j], a, b);
    if (does)
      next_rule (&next, rule);
  }
  next_end (&next);
}

static gboolean
writes (const V2vHead *head, gconstpointer field, gconstpointer values)
{
  const V2vField *written = field;

  if (head->kind == V2V_HEAD_ASSERT_FACT)
    return head->fact == written->fact &&
           may_be (&g_array_index (head->values, V2vOperand, written->index), values);
  return (head->kind == V2V_HEAD_ASSERT_FIELD || head->kind == V2V_HEAD_DEFAULT) &&
         head->field == written && may_be (&head->value, values);
}

void
v2v_tell_writers (V2vReasons *reasons, JsonObject *parent, const V2vField *field,
                  const GArray *values)
{
  tell_next (reasons, parent, "set it so", writes, field, values);
}

/* Collects the fields that the block compares with a constant. */
static gboolean
adds (const V2vHead *head, gconstpointer clause_data, gconstpointer unused G_GNUC_UNUSED)
{
  const V2vClause *clause = clause_data;
  g_autoptr (GPtrArray) list = NULL;

  if (head->kind != V2V_HEAD_ASSERT_FACT || head->fact != clause->fact)
    return FALSE;
  if (!clause->where)
    return TRUE;
  list = v2v_conjuncts (clause->where, V2V_EXPR_AND);
  for (guint i = 0; i < list->len; i++) {
    const V2vExpr *one = g_ptr_array_index (list, i);

    if (one->kind == V2V_EXPR_COMPARE && (one->op == V2V_EQ || one->op == V2V_IN) &&
        one->subject.kind == V2V_OPERAND_SELF && one->subject.field &&
        !may_be (&g_array_index (head->values, V2vOperand, one->subject.field->index),
                 one->values))
      return FALSE;
  }
  return TRUE;
}

void
v2v_tell_adders (V2vReasons *reasons, JsonObject *parent, const V2vClause *clause)
{
  tell_next (reasons, parent, "add one", adds, clause, NULL);
}

static gboolean
does (const V2vHead *head, gconstpointer operation, gconstpointer unused G_GNUC_UNUSED)
{
  return head->kind == V2V_HEAD_DO && head->operation == operation;
}

void
v2v_tell_requesters (V2vReasons *reasons, JsonObject *parent, const V2vOperation *operation)
{
  tell_next (reasons, parent, "request it", does, operation, NULL);
}

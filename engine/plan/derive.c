/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Derives facts to a fixpoint, stratum by stratum, and runs probes on the way.
 *
 * In a recursive stratum, a rule is evaluated again only when something that it reads has
 * changed: a field, a kind of fact or, where a block compares with a constant ("name == ..."), a
 * fact with that value. So the work grows with the changes, not with the number of rules times
 * the number of rounds.
 */
#include "config.h"

#include "base/log.h"
#include "lang/uses.h"
#include "plan/derive.h"

/* Facts in which FIELD has VALUE. */
typedef struct {
  const V2vField *field;
  V2vValue value;
} Wanted;

typedef struct {
  V2vEval *eval;
  GHashTable *fired;
  GHashTable *defaulted; /* set of V2vField that a default has set */
  GRand *random;         /* for --shuffle, or NULL */
  GArray *values;        /* V2vValue: those of a fact to be added */

  /* The rule being evaluated: */
  guint times;       /* bindings so far */
  const char *label; /* made when needed */

  /* The stratum: */
  const V2vStratum *stratum;
  GHashTable *first_new; /* V2vFactDecl -> number of the first fact that a rule added */

  /* If it is recursive; lists are of numbers of rules in the stratum: */
  GHashTable *readers; /* V2vFactDecl or V2vField -> GArray */
  GHashTable *wanted;  /* Wanted -> GArray */
  GQueue waiting;
  guint8 *is_waiting;
} Derive;

static guint
wanted_hash (gconstpointer data)
{
  const Wanted *wanted = data;

  return g_direct_hash (wanted->field) * 31 + v2v_value_hash (wanted->value);
}

static gboolean
wanted_equal (gconstpointer one, gconstpointer other)
{
  const Wanted *a = one, *b = other;

  return a->field == b->field && v2v_value_equal (a->value, b->value);
}

/* ---- who reads what, in a recursive stratum ---- */

static void
append_reader (GArray *list, guint rule)
{
  if (list->len == 0 || g_array_index (list, guint, list->len - 1) != rule)
    g_array_append_val (list, rule);
}

static GArray *
new_list (void)
{
  return g_array_new (FALSE, FALSE, sizeof (guint));
}

static void
add_reader (Derive *derive, gconstpointer read, guint rule)
{
  GArray *list = g_hash_table_lookup (derive->readers, read);

  if (!list)
    g_hash_table_insert (derive->readers, (gpointer)read, list = new_list ());
  append_reader (list, rule);
}

typedef struct {
  Derive *derive;
  guint rule;
  const V2vExpr *except; /* a comparison that WANTED already covers, or NULL */
} Reader;

static gboolean
add_use (const V2vUse *use, gpointer data)
{
  const Reader *reader = data;

  if (use->kind == V2V_USE_OPERAND && use->field &&
      (!use->comparison || use->comparison != reader->except))
    add_reader (reader->derive, use->field, reader->rule);
  return TRUE;
}

/* "FIELD == constant", with a field of the fact that the block asks for. */
static gboolean
is_not_wanted (const V2vExpr *part, gpointer data)
{
  const V2vExpr **found_r = data;

  if (part->kind != V2V_EXPR_COMPARE || part->op != V2V_EQ ||
      part->subject.kind != V2V_OPERAND_SELF ||
      part->subject.type.kind == V2V_TYPE_PACKAGE_VERSION ||
      part->subject.type.kind == V2V_TYPE_PLAIN_VERSION ||
      g_array_index (part->values, V2vOperand, 0).kind != V2V_OPERAND_CONST)
    return TRUE;
  *found_r = part;
  return FALSE;
}

static void
add_block (Derive *derive, const V2vClause *clause, guint rule)
{
  const V2vExpr *found = NULL;
  Reader reader = {derive, rule, NULL};

  if (clause->where)
    v2v_expr_parts (clause->where, V2V_EXPR_AND, FALSE, is_not_wanted, &found);
  if (found) {
    const Wanted wanted = {found->subject.field,
                           g_array_index (found->values, V2vOperand, 0).value};
    GArray *list = g_hash_table_lookup (derive->wanted, &wanted);

    if (!list) {
      Wanted *key = g_new (Wanted, 1);

      *key = wanted;
      g_hash_table_insert (derive->wanted, key, list = new_list ());
    }
    append_reader (list, rule);
  } else {
    add_reader (derive, clause->fact, rule);
  }
  reader.except = found;
  v2v_expr_uses (clause->where, add_use, &reader);
}

static void
add_rule (Derive *derive, const V2vRule *rule, guint number)
{
  Reader reader = {derive, number, NULL};

  for (guint i = 0; i < rule->clauses->len; i++) {
    const V2vClause *clause = g_ptr_array_index (rule->clauses, i);

    if (clause->kind == V2V_CLAUSE_WHEN)
      v2v_expr_uses (clause->where, add_use, &reader);
    else if (clause->fact)
      add_block (derive, clause, number);
  }
  for (guint i = 0; i < rule->heads->len; i++) {
    const V2vHead *head = g_ptr_array_index (rule->heads, i);

    if (head->kind == V2V_HEAD_ASSERT_FIELD || head->kind == V2V_HEAD_ASSERT_FACT)
      v2v_head_uses (head, add_use, &reader);
  }
}

static void
wake (Derive *derive, const GArray *list)
{
  for (guint i = 0; list && i < list->len; i++) {
    guint rule = g_array_index (list, guint, i);

    if (derive->is_waiting[rule])
      continue;
    derive->is_waiting[rule] = TRUE;
    g_queue_push_tail (&derive->waiting, GUINT_TO_POINTER (rule));
  }
}

static void
field_changed (Derive *derive, const V2vFact *fact, const V2vField *field)
{
  const Wanted wanted = {field, fact->values[field->index]};

  if (!derive->stratum->recursive)
    return;
  wake (derive, g_hash_table_lookup (derive->readers, field));
  wake (derive, g_hash_table_lookup (derive->wanted, &wanted));
}

static void
fact_changed (Derive *derive, const V2vFact *fact)
{
  if (!derive->stratum->recursive)
    return;
  wake (derive, g_hash_table_lookup (derive->readers, fact->decl));
  for (guint i = 0; i < fact->decl->fields->len; i++)
    if (v2v_value_is_set (fact->values[i]))
      field_changed (derive, fact, g_ptr_array_index (fact->decl->fields, i));
}

/* ---- rules ---- */

static const char *
label_of (Derive *derive, const V2vRule *rule)
{
  if (!derive->label)
    derive->label = v2v_rule_label (rule);
  return derive->label;
}

/* Of several rules that give the same value, the one whose label sorts first is named, so
 * that the order in which they ran makes no difference. */
static void
prefer_label (V2vFact *fact, guint i, const char *label)
{
  if (v2v_fact_is_derived (fact, i) && g_strcmp0 (label, fact->by[i]) < 0)
    fact->by[i] = label;
}

static gboolean
read_operand (Derive *derive, const V2vRule *rule, const V2vOperand *operand, V2vValue *value_r,
              GError **error)
{
  if (v2v_eval_operand (derive->eval, operand, value_r))
    return TRUE;
  v2v_eval_set_error (derive->eval, label_of (derive, rule), error);
  return FALSE;
}

static void
record (Derive *derive, const V2vRule *rule, const V2vHead *head, V2vFact *fact)
{
  if (G_UNLIKELY (derive->eval->trace))
    v2v_trace_add (derive->eval->trace, derive->eval, rule, head, fact);
}

static gboolean
set_field (Derive *derive, const V2vRule *rule, const V2vHead *head, GError **error)
{
  V2vEval *eval = derive->eval;
  V2vFact *fact = head->on_variable ? eval->slots[head->slot]
                                    : v2v_store_single (eval->store, head->field->fact);
  gboolean changed;
  V2vValue value;

  if (head->kind == V2V_HEAD_DEFAULT && v2v_value_is_set (fact->values[head->field->index]) &&
      !g_hash_table_contains (derive->defaulted, head->field))
    return TRUE;
  if (!read_operand (derive, rule, &head->value, &value, error) ||
      !v2v_store_set (eval->store, fact, head->field, value, label_of (derive, rule), &changed,
                      error))
    return FALSE;
  if (changed && head->kind == V2V_HEAD_DEFAULT)
    g_hash_table_add (derive->defaulted, head->field);
  if (changed)
    field_changed (derive, fact, head->field);
  else if (v2v_value_is_set (value))
    prefer_label (fact, head->field->index, derive->label);
  if (v2v_value_is_set (value))
    record (derive, rule, head, fact);
  return TRUE;
}

static gboolean
add_fact (Derive *derive, const V2vRule *rule, const V2vHead *head, GError **error)
{
  V2vStore *store = derive->eval->store;
  guint64 before = v2v_store_changes (store);
  gboolean is_new;
  V2vFact *fact;

  g_array_set_size (derive->values, head->values->len);
  for (guint i = 0; i < head->values->len; i++)
    if (!read_operand (derive, rule, &g_array_index (head->values, V2vOperand, i),
                       &g_array_index (derive->values, V2vValue, i), error))
      return FALSE;
  fact = v2v_store_add (store, head->fact, (const V2vValue *)(gpointer)derive->values->data,
                        label_of (derive, rule), &is_new, error);
  if (!fact)
    return FALSE;
  if (is_new && !g_hash_table_contains (derive->first_new, head->fact))
    g_hash_table_insert (derive->first_new, head->fact, GUINT_TO_POINTER (fact->number));
  if (v2v_store_changes (store) != before)
    fact_changed (derive, fact);
  for (guint i = 0; i < head->values->len; i++)
    if (v2v_value_is_set (g_array_index (derive->values, V2vValue, i)))
      prefer_label (fact, i, derive->label);
  record (derive, rule, head, fact);
  return TRUE;
}

static gboolean
apply_heads (V2vEval *eval G_GNUC_UNUSED, const V2vRule *rule, gpointer data, GError **error)
{
  Derive *derive = data;

  derive->times++;
  for (guint i = 0; i < rule->heads->len; i++) {
    const V2vHead *head = g_ptr_array_index (rule->heads, i);

    switch (head->kind) {
    case V2V_HEAD_DEFAULT:
    case V2V_HEAD_ASSERT_FIELD:
      if (!set_field (derive, rule, head, error))
        return FALSE;
      break;
    case V2V_HEAD_ASSERT_FACT:
      if (!add_fact (derive, rule, head, error))
        return FALSE;
      break;
    default:
      break;
    }
  }
  return TRUE;
}

static gboolean
look_at (Derive *derive, const V2vRule *rule, GError **error)
{
  derive->times = 0;
  derive->label = NULL;
  if (!v2v_eval_rule (derive->eval, rule, apply_heads, derive, error))
    return FALSE;
  if (derive->fired && derive->times > 0)
    g_hash_table_insert (derive->fired, (gpointer)rule, GUINT_TO_POINTER (derive->times));
  return TRUE;
}

/* The numbers 0 to COUNT-1 in the order of processing; shuffled on request. */
static guint *
make_order (Derive *derive, guint count)
{
  guint *order = g_new (guint, count);

  for (guint i = 0; i < count; i++)
    order[i] = i;
  for (guint i = count; derive->random && i > 1; i--) {
    guint j = (guint)g_rand_int_range (derive->random, 0, (gint32)i), kept = order[j];

    order[j] = order[i - 1];
    order[i - 1] = kept;
  }
  return order;
}

static gboolean
run_rules (Derive *derive, GError **error)
{
  const GPtrArray *rules = derive->stratum->rules;
  g_autofree guint *order = make_order (derive, rules->len);
  gboolean ok = TRUE;

  for (guint i = 0; i < rules->len && ok; i++) {
    if (derive->stratum->recursive)
      derive->is_waiting[order[i]] = FALSE;
    ok = look_at (derive, g_ptr_array_index (rules, order[i]), error);
  }
  while (ok && !g_queue_is_empty (&derive->waiting)) {
    guint i = GPOINTER_TO_UINT (g_queue_pop_head (&derive->waiting));

    /* The first pass may have evaluated it after it was queued. */
    if (!derive->is_waiting[i])
      continue;
    derive->is_waiting[i] = FALSE;
    ok = look_at (derive, g_ptr_array_index (rules, i), error);
  }
  g_queue_clear (&derive->waiting);
  return ok;
}

/* ---- probes ---- */

/* Package versions are compared as the guest's package manager does; the os fact says which
 * it is. */
static void
set_package_format (V2vStore *store)
{
  const V2vFactDecl *os = v2v_schema_fact (v2v_store_schema (store), "os");
  const V2vField *field = os ? v2v_fact_decl_field (os, "package-format") : NULL;
  V2vValue value;

  if (!field || os->multiple)
    return;
  value = v2v_store_single (store, os)->values[field->index];
  if (value.kind == V2V_TEXT)
    v2v_store_set_package_format (store, v2v_package_format (value.text));
}

static gboolean
run_probe (V2vEval *eval, const V2vProbe *probe, GError **error)
{
  const V2vPlanInput *input = eval->input;
  const GArray *args = probe->call->args;
  g_autoptr (GArray) values = g_array_sized_new (FALSE, TRUE, sizeof (V2vValue), args->len + 1);

  g_array_set_size (values, args->len);
  for (guint i = 0; i < args->len; i++)
    if (!v2v_eval_operand (eval, &g_array_index (args, V2vOperand, i),
                           &g_array_index (values, V2vValue, i))) {
      v2v_eval_set_error (eval, v2v_probe_label (probe), error);
      return FALSE;
    }
  if (!input->run_probe (probe, (const V2vValue *)(gpointer)values->data, eval->store,
                         input->data, error)) {
    if (v2v_log_shows_places ())
      g_prefix_error (error, "%s: ", v2v_probe_label (probe));
    return FALSE;
  }
  v2v_store_set_probed (eval->store, probe->name);
  for (guint i = 0; i < probe->provides->len; i++)
    v2v_store_set_known (eval->store, g_ptr_array_index (probe->provides, i));
  set_package_format (eval->store);
  return TRUE;
}

/* Runs the probes of the stratum that have not run yet and whose conditions hold. */
static gboolean
run_probes (Derive *derive, GError **error)
{
  V2vEval *eval = derive->eval;
  const GPtrArray *probes = derive->stratum->probes;

  if (eval->input->closed_world && !eval->input->probes)
    return TRUE;
  for (guint i = 0; i < probes->len; i++) {
    const V2vProbe *probe = g_ptr_array_index (probes, i);

    if (v2v_store_is_probed (eval->store, probe->name) ||
        (eval->input->closed_world &&
         !g_ptr_array_find ((GPtrArray *)eval->input->probes, probe, NULL)))
      continue;
    eval->unknown = NULL;
    if (v2v_eval_clauses (eval, probe->clauses) != V2V_TRUE) {
      if (eval->error) {
        v2v_eval_set_error (eval, v2v_probe_label (probe), error);
        return FALSE;
      }
      continue;
    }
    if (!eval->input->run_probe) {
      g_autofree char *reason = g_strdup_printf ("%s did not run when the facts were captured",
                                                 v2v_probe_label (probe));

      for (guint j = 0; j < probe->provides->len; j++)
        eval->missing[((const V2vFactDecl *)probe->provides->pdata[j])->index] =
            v2v_intern (reason);
      continue;
    }
    if (!run_probe (eval, probe, error))
      return FALSE;
  }
  return TRUE;
}

/* ---- strata ---- */

static void
stratum_begin (Derive *derive, const V2vStratum *stratum)
{
  derive->stratum = stratum;
  derive->first_new = g_hash_table_new (NULL, NULL);
  if (!stratum->recursive)
    return;
  derive->readers = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
  derive->wanted =
      g_hash_table_new_full (wanted_hash, wanted_equal, g_free, (GDestroyNotify)g_array_unref);
  derive->is_waiting = g_new0 (guint8, stratum->rules->len + 1);
  for (guint i = 0; i < stratum->rules->len; i++)
    add_rule (derive, g_ptr_array_index (stratum->rules, i), i);
}

static void
stratum_end (Derive *derive)
{
  GHashTableIter iter;
  gpointer decl, number;

  g_hash_table_iter_init (&iter, derive->first_new);
  while (g_hash_table_iter_next (&iter, &decl, &number))
    v2v_store_settle (derive->eval->store, decl, GPOINTER_TO_UINT (number));
  g_clear_pointer (&derive->first_new, g_hash_table_unref);
  g_clear_pointer (&derive->readers, g_hash_table_unref);
  g_clear_pointer (&derive->wanted, g_hash_table_unref);
  g_clear_pointer (&derive->is_waiting, g_free);
}

/* No rule or probe depends on another one of the same stratum, except for the rules of a
 * recursive stratum. */
static gboolean
run_stratum (Derive *derive, const V2vStratum *stratum, GError **error)
{
  gboolean ok;

  stratum_begin (derive, stratum);
  ok = run_probes (derive, error) && run_rules (derive, error);
  stratum_end (derive);
  return ok;
}

gboolean
v2v_derive_run (V2vEval *eval, GHashTable *fired, GError **error)
{
  const V2vRuleSet *rules = eval->input->rules;
  Derive derive = {.eval = eval, .fired = fired};
  gboolean ok = TRUE;

  derive.defaulted = g_hash_table_new (NULL, NULL);
  derive.values = g_array_new (FALSE, FALSE, sizeof (V2vValue));
  derive.random = eval->input->shuffle ? g_rand_new_with_seed (eval->input->shuffle) : NULL;
  g_queue_init (&derive.waiting);
  set_package_format (eval->store);
  for (guint i = 0; i < rules->probes->len; i++) {
    const V2vProbe *probe = g_ptr_array_index (rules->probes, i);

    for (guint j = 0;
         v2v_store_is_probed (eval->store, probe->name) && j < probe->provides->len; j++)
      v2v_store_set_known (eval->store, g_ptr_array_index (probe->provides, j));
  }
  for (guint i = 0; i < rules->strata->len && ok; i++)
    ok = run_stratum (&derive, g_ptr_array_index (rules->strata, i), error);
  g_hash_table_unref (derive.defaulted);
  g_array_unref (derive.values);
  g_clear_pointer (&derive.random, g_rand_free);
  return ok;
}

gboolean
v2v_derive (const V2vPlanInput *input, GError **error)
{
  V2vEval eval;
  gboolean ok;

  v2v_eval_init (&eval, input);
  ok = v2v_derive_run (&eval, NULL, error);
  v2v_eval_clear (&eval);
  return ok;
}

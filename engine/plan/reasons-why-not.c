/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Explains why a rule did not fire: each of its conditions with the values found, and the
 * nearest miss.
 */
#include "config.h"

#include <string.h>

#include "base/diag.h"
#include "base/log.h"
#include "load/load.h"
#include "plan/reasons-private.h"

/* How many facts are tried in the search for the nearest miss. */
#define TRIED_MAX 200000
/* How many "each" of a rule the search for the nearest miss considers. */
#define EACH_MAX 100
/* How many bindings of a rule that fired are listed. */
#define BINDINGS_MAX 10

/* ---- the binding that comes nearest ---- */

typedef struct {
  V2vReasons *reasons;
  const GPtrArray *clauses;
  guint tried;
  guint depth;     /* "each" that are bound */
  guint furthest;  /* clauses fulfilled in turn */
  V2vFact **slots; /* with these bindings ... */
  gboolean *bound; /* ... of which these were made */
  gboolean *now;   /* those made at this moment */
  guint variables;
  V2vFact *fixed; /* the only one for the variable SLOT, or NULL */
  guint slot;
} Near;

static void
note_near (Near *near, guint at)
{
  if (at < near->furthest || (at == near->furthest && at > 0))
    return;
  near->furthest = at;
  memcpy (near->slots, near->reasons->eval.slots, near->variables * sizeof *near->slots);
  memcpy (near->bound, near->now, near->variables * sizeof *near->bound);
}

/* How many clauses from AT on hold. The function may call itself: the number of "each" and
 * of facts that are tried is bounded. */
static gboolean
go_on (Near *near, guint at)
{
  V2vEval *eval = &near->reasons->eval;

  for (; at < near->clauses->len; at++) {
    const V2vClause *clause = g_ptr_array_index (near->clauses, at);

    if (clause->kind == V2V_CLAUSE_EACH)
      break;
    eval->unknown = NULL;
    if (v2v_eval_clause (eval, clause) != V2V_TRUE) {
      g_clear_error (&eval->error);
      note_near (near, at);
      return FALSE;
    }
  }
  note_near (near, at);
  if (at < near->clauses->len && near->depth < EACH_MAX) {
    const V2vClause *clause = g_ptr_array_index (near->clauses, at);
    const GPtrArray *list = v2v_store_facts (eval->store, clause->fact);

    for (guint i = 0; i < list->len && near->tried < TRIED_MAX; i++) {
      near->tried++;
      if (near->fixed && clause->slot == near->slot && list->pdata[i] != near->fixed)
        continue;
      if (v2v_holds_for (near->reasons, clause, list->pdata[i]) != V2V_TRUE)
        continue;
      eval->slots[clause->slot] = list->pdata[i];
      near->now[clause->slot] = TRUE;
      near->depth++;
      if (go_on (near, at + 1))
        return TRUE;
      near->depth--;
      near->now[clause->slot] = FALSE;
    }
  }
  return at >= near->clauses->len;
}

void
v2v_tell_nearest_binding (V2vReasons *reasons, JsonObject *node, const GPtrArray *clauses,
                          guint variables, V2vFact *fixed, guint slot)
{
  g_autofree V2vFact **slots = g_new0 (V2vFact *, variables + 1);
  g_autofree gboolean *bound = g_new0 (gboolean, variables + 1);
  g_autofree gboolean *now = g_new0 (gboolean, variables + 1);
  const V2vValue *params = reasons->eval.params;
  Near near = {.reasons = reasons,
               .clauses = clauses,
               .slots = slots,
               .bound = bound,
               .now = now,
               .variables = variables,
               .fixed = fixed,
               .slot = slot};

  if (variables > 0)
    go_on (&near, 0);
  if (fixed) {
    slots[slot] = fixed;
    bound[slot] = TRUE;
  }
  for (guint i = 0; i < variables; i++) {
    reasons->eval.slots[i] = slots[i];
    bound[i] = !bound[i];
  }
  reasons->unbound = bound;
  reasons->whole = TRUE;
  for (guint i = 0; i < clauses->len; i++) {
    reasons->eval.params = params;
    v2v_tell_clause (reasons, node, clauses->pdata[i]);
  }
  reasons->unbound = NULL;
  reasons->whole = FALSE;
}

/* ---- rules ---- */

typedef struct {
  V2vReasons *reasons;
  JsonObject *node;
  const V2vRule *rule;
  guint times;
} Fired;

/* Adds a node for HEAD, a default: whether it was taken, or which value the field had
 * already. */
static void
tell_default (V2vReasons *reasons, JsonObject *parent, const V2vHead *head)
{
  const V2vFact *fact = head->on_variable
                            ? reasons->eval.slots[head->slot]
                            : v2v_store_single (reasons->eval.store, head->field->fact);
  const V2vValue is = fact->values[head->field->index];
  g_autofree char *shown = v2v_value_to_rule_text (head->field->type.kind, is);
  g_autofree char *wanted = NULL;
  JsonObject *node;
  V2vValue value;

  reasons->eval.unknown = NULL;
  if (!v2v_eval_operand (&reasons->eval, &head->value, &value))
    return;
  wanted = v2v_value_to_rule_text (head->field->type.kind, value);
  node = v2v_node_add (parent, "head", "default %s.%s = %s %s: it is %s", fact->decl->name,
                       head->field->name, wanted,
                       v2v_value_equal (is, value) ? "holds" : "was not needed", shown);
  if (!v2v_value_equal (is, value) && v2v_is_derived (reasons, fact, head->field))
    v2v_tell_derivation (reasons, node, fact, head->field);
  else if (!v2v_value_equal (is, value) && fact->by[head->field->index]) {
    v2v_node_append (node, " by ");
    v2v_node_append (node, fact->by[head->field->index]);
  }
}

static void
tell_head (V2vReasons *reasons, JsonObject *parent, const V2vHead *head)
{
  g_autoptr (GString) text = g_string_new (NULL);
  V2vValue value;

  reasons->eval.unknown = NULL;
  switch (head->kind) {
  case V2V_HEAD_DEFAULT:
    tell_default (reasons, parent, head);
    return;
  case V2V_HEAD_ASSERT_FIELD: {
    g_autofree char *fact = v2v_fact_text (
        head->on_variable ? reasons->eval.slots[head->slot]
                          : v2v_store_single (reasons->eval.store, head->field->fact));
    g_autofree char *shown = NULL;

    if (!v2v_eval_operand (&reasons->eval, &head->value, &value))
      return;
    shown = v2v_value_to_rule_text (head->field->type.kind, value);
    g_string_append_printf (text,
                            head->on_variable ? "assert %s of %s = %s" : "assert %s.%s = %s",
                            head->on_variable ? head->field->name : fact,
                            head->on_variable ? fact : head->field->name, shown);
    break;
  }
  case V2V_HEAD_ASSERT_FACT:
    g_string_append_printf (text, "assert %s {", head->fact->name);
    for (guint i = 0, shown = 0; i < head->values->len; i++) {
      const V2vField *field = g_ptr_array_index (head->fact->fields, i);
      g_autofree char *one = NULL;

      if (!v2v_eval_operand (&reasons->eval, &g_array_index (head->values, V2vOperand, i),
                             &value) ||
          !v2v_value_is_set (value))
        continue;
      one = v2v_value_to_rule_text (field->type.kind, value);
      g_string_append_printf (text, "%s %s = %s", shown++ > 0 ? "," : "", field->name, one);
    }
    g_string_append (text, " }");
    break;
  case V2V_HEAD_DO: {
    const V2vOperation *operation = head->operation;
    g_autofree V2vValue *args = g_new0 (V2vValue, head->args->len + 1);
    const V2vRequest request = {.operation = operation, .args = args};
    g_autofree char *shown = NULL;

    for (guint i = 0; i < head->args->len; i++)
      if (!v2v_eval_operand (&reasons->eval, &g_array_index (head->args, V2vOperand, i),
                             &args[i]))
        return;
    shown = v2v_request_text (&request);
    g_string_append_printf (text, "do %s", shown);
    break;
  }
  case V2V_HEAD_FAIL:
  case V2V_HEAD_WARN: {
    g_autofree char *shown = v2v_eval_template (&reasons->eval, head->message);

    g_string_append_printf (text, "%s \"%s\"", head->kind == V2V_HEAD_FAIL ? "fail" : "warn",
                            shown);
    break;
  }
  }
  v2v_node_add (parent, "head", "%s", text->str);
}

static gboolean
tell_binding (V2vEval *eval, const V2vRule *rule, gpointer data, GError **error)
{
  Fired *fired = data;
  JsonObject *node = fired->node;
  g_autoptr (GString) text = g_string_new ("for ");
  gboolean first = TRUE;

  (void)error;
  if (fired->times++ >= BINDINGS_MAX)
    return TRUE;
  for (guint i = 0; i < rule->clauses->len; i++) {
    const V2vClause *clause = g_ptr_array_index (rule->clauses, i);
    g_autofree char *fact = NULL;

    if (clause->kind != V2V_CLAUSE_EACH)
      continue;
    fact = v2v_fact_text (eval->slots[clause->slot]);
    g_string_append_printf (text, "%s%s%s%s", first ? "" : ", ",
                            clause->variable ? clause->variable : "",
                            clause->variable ? " = " : "", fact);
    first = FALSE;
  }
  if (!first)
    node = v2v_node_add (node, "binding", "%s", text->str);
  for (guint i = 0; i < rule->heads->len; i++)
    tell_head (fired->reasons, node, rule->heads->pdata[i]);
  return TRUE;
}

static void
why_not_rule (V2vReasons *reasons, JsonObject *root, const V2vRule *rule)
{
  const guint times = GPOINTER_TO_UINT (g_hash_table_lookup (reasons->fired, rule));
  JsonObject *node;
  g_autoptr (GError) error = NULL;

  if (times == 0) {
    node = v2v_node_add (root, "rule", "%s did not fire", v2v_rule_label (rule));
    if (rule->describe) {
      v2v_node_append (node, ": \"");
      v2v_node_append (node, rule->describe);
      v2v_node_append (node, "\"");
    }
    v2v_tell_nearest_binding (reasons, node, rule->clauses, rule->variables, NULL, 0);
  } else {
    Fired fired = {reasons, NULL, rule, 0};

    node = v2v_node_add (root, "rule", "%s did fire", v2v_rule_label (rule));
    if (rule->variables > 0) {
      g_autofree char *text =
          g_strdup_printf (", for %u binding%s of its variables", times, times == 1 ? "" : "s");

      v2v_node_append (node, text);
    }
    fired.node = node;
    if (!v2v_eval_rule (&reasons->eval, rule, tell_binding, &fired, &error))
      v2v_node_add (node, "problem", "%s", error->message);
    if (fired.times > BINDINGS_MAX)
      v2v_node_add (node, "more", "and for %u more", fired.times - BINDINGS_MAX);
  }
  v2v_node_set_place (node, rule->name, rule->place);
  json_object_set_boolean_member (node, "fired", times > 0);
  json_object_set_int_member (node, "times", times);
  if (rule->describe)
    json_object_set_string_member (node, "describe", rule->describe);
}

/* ---- providers and probes ---- */

static void
why_not_for (V2vReasons *reasons, JsonObject *parent, const V2vProvider *provider,
             const V2vRequest *request)
{
  g_autofree char *text = v2v_request_text (request), *why = NULL;
  JsonObject *node;
  gboolean taken = g_ptr_array_find (request->providers, provider, NULL), fits;

  reasons->eval.params = request->args;
  reasons->eval.unknown = NULL;
  fits = v2v_eval_clauses (&reasons->eval, provider->clauses) == V2V_TRUE;
  g_clear_error (&reasons->eval.error);
  node = v2v_node_add (parent, "operation", "for %s: it %s", text,
                       taken  ? "is taken"
                       : fits ? "fits, but was not taken"
                              : "does not fit");
  json_object_set_boolean_member (node, "fits", fits);
  json_object_set_boolean_member (node, "chosen", taken);
  if (fits && !taken && request->providers->len > 0) {
    const V2vProvider *chosen = g_ptr_array_index (request->providers, 0);

    why = v2v_why_before (reasons, chosen, provider);
    v2v_node_set_place (
        v2v_node_add (node, "provider", "%s was: %s", v2v_provider_label (chosen), why),
        chosen->name, chosen->place);
  } else if (fits && !taken) {
    v2v_node_add (node, "choice", "none was: none that fits comes before all others");
  }
  if (!taken)
    v2v_tell_nearest_binding (reasons, node, provider->clauses, 0, NULL, 0);
  reasons->eval.params = NULL;
}

static gboolean
reads_no_parameter (const V2vUse *use, gpointer data G_GNUC_UNUSED)
{
  return use->kind != V2V_USE_OPERAND || use->operand->kind != V2V_OPERAND_PARAM;
}

/* Does PROVIDER fit none of the requests, whatever they ask for? */
static gboolean
fits_none (V2vReasons *reasons, const V2vProvider *provider)
{
  gboolean fits;

  if (!v2v_clauses_use (provider->clauses, reads_no_parameter, NULL))
    return FALSE;
  reasons->eval.unknown = NULL;
  fits = v2v_eval_clauses (&reasons->eval, provider->clauses) == V2V_TRUE;
  g_clear_error (&reasons->eval.error);
  return !fits;
}

static void
why_not_provider (V2vReasons *reasons, JsonObject *root, const V2vProvider *provider)
{
  const GPtrArray *list = g_hash_table_lookup (reasons->requests, provider->operation);
  JsonObject *node = v2v_node_add (root, "provider", "%s for %s", v2v_provider_label (provider),
                                   provider->operation->name);
  gboolean same;
  guint shown;

  v2v_node_set_place (node, provider->name, provider->place);
  if (!list) {
    v2v_node_append (node, " was not asked for: no rule that fired requests it");
    v2v_tell_requesters (reasons, node, provider->operation);
    v2v_tell_nearest_binding (reasons, node, provider->clauses, 0, NULL, 0);
    return;
  }
  same = fits_none (reasons, provider);
  shown = MIN (list->len, same ? 1 : BINDINGS_MAX);
  for (guint i = 0; i < shown; i++)
    why_not_for (reasons, node, provider, list->pdata[i]);
  if (list->len > shown)
    v2v_node_add (node, "more", "and %u more request%s%s", list->len - shown,
                  list->len - shown == 1 ? "" : "s", same ? ", for the same reason" : "");
}

static void
why_not_probe (V2vReasons *reasons, JsonObject *root, const V2vProbe *probe)
{
  const gboolean ran = v2v_store_is_probed (reasons->eval.store, probe->name);
  JsonObject *node = v2v_node_add (root, "probe", "%s %s", v2v_probe_label (probe),
                                   ran ? "did run" : "did not run");

  v2v_node_set_place (node, probe->name, probe->place);
  json_object_set_boolean_member (node, "fired", ran);
  if (!ran)
    v2v_tell_nearest_binding (reasons, node, probe->clauses, 0, NULL, 0);
}

/* ---- the question ---- */

static void
tell_inactive (JsonObject *root, const char *lines)
{
  g_auto (GStrv) list = g_strsplit (lines, "\n", -1);

  for (guint i = 0; list[i]; i++)
    v2v_node_add (root, "inactive", "%s", list[i]);
}

static void
set_unknown (const V2vRuleSet *rules, const char *name, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const char *nearest;

  for (guint i = 0; i < rules->rules->len; i++)
    g_ptr_array_add (names, (gpointer)((const V2vRule *)rules->rules->pdata[i])->name);
  for (guint i = 0; i < rules->providers->len; i++)
    g_ptr_array_add (names, (gpointer)((const V2vProvider *)rules->providers->pdata[i])->name);
  for (guint i = 0; i < rules->probes->len; i++)
    g_ptr_array_add (names, (gpointer)((const V2vProbe *)rules->probes->pdata[i])->name);
  nearest = v2v_nearest (name, names);
  g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
               "why-not %s: no rule file has a rule, provider or probe of this name%s%s%s",
               name, nearest ? "; did you mean " : "; v2v-engine graph shows their names",
               nearest ? nearest : "", nearest ? "?" : "");
}

static gboolean
is_named (const V2vRule *rule, const char *name)
{
  return strcmp (rule->name, name) == 0 || g_strcmp0 (rule->was, name) == 0;
}

gboolean
v2v_reasons_can_ask_why_not (const V2vRuleSet *rules, const char *name, GError **error)
{
  g_autofree char *inactive = NULL;

  for (guint i = 0; i < rules->rules->len; i++)
    if (is_named (rules->rules->pdata[i], name))
      return TRUE;
  if (g_hash_table_contains (rules->providers_by_name, name))
    return TRUE;
  for (guint i = 0; i < rules->probes->len; i++)
    if (strcmp (((const V2vProbe *)rules->probes->pdata[i])->name, name) == 0)
      return TRUE;
  inactive = v2v_ruleset_why_inactive (rules, name);
  if (!inactive)
    set_unknown (rules, name, error);
  return inactive != NULL;
}

JsonNode *
v2v_reasons_why_not (V2vReasons *reasons, const char *name, GError **error)
{
  const V2vRuleSet *rules = reasons->input.rules;
  g_autoptr (JsonObject) root = json_object_new ();
  g_autofree char *inactive = v2v_ruleset_why_inactive (rules, name);
  JsonNode *node;

  json_object_set_string_member (root, "question", "why-not");
  g_hash_table_remove_all (reasons->told);
  for (guint i = 0; i < rules->rules->len; i++) {
    const V2vRule *rule = g_ptr_array_index (rules->rules, i);

    if (is_named (rule, name))
      why_not_rule (reasons, root, rule);
  }
  for (guint i = 0; i < rules->providers->len; i++) {
    const V2vProvider *provider = g_ptr_array_index (rules->providers, i);

    if (strcmp (provider->name, name) == 0)
      why_not_provider (reasons, root, provider);
  }
  for (guint i = 0; i < rules->probes->len; i++) {
    const V2vProbe *probe = g_ptr_array_index (rules->probes, i);

    if (strcmp (probe->name, name) == 0)
      why_not_probe (reasons, root, probe);
  }
  if (inactive)
    tell_inactive (root, inactive);
  if (!json_object_has_member (root, "because")) {
    set_unknown (rules, name, error);
    return NULL;
  }
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (node, root);
  return node;
}

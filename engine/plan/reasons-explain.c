/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Explains why something is there: an operation of the plan with its providers, or a fact.
 */
#include "config.h"

#include <string.h>

#include "base/diag.h"
#include "base/log.h"
#include "plan/reasons-private.h"

/* ---- providers ---- */

/* The provider that --provider names for OPERATION, or NULL. */
static const char *
chosen_name (const V2vReasons *reasons, const V2vOperation *operation)
{
  return reasons->input.providers
             ? g_hash_table_lookup (reasons->input.providers, operation->name)
             : NULL;
}

char *
v2v_why_before (V2vReasons *reasons, const V2vProvider *provider, const V2vProvider *other)
{
  const char *chosen = chosen_name (reasons, provider->operation);

  if (chosen && strcmp (chosen, provider->name) == 0)
    return g_strdup_printf ("--provider %s=%s", provider->operation->name, chosen);
  if (v2v_provider_is_over (provider, other))
    return g_strdup_printf ("%s says that it is over it", provider->name);
  if (v2v_provider_implies (provider, other))
    return g_strdup_printf ("where %s fits, it always fits as well: %s is more specific",
                            provider->name, provider->name);
  return g_strdup ("it comes before it");
}

static gboolean
is_bound (const V2vRequest *request, const V2vProvider *provider)
{
  return g_ptr_array_find (request->providers, provider, NULL);
}

/* Explains why PROVIDER does not carry out REQUEST. */
static void
tell_other (V2vReasons *reasons, JsonObject *parent, const V2vRequest *request,
            const V2vProvider *provider)
{
  const char *chosen = chosen_name (reasons, request->operation);
  g_autofree char *why = NULL;
  JsonObject *node;

  reasons->eval.params = request->args;
  reasons->eval.unknown = NULL;
  if (v2v_eval_clauses (&reasons->eval, provider->clauses) == V2V_TRUE) {
    if (chosen && strcmp (chosen, provider->name) != 0)
      why = g_strdup_printf ("--provider %s=%s", request->operation->name, chosen);
    else
      why = request->providers->len > 0
                ? v2v_why_before (reasons, request->providers->pdata[0], provider)
                : g_strdup ("none that fits comes before all others");
    node = v2v_node_add (parent, "provider", "%s fits as well, but was not chosen: %s",
                         v2v_provider_label (provider), why);
    json_object_set_boolean_member (node, "fits", TRUE);
  } else {
    why = v2v_eval_why_not (&reasons->eval, provider->clauses);
    node = v2v_node_add (parent, "provider", "%s does not fit: it %s",
                         v2v_provider_label (provider), why);
    json_object_set_boolean_member (node, "fits", FALSE);
  }
  v2v_node_set_place (node, provider->name, provider->place);
  json_object_set_boolean_member (node, "chosen", FALSE);
}

static void
tell_provider (V2vReasons *reasons, JsonObject *parent, const V2vRequest *request,
               const V2vProvider *provider)
{
  JsonObject *node = v2v_node_add (
      parent, "provider", "%s carries it out%s%s%s", v2v_provider_label (provider),
      provider->describe ? ": \"" : "", provider->describe ? provider->describe : "",
      provider->describe ? "\"" : "");

  v2v_node_set_place (node, provider->name, provider->place);
  json_object_set_boolean_member (node, "fits", TRUE);
  json_object_set_boolean_member (node, "chosen", TRUE);
  /* What depends on the request is explained for each request, everything else once. */
  if (!g_hash_table_add (reasons->told, (gpointer)provider)) {
    v2v_node_append (node, " (told above)");
    return;
  }
  reasons->eval.params = request->args;
  for (guint i = 0; i < provider->clauses->len; i++) {
    v2v_tell_clause (reasons, node, provider->clauses->pdata[i]);
    reasons->eval.params = request->args;
  }
  if (request->operation->dispatch == V2V_DISPATCH_ALL)
    v2v_node_add (node, "choice", "every provider of %s that fits is taken",
                  request->operation->name);
}

static void
tell_providers (V2vReasons *reasons, JsonObject *parent, const V2vRequest *request)
{
  const GPtrArray *providers = request->operation->providers;
  gboolean first = TRUE;

  if (request->operation->direct)
    return;
  for (guint i = 0; i < request->providers->len; i++) {
    const V2vProvider *provider = g_ptr_array_index (request->providers, i);

    first = first && !g_hash_table_contains (reasons->told, provider);
    tell_provider (reasons, parent, request, provider);
  }
  if (request->providers->len == 0)
    v2v_node_add (parent, "choice", "no provider carries it out");
  /* Providers that are not chosen are explained with the first request for which they are
   * not. */
  for (guint i = 0; first && i < providers->len; i++)
    if (!is_bound (request, providers->pdata[i]))
      tell_other (reasons, parent, request, providers->pdata[i]);
  reasons->eval.params = NULL;
}

/* ---- requests ---- */

static gboolean
same_bindings (const V2vReason *a, const V2vReason *b)
{
  if (a->rule != b->rule)
    return FALSE;
  for (guint i = 0; i < a->bindings->len; i++)
    if (a->bindings->pdata[i] != b->bindings->pdata[i])
      return FALSE;
  return TRUE;
}

/* A rule that requests several operations is explained with the first. */
static void
tell_reason (V2vReasons *reasons, JsonObject *node, const V2vReason *reason)
{
  g_autoptr (GString) key = g_string_new (NULL);

  g_string_append_printf (key, "%p", (const void *)reason->rule);
  for (guint i = 0; i < reason->bindings->len; i++)
    g_string_append_printf (key, " %p", reason->bindings->pdata[i]);
  if (g_hash_table_add (reasons->told, (gpointer)v2v_intern (key->str))) {
    v2v_tell_rule (reasons, node, reason, "asks for it");
  } else {
    JsonObject *rule = v2v_node_add (node, "rule", "%s asks for it (told above",
                                     v2v_rule_label (reason->rule));

    for (guint i = 0; i < reason->bindings->len; i++) {
      g_autofree char *fact = v2v_fact_text (reason->bindings->pdata[i]);

      v2v_node_append (rule, i > 0 ? ", " : ", for ");
      v2v_node_append (rule, fact);
    }
    v2v_node_append (rule, ")");
    v2v_node_set_place (rule, reason->rule->name, reason->rule->place);
  }
}

static void
tell_request (V2vReasons *reasons, JsonObject *root, const V2vRequest *request, V2vPhase phase)
{
  g_autofree char *text = v2v_request_text (request);
  JsonObject *node =
      v2v_node_add (root, "operation", "%s, in phase %s", text, v2v_phase_name (phase));

  json_object_set_string_member (node, "request", text);
  json_object_set_string_member (node, "phase", v2v_phase_name (phase));
  tell_providers (reasons, node, request);
  for (guint i = 0; i < request->reasons->len; i++) {
    const V2vReason *reason = g_ptr_array_index (request->reasons, i);

    /* A rule that requests the same twice is named once. */
    if (i == 0 || !same_bindings (request->reasons->pdata[i - 1], reason))
      tell_reason (reasons, node, reason);
  }
}

static gboolean
is_asked (const V2vRequest *request, const char *what)
{
  g_autofree char *text = NULL;

  if (!what || strcmp (what, request->operation->name) == 0)
    return TRUE;
  text = v2v_request_text (request);
  return strcmp (what, text) == 0;
}

/* The requests in the order of the plan; without a whole plan, in that of the rules. */
static guint
tell_requests (V2vReasons *reasons, JsonObject *root, const char *what)
{
  const V2vPlan *plan = reasons->plan;
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  guint count = 0;

  for (guint i = 0; i < plan->steps->len; i++) {
    const V2vStep *step = g_ptr_array_index (plan->steps, i);

    for (guint j = 0; j < step->requests->len; j++) {
      const V2vRequest *request = g_ptr_array_index (step->requests, j);

      if (!is_asked (request, what) || !g_hash_table_add (seen, (gpointer)request))
        continue;
      tell_request (reasons, root, request, step->phase);
      count++;
    }
  }
  for (guint i = 0; i < plan->requests->len; i++) {
    const V2vRequest *request = g_ptr_array_index (plan->requests, i);

    if (!is_asked (request, what) || !g_hash_table_add (seen, (gpointer)request))
      continue;
    tell_request (reasons, root, request, request->operation->phase);
    count++;
  }
  return count;
}

/* Adds a node with the first line of TEXT behind WORD; its other lines become child nodes. */
static void
tell_message (JsonObject *root, const char *kind, const char *word, const char *message)
{
  g_auto (GStrv) lines = g_strsplit (message, "\n", -1);
  JsonObject *node = v2v_node_add (root, kind, "%s: %s", word, lines[0]);

  for (guint i = 1; lines[i]; i++)
    v2v_node_add (node, kind, "%s", g_strstrip (lines[i]));
}

/* Adds the refusals and warnings of rules. */
static void
tell_messages (V2vReasons *reasons, JsonObject *root)
{
  for (guint i = 0; i < reasons->findings.fail_lines->len; i++)
    tell_message (root, "refusal", "refused", reasons->findings.fail_lines->pdata[i]);
  for (guint i = 0; i < reasons->plan->warnings->len; i++)
    tell_message (root, "warning", "warning", reasons->plan->warnings->pdata[i]);
}

static void
tell_problems (V2vReasons *reasons, JsonObject *root)
{
  for (guint i = 0; i < reasons->problems->len; i++)
    tell_message (root, "problem", "there is no whole plan", reasons->problems->pdata[i]);
}

/* ---- facts ---- */

/* Adds the rules that set FIELD of other facts but not of this one. */
static void
tell_why_unset (V2vReasons *reasons, JsonObject *parent, V2vFact *fact, const V2vField *field)
{
  const GPtrArray *rules = reasons->input.rules->rules;

  for (guint i = 0; i < rules->len; i++) {
    const V2vRule *rule = g_ptr_array_index (rules, i);

    for (guint j = 0; j < rule->heads->len; j++) {
      const V2vHead *head = g_ptr_array_index (rule->heads, j);
      JsonObject *node;

      if (!g_hash_table_contains (reasons->fired, rule) ||
          head->kind != V2V_HEAD_ASSERT_FIELD || head->field != field || !head->on_variable)
        continue;
      node = v2v_node_add (parent, "rule", "%s sets it for others, not for this one",
                           v2v_rule_label (rule));
      v2v_node_set_place (node, rule->name, rule->place);
      v2v_tell_nearest_binding (reasons, node, rule->clauses, rule->variables, fact,
                                head->slot);
    }
  }
}

static void
tell_field (V2vReasons *reasons, JsonObject *parent, const V2vFact *fact, const V2vField *field,
            gboolean alone)
{
  const gboolean with_fact = !fact->decl->multiple;
  const V2vValue value = fact->values[field->index];
  g_autofree char *shown = v2v_value_to_rule_text (field->type.kind, value);
  const gboolean derived = v2v_is_derived (reasons, fact, field);
  const char *by = derived ? NULL : fact->by[field->index];
  JsonObject *node = v2v_node_add (
      parent, "fact", "%s%s%s is %s%s%s%s", with_fact ? fact->decl->name : "",
      with_fact ? "." : "", field->name, shown, by ? " (" : "", by ? by : "", by ? ")" : "");

  v2v_node_set_place (node, field->name, field->place);
  json_object_set_string_member (node, "fact", fact->decl->name);
  if (v2v_value_is_set (value)) {
    g_autofree char *bare = v2v_value_to_text (value), *valid = g_utf8_make_valid (bare, -1);

    json_object_set_string_member (node, "value", valid);
  }
  if (derived) {
    if (alone || !v2v_came_with_fact (reasons, fact, field))
      v2v_tell_derivation (reasons, node, fact, field);
  } else if (!v2v_value_is_set (value) && field->derived) {
    if (fact->decl->multiple)
      tell_why_unset (reasons, node, (V2vFact *)fact, field);
    v2v_tell_writers (reasons, node, field, NULL);
  } else if (!v2v_value_is_set (value) && !v2v_eval_knows (&reasons->eval, fact->decl)) {
    g_autofree char *why = v2v_eval_why_unknown (&reasons->eval, fact->decl);

    v2v_node_append (node, "; ");
    v2v_node_append (node, why);
  }
}

static void
tell_fact (V2vReasons *reasons, JsonObject *root, const V2vFact *fact, const V2vField *only)
{
  const V2vFactDecl *decl = fact->decl;
  g_autofree char *text = NULL;
  JsonObject *node = root;

  if (decl->multiple) {
    text = v2v_fact_text (fact);
    node = v2v_node_add (root, "fact", "%s", text);
    json_object_set_string_member (node, "fact", decl->name);
    if (!only && v2v_is_derived (reasons, fact, NULL))
      v2v_tell_derivation (reasons, node, fact, NULL);
  }
  for (guint i = 0; i < decl->fields->len; i++) {
    const V2vField *field = g_ptr_array_index (decl->fields, i);

    if (only ? field == only : v2v_value_is_set (fact->values[i]))
      tell_field (reasons, node, fact, field, only != NULL);
  }
}

/* The fact of FACT or FACT.FIELD; NULL if WHAT is neither. *FIELD_R is NULL for the former. */
static const V2vFactDecl *
find_fact (const V2vSchema *schema, const char *what, const V2vField **field_r)
{
  const char *dot = strchr (what, '.');
  g_autofree char *name = dot ? g_strndup (what, (gsize)(dot - what)) : g_strdup (what);
  const V2vFactDecl *decl = v2v_schema_fact (schema, name);

  *field_r = decl && dot ? v2v_fact_decl_field (decl, dot + 1) : NULL;
  return dot && !*field_r ? NULL : decl;
}

/* FALSE if WHAT does not name a fact. */
static gboolean
tell_facts (V2vReasons *reasons, JsonObject *root, const char *what)
{
  const V2vField *field;
  const V2vFactDecl *decl = find_fact (reasons->input.rules->schema, what, &field);
  const GPtrArray *facts;

  if (!decl)
    return FALSE;
  facts = v2v_store_facts (reasons->eval.store, decl);
  for (guint i = 0; i < facts->len; i++)
    tell_fact (reasons, root, facts->pdata[i], field);
  if (!json_object_has_member (root, "because")) {
    JsonObject *node = v2v_node_add (root, "fact", "there is no %s", decl->name);

    if (!v2v_eval_knows (&reasons->eval, decl)) {
      g_autofree char *why = v2v_eval_why_unknown (&reasons->eval, decl);

      v2v_node_append (node, "; ");
      v2v_node_append (node, why);
    } else if (decl->derived) {
      const V2vClause any = {.kind = V2V_CLAUSE_SOME, .fact = (V2vFactDecl *)decl};

      v2v_tell_adders (reasons, node, &any);
    }
  }
  return TRUE;
}

/* ---- the question ---- */

static void
not_in_plan (V2vReasons *reasons, JsonObject *root, const V2vOperation *operation)
{
  JsonObject *node =
      v2v_node_add (root, "operation", "no rule that fired requests %s", operation->name);

  v2v_node_set_place (node, operation->name, operation->place);
  v2v_tell_requesters (reasons, node, operation);
}

/* WHAT is a request for OPERATION that the plan does not contain: names the requests that it
 * contains. */
static void
set_no_such_call (V2vReasons *reasons, const char *what, const V2vOperation *operation,
                  GError **error)
{
  const GPtrArray *list = g_hash_table_lookup (reasons->requests, operation);
  g_autoptr (GString) calls = g_string_new (NULL);

  for (guint i = 0; list && i < MIN (list->len, 10); i++) {
    g_autofree char *text = v2v_request_text (list->pdata[i]);

    g_string_append_printf (calls, "\n  %s", text);
  }
  g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
               "explain %s: this is not in the plan; of %s there is%s", what, operation->name,
               calls->len > 0 ? calls->str : " nothing in it");
}

static void
set_unknown (const V2vRuleSet *rules, const char *what, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *nearest;
  gboolean is_rule = FALSE;

  for (guint i = 0; i < rules->operations->len; i++)
    g_ptr_array_add (names,
                     g_strdup (((const V2vOperation *)rules->operations->pdata[i])->name));
  for (guint i = 0; i < rules->schema->facts->len; i++) {
    const V2vFactDecl *decl = g_ptr_array_index (rules->schema->facts, i);

    g_ptr_array_add (names, g_strdup (decl->name));
    for (guint j = 0; j < decl->fields->len; j++)
      g_ptr_array_add (names,
                       g_strdup_printf ("%s.%s", decl->name,
                                        ((const V2vField *)decl->fields->pdata[j])->name));
  }
  for (guint i = 0; i < rules->rules->len; i++)
    is_rule = is_rule || strcmp (((const V2vRule *)rules->rules->pdata[i])->name, what) == 0;
  nearest = v2v_nearest (what, names);
  g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
               "explain %s: expected an operation, a call as plan prints it, a fact or "
               "FACT.FIELD%s%s%s%s%s",
               what, nearest ? "; did you mean " : "", nearest ? nearest : "",
               nearest ? "?" : "", is_rule ? "; it is a rule: ask why-not " : "",
               is_rule ? what : "");
}

gboolean
v2v_reasons_can_explain (const V2vRuleSet *rules, const char *what, GError **error)
{
  const V2vField *field;
  g_autofree char *operation = NULL;

  if (!what)
    return TRUE;
  operation = g_strndup (what, strcspn (what, "("));
  if (g_hash_table_contains (rules->operations_by_name, operation) ||
      g_str_has_prefix (what, "lua \"") || g_str_has_prefix (what, "xslt \"") ||
      find_fact (rules->schema, what, &field))
    return TRUE;
  set_unknown (rules, what, error);
  return FALSE;
}

JsonNode *
v2v_reasons_explain (V2vReasons *reasons, const char *what, GError **error)
{
  g_autoptr (JsonObject) root = json_object_new ();
  JsonNode *node;
  gsize name = what ? strcspn (what, "(") : 0;
  g_autofree char *operation_name = g_strndup (what ? what : "", name);
  const V2vOperation *operation =
      g_hash_table_lookup (reasons->input.rules->operations_by_name, operation_name);

  json_object_set_string_member (root, "question", "explain");
  g_hash_table_remove_all (reasons->told);
  if (tell_requests (reasons, root, what) == 0 && what) {
    if (operation && !what[name]) {
      not_in_plan (reasons, root, operation);
    } else if (operation) {
      set_no_such_call (reasons, what, operation, error);
      return NULL;
    } else if (!tell_facts (reasons, root, what)) {
      set_unknown (reasons->input.rules, what, error);
      return NULL;
    }
  }
  if (!what)
    tell_messages (reasons, root);
  if (!what || operation)
    tell_problems (reasons, root);
  if (!json_object_has_member (root, "because"))
    v2v_node_add (root, "nothing", "the plan is empty: no rule requests anything");
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (node, root);
  return node;
}

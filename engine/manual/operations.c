/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Collects the data of v2v-operations(7): the operations that rules can request, and their
 * providers.
 */
#include "config.h"

#include "base/printable.h"
#include "manual/manual.h"

static void
add_after (xmlNode *node, const GPtrArray *operations, const GPtrArray *providers)
{
  for (guint i = 0; i < operations->len; i++)
    v2v_manual_add (node, "after", ((const V2vOperation *)operations->pdata[i])->name);
  for (guint i = 0; providers != NULL && i < providers->len; i++)
    v2v_manual_add (node, "after", ((const V2vProvider *)providers->pdata[i])->name);
}

/* Adds the parameters in which two requests must not agree. */
static void
add_conflict (xmlNode *parent, const V2vOperation *operation, const V2vConflict *conflict)
{
  xmlNode *node = v2v_manual_add (parent, conflict->unique ? "unique" : "excludes",
                                  conflict->unique ? NULL : conflict->other->name);

  for (guint i = 0; i < conflict->params->len; i++) {
    const V2vParam *param =
        operation->params->pdata[g_array_index (conflict->params, guint, i)];

    v2v_manual_add (node, "on", param->name);
  }
}

/* Adds the rules that request the operation, so that a reader can find where a request comes
 * from. */
static void
add_requesting (xmlNode *node, const V2vRuleSet *rules, const V2vOperation *operation)
{
  for (guint i = 0; i < rules->rules->len; i++) {
    const V2vRule *rule = rules->rules->pdata[i];
    gboolean requests = FALSE;

    for (guint j = 0; j < rule->heads->len; j++) {
      const V2vHead *head = rule->heads->pdata[j];

      requests |= head->kind == V2V_HEAD_DO && head->operation == operation;
    }
    if (requests)
      v2v_manual_add (node, "rule", rule->name);
  }
}

static void
add_provider (xmlNode *parent, const V2vRuleSet *rules, const V2vProvider *provider)
{
  xmlNode *node = v2v_manual_add (parent, "provider", provider->name);

  v2v_manual_file (node, rules, provider->place);
  if (provider->phase != provider->operation->phase)
    v2v_manual_set (node, "phase", v2v_phase_name (provider->phase));
  v2v_manual_sentence (node, provider->describe);
  for (guint i = 0; i < provider->clauses->len; i++) {
    g_autofree char *text = v2v_clause_text (provider->clauses->pdata[i]);
    g_autofree char *printable = v2v_printable (text, -1, FALSE);

    xmlNewTextChild (node, NULL, BAD_CAST "clause", BAD_CAST printable);
  }
  for (guint i = 0; i < provider->over->len; i++)
    v2v_manual_add (node, "over", ((const V2vProvider *)provider->over->pdata[i])->name);
  add_after (node, provider->after_operations, provider->after_providers);
}

static void
add_parameter (xmlNode *parent, const V2vParam *param)
{
  xmlNode *node = v2v_manual_add (parent, "parameter", param->name);

  v2v_manual_sentence (node, param->doc);
  v2v_manual_type (node, &param->type);
}

static void
add_operation (xmlNode *manual, const V2vRuleSet *rules, const V2vOperation *operation)
{
  xmlNode *node = v2v_manual_add (manual, "operation", operation->name);

  v2v_manual_file (node, rules, operation->place);
  v2v_manual_set (node, "phase", v2v_phase_name (operation->phase));
  v2v_manual_set (node, "dispatch", operation->dispatch == V2V_DISPATCH_ALL ? "all" : "one");
  v2v_manual_flag (node, "batch", operation->batch);
  v2v_manual_flag (node, "optional", operation->optional);
  v2v_manual_sentence (node, operation->doc);
  add_after (node, operation->after_operations, NULL);
  for (guint i = 0; i < operation->conflicts->len; i++)
    add_conflict (node, operation, operation->conflicts->pdata[i]);
  add_requesting (node, rules, operation);
  for (guint i = 0; i < operation->params->len; i++)
    add_parameter (node, operation->params->pdata[i]);
  for (guint i = 0; i < operation->providers->len; i++)
    add_provider (node, rules, operation->providers->pdata[i]);
}

xmlDoc *
v2v_manual_operations (const V2vRuleSet *rules, const char *const *names, GError **error)
{
  g_autoptr (GPtrArray) known = g_ptr_array_new ();
  xmlDoc *doc;

  for (guint i = 0; i < rules->operations->len; i++)
    g_ptr_array_add (known, (gpointer)((V2vOperation *)rules->operations->pdata[i])->name);
  if (!v2v_manual_names (names, known, "operation", error))
    return NULL;
  doc = v2v_manual_new (names[0] == NULL);
  for (guint phase = 0; phase < V2V_PHASES; phase++)
    for (guint i = 0; i < rules->operations->len; i++) {
      const V2vOperation *operation = rules->operations->pdata[i];

      if (operation->phase == phase && v2v_manual_wants (names, operation->name))
        add_operation (xmlDocGetRootElement (doc), rules, operation);
    }
  return doc;
}

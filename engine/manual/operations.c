/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * v2v-operations(7): what rules can request, and who does it.
 */
#include "config.h"

#include <string.h>

#include "manual/manual.h"

/* ---- lists ---- */

static void
add_name (V2vPage *page, guint index, const char *name)
{
  v2v_page_say (page, index == 0 ? " " : ", ");
  v2v_page_add (page, V2V_BOLD, name);
}

static void
add_after (V2vPage *page, const GPtrArray *operations, const GPtrArray *providers)
{
  guint n = 0;

  if (operations->len == 0 && (providers == NULL || providers->len == 0))
    return;
  v2v_page_say (page, "After");
  for (guint i = 0; i < operations->len; i++)
    add_name (page, n++, ((const V2vOperation *)operations->pdata[i])->name);
  for (guint i = 0; providers != NULL && i < providers->len; i++)
    add_name (page, n++, ((const V2vProvider *)providers->pdata[i])->name);
  v2v_page_say (page, ". ");
}

/* The parameters of CONFLICT, as in "on (a, b)". */
static void
add_params (V2vPage *page, const V2vOperation *operation, const V2vConflict *conflict)
{
  for (guint i = 0; i < conflict->params->len; i++) {
    const V2vParam *param =
        operation->params->pdata[g_array_index (conflict->params, guint, i)];

    add_name (page, i, param->name);
  }
}

/* ---- operations ---- */

static void
add_conflicts (V2vPage *page, const V2vOperation *operation)
{
  for (guint i = 0; i < operation->conflicts->len; i++) {
    const V2vConflict *conflict = operation->conflicts->pdata[i];

    v2v_page_break (page);
    if (conflict->unique && conflict->params->len == 0) {
      v2v_page_say (page, "Two different requests are an error.");
    } else if (conflict->unique) {
      v2v_page_say (page, "Two different requests with the same");
      add_params (page, operation, conflict);
      v2v_page_say (page, " are an error.");
    } else {
      v2v_page_say (page, "Excludes");
      add_name (page, 0, conflict->other->name);
      v2v_page_say (page, " with the same");
      add_params (page, operation, conflict);
      v2v_page_say (page, ".");
    }
  }
}

static void
add_head (V2vPage *page, const V2vRuleSet *rules, const V2vOperation *operation)
{
  g_autofree char *file = v2v_manual_file (rules, operation->place);

  v2v_manual_sentence (page, operation->doc);
  v2v_page_break (page);
  v2v_page_say (page, "Phase ");
  v2v_page_add (page, V2V_BOLD, v2v_phase_name (operation->phase));
  v2v_page_say (page, operation->dispatch == V2V_DISPATCH_ALL
                          ? ", done by every provider that fits"
                          : ", done by one provider");
  v2v_page_say (page,
                operation->batch ? ", which is called once with the list of all requests" : "");
  v2v_page_say (page, operation->optional
                          ? ". Optional: skipped with a warning if no provider fits. "
                          : ". ");
  add_after (page, operation->after_operations, NULL);
  v2v_page_say (page, "Declared in ");
  v2v_page_add (page, V2V_ITALIC, file);
  v2v_page_say (page, ".");
  add_conflicts (page, operation);
}

/* The rules that request it, for who wonders where a request comes from. */
static void
add_requesting (V2vPage *page, const V2vRuleSet *rules, const V2vOperation *operation)
{
  guint n = 0;

  for (guint i = 0; i < rules->rules->len; i++) {
    const V2vRule *rule = rules->rules->pdata[i];
    gboolean requests = FALSE;

    for (guint j = 0; j < rule->heads->len; j++) {
      const V2vHead *head = rule->heads->pdata[j];

      requests |= head->kind == V2V_HEAD_DO && head->operation == operation;
    }
    if (!requests)
      continue;
    if (n == 0) {
      v2v_page_break (page);
      v2v_page_say (page, "Requested by");
    }
    add_name (page, n++, rule->name);
  }
  v2v_page_say (page, n > 0 ? "." : "");
}

static void
print_provider (V2vPage *page, const V2vRuleSet *rules, const V2vProvider *provider)
{
  g_autofree char *file = v2v_manual_file (rules, provider->place);

  v2v_page_item (page);
  v2v_page_say (page, "Provider ");
  v2v_page_add (page, V2V_BOLD, provider->name);
  v2v_page_body (page);
  v2v_manual_sentence (page, provider->describe);
  for (guint i = 0; i < provider->clauses->len; i++) {
    g_autofree char *text = v2v_clause_text (provider->clauses->pdata[i]);

    v2v_page_break (page);
    v2v_page_add (page, V2V_BOLD, text);
  }
  v2v_page_break (page);
  for (guint i = 0; i < provider->over->len; i++) {
    v2v_page_say (page, i == 0 ? "Goes before" : "");
    add_name (page, i, ((const V2vProvider *)provider->over->pdata[i])->name);
    v2v_page_say (page, i + 1 == provider->over->len ? ". " : "");
  }
  add_after (page, provider->after_operations, provider->after_providers);
  if (provider->phase != provider->operation->phase) {
    v2v_page_say (page, "In phase ");
    v2v_page_add (page, V2V_BOLD, v2v_phase_name (provider->phase));
    v2v_page_say (page, ". ");
  }
  v2v_page_say (page, "Declared in ");
  v2v_page_add (page, V2V_ITALIC, file);
  v2v_page_say (page, ".");
}

static void
print_operation (V2vPage *page, const V2vRuleSet *rules, const V2vOperation *operation)
{
  v2v_page_subheading (page, operation->name);
  v2v_page_paragraph (page);
  add_head (page, rules, operation);
  add_requesting (page, rules, operation);
  for (guint i = 0; i < operation->params->len; i++) {
    const V2vParam *param = operation->params->pdata[i];

    v2v_page_item (page);
    v2v_page_add (page, V2V_BOLD, param->name);
    v2v_page_say (page, ": ");
    v2v_manual_type (page, &param->type);
    v2v_page_body (page);
    v2v_manual_sentence (page, param->doc);
  }
  for (guint i = 0; i < operation->providers->len; i++)
    print_provider (page, rules, operation->providers->pdata[i]);
}

/* ---- the page ---- */

char *
v2v_manual_operations (const V2vRuleSet *rules, V2vPageFormat format, const char *const *names,
                       GError **error)
{
  g_autoptr (GPtrArray) known = g_ptr_array_new ();
  V2vPage *page;

  for (guint i = 0; i < rules->operations->len; i++)
    g_ptr_array_add (known, (gpointer)((V2vOperation *)rules->operations->pdata[i])->name);
  if (!v2v_manual_names (names, known, "operation", error))
    return NULL;
  page = v2v_page_new (format, "v2v-operations", 7,
                       "operations that the rules of v2v-engine request");
  if (names[0] == NULL) {
    v2v_page_heading (page, "Description");
    v2v_page_say (page, "What rules can request with `do`, and the providers that do it. Of "
                        "an operation that one provider does, that one is taken whose "
                        "conditions hold for the guest; of several, the one whose conditions "
                        "say most. What a conversion would do, and by which providers, "
                        "`v2v-engine plan` shows; `--provider OPERATION=NAME` takes another "
                        "one.");
    v2v_page_paragraph (page);
    v2v_page_say (page, "Two more kinds of request need no declaration: `do lua` calls a "
                        "script, `do xslt` applies a stylesheet. `v2v-rules`(5) says how "
                        "rules request, and how operations and providers are declared.");
    v2v_page_paragraph (page);
    v2v_page_say (
        page,
        "This page is made from what rule files declare: `v2v-engine doc operations` shows "
        "it with the rules that are in effect, those of `--rules-dir` included, and "
        "`v2v-engine doc operations NAME` a part of it.");
  }
  for (guint phase = 0; phase < V2V_PHASES; phase++) {
    gboolean any = FALSE;

    for (guint i = 0; i < rules->operations->len; i++) {
      const V2vOperation *operation = rules->operations->pdata[i];

      if (operation->phase != phase || !v2v_manual_wants (names, operation->name))
        continue;
      if (!any) {
        g_autofree char *title =
            g_strdup_printf ("Operations of phase %s", v2v_phase_name ((V2vPhase)phase));

        v2v_page_heading (page, title);
      }
      any = TRUE;
      print_operation (page, rules, operation);
    }
  }
  if (names[0] == NULL)
    v2v_page_see_also (page, "`v2v-engine`(1), `v2v-lua`(3), `v2v-rules`(5), `v2v-facts`(7)");
  return v2v_page_end (page);
}

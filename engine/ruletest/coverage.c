/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Counts how many tests in rule files fire each rule and provider, and how many do not.
 */
#include "config.h"

#include <string.h>

#include "lang/codes.h"
#include "ruletest/coverage.h"
#include "ruletest/ruletest.h"

struct V2vCoverage {
  const V2vRuleSet *rules;
  GPtrArray *list;   /* V2vCovered */
  GHashTable *index; /* V2vRule or V2vProvider -> V2vCovered */
};

static void
add (V2vCoverage *coverage, gconstpointer what, const V2vCovered *covered)
{
  V2vCovered *entry = g_memdup2 (covered, sizeof *covered);

  g_ptr_array_add (coverage->list, entry);
  g_hash_table_insert (coverage->index, (gpointer)what, entry);
}

V2vCoverage *
v2v_coverage_new (const V2vRuleSet *rules)
{
  V2vCoverage *coverage = g_new0 (V2vCoverage, 1);

  coverage->rules = rules;
  coverage->list = g_ptr_array_new_with_free_func (g_free);
  coverage->index = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < rules->rules->len; i++) {
    const V2vRule *rule = rules->rules->pdata[i];

    add (coverage, rule,
         &(V2vCovered){.rule = rule, .origin = rule->origin, .place = rule->place});
  }
  for (guint i = 0; i < rules->providers->len; i++) {
    const V2vProvider *provider = rules->providers->pdata[i];

    add (coverage, provider,
         &(V2vCovered){
             .provider = provider, .origin = provider->origin, .place = provider->place});
  }
  return coverage;
}

void
v2v_coverage_free (V2vCoverage *coverage)
{
  if (!coverage)
    return;
  g_hash_table_unref (coverage->index);
  g_ptr_array_unref (coverage->list);
  g_free (coverage);
}

static gboolean
same_directory (const char *a, const char *b)
{
  g_autofree char *one = g_path_get_dirname (a), *other = g_path_get_dirname (b);

  return strcmp (one, other) == 0;
}

void
v2v_coverage_add (V2vCoverage *coverage, const V2vTest *test, const V2vPlan *plan)
{
  g_autoptr (GHashTable) fired = g_hash_table_new (NULL, NULL);

  for (guint i = 0; plan && i < plan->fired->len; i++)
    g_hash_table_add (fired, (gpointer)((const V2vFired *)plan->fired->pdata[i])->rule);
  for (guint i = 0; plan && i < plan->requests->len; i++) {
    const V2vRequest *request = plan->requests->pdata[i];

    for (guint j = 0; j < request->providers->len; j++)
      g_hash_table_add (fired, request->providers->pdata[j]);
  }
  for (guint i = 0; i < coverage->list->len; i++) {
    V2vCovered *covered = coverage->list->pdata[i];
    gconstpointer what =
        covered->rule ? (gconstpointer)covered->rule : (gconstpointer)covered->provider;

    if (g_hash_table_contains (fired, what))
      covered->fired++;
    else if (same_directory (covered->origin, test->origin))
      covered->quiet++;
  }
}

V2vCoverage *
v2v_coverage_measure (const V2vRuleSet *rules)
{
  V2vCoverage *coverage = v2v_coverage_new (rules);
  const V2vTestRun run = {.coverage = coverage};

  for (guint i = 0; i < rules->tests->len; i++) {
    g_autofree char *why = NULL;

    v2v_rule_test_run (rules, rules->tests->pdata[i], &run, &why);
  }
  return coverage;
}

const GPtrArray *
v2v_coverage_list (const V2vCoverage *coverage)
{
  return coverage->list;
}

const char *
v2v_covered_label (const V2vCovered *covered)
{
  return covered->rule ? v2v_rule_label (covered->rule)
                       : v2v_provider_label (covered->provider);
}

void
v2v_coverage_warn (const V2vCoverage *coverage, V2vDiags *diags)
{
  for (guint i = 0; i < coverage->list->len; i++) {
    const V2vCovered *covered = coverage->list->pdata[i];

    if (!covered->rule || covered->fired > 0)
      continue;
    v2v_diags_add (
        diags, V2V_DIAG_WARNING, V2V_CODE_UNTESTED, covered->place,
        (guint)strlen (covered->rule->name),
        "write a test that gives the facts it needs, beside it or in a file that ends "
        "in .test.v2v",
        "no test fires rule %s", covered->rule->name);
  }
}

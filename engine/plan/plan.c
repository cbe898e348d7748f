/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Planning from facts and rules to ordered steps: calls the parts in turn.
 */
#include "config.h"

#include "base/log.h"
#include "plan/make.h"

void
v2v_findings_init (V2vFindings *findings, gboolean keep_going)
{
  findings->keep_going = keep_going;
  findings->fails = g_ptr_array_new_with_free_func (g_free);
  findings->fail_lines = g_ptr_array_new_with_free_func (g_free);
  findings->warns = g_ptr_array_new_with_free_func (g_free);
  findings->missing = findings->missing_said = NULL;
}

void
v2v_findings_clear (V2vFindings *findings)
{
  g_ptr_array_unref (findings->fails);
  g_ptr_array_unref (findings->fail_lines);
  g_ptr_array_unref (findings->warns);
  g_free (findings->missing);
  g_free (findings->missing_said);
}

static void
list_fired (V2vPlan *plan, const V2vRuleSet *rules, GHashTable *fired)
{
  for (guint i = 0; i < rules->rules->len; i++) {
    const V2vRule *rule = g_ptr_array_index (rules->rules, i);
    guint times = GPOINTER_TO_UINT (g_hash_table_lookup (fired, rule));

    if (times > 0) {
      V2vFired *entry = g_new (V2vFired, 1);

      entry->rule = rule;
      entry->times = times;
      g_ptr_array_add (plan->fired, entry);
    }
  }
}

static gboolean
build (V2vEval *eval, V2vPlan *plan, GHashTable *fired, V2vFindings *findings, GError **error)
{
  if (!v2v_derive_run (eval, fired, error) ||
      !v2v_collect_requests (eval, plan, fired, findings, error))
    return FALSE;
  list_fired (plan, eval->input->rules, fired);
  if (findings->fails->len > 0 && !findings->keep_going)
    return TRUE;
  if (!v2v_check_conflicts (plan, error) || !v2v_bind_providers (eval, plan, findings, error))
    return FALSE;
  if (findings->missing && !findings->keep_going)
    return TRUE;
  return v2v_order_steps (eval, plan, error);
}

V2vPlan *
v2v_plan_build (const V2vPlanInput *input, V2vFindings *findings, GError **error)
{
  g_autoptr (V2vPlan) plan = v2v_plan_new ();
  g_autoptr (GHashTable) fired = g_hash_table_new (NULL, NULL);
  V2vEval eval;
  gboolean ok;

  v2v_eval_init (&eval, input);
  ok = build (&eval, plan, fired, findings, error);
  v2v_eval_clear (&eval);
  return ok ? g_steal_pointer (&plan) : NULL;
}

V2vPlan *
v2v_plan_make (const V2vPlanInput *input, GError **error)
{
  g_autoptr (V2vPlan) plan = NULL;
  V2vFindings findings;

  v2v_findings_init (&findings, FALSE);
  plan = v2v_plan_build (input, &findings, error);
  if (plan && findings.fails->len > 0) {
    const gboolean places = v2v_log_shows_places ();
    g_autoptr (GString) text =
        g_string_new (places ? "the rules refuse this guest:" : "this guest is not converted:");
    const char *between = places || findings.fail_lines->len > 1 ? "\n  " : " ";

    for (guint i = 0; i < findings.fail_lines->len; i++)
      g_string_append_printf (text, "%s%s", between, (char *)findings.fail_lines->pdata[i]);
    g_set_error_literal (error, V2V_ERROR, V2V_EXIT_DATA, text->str);
    g_clear_pointer (&plan, v2v_plan_free);
  } else if (plan && findings.missing) {
    g_set_error_literal (error, V2V_ERROR, V2V_EXIT_DATA, findings.missing);
    v2v_error_say (error, "%s", findings.missing_said);
    g_clear_pointer (&plan, v2v_plan_free);
  }
  v2v_findings_clear (&findings);
  return g_steal_pointer (&plan);
}

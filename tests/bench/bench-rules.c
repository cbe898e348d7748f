/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Times, in one run: loading a tree of rules with its checks, and planning from a capture.
 *
 *   bench-rules TREE CAPTURE
 *
 * prints "LOAD PLAN REQUESTS": two times in milliseconds and the number of requests that were
 * made.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/diag.h"
#include "plan/plan.h"

static void
tree_free (gpointer data)
{
  g_free (((V2vRuleTree *)data)->dir);
  g_free (data);
}

static double
milliseconds (gint64 from)
{
  return (double)(g_get_monotonic_time () - from) / 1000;
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) trees = g_ptr_array_new_with_free_func (tree_free);
  V2vRuleTree *tree = g_new0 (V2vRuleTree, 1);
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  g_autoptr (V2vRuleSet) rules = NULL;
  g_autoptr (V2vStore) store = NULL;
  g_autoptr (V2vPlan) plan = NULL;
  g_autoptr (GError) error = NULL;
  V2vPlanInput input = {0};
  const V2vCapture *capture;
  double load, planning;
  gint64 start;

  if (argc != 3) {
    fprintf (stderr, "usage: bench-rules TREE CAPTURE\n");
    return V2V_EXIT_USAGE;
  }
  tree->dir = g_strdup (argv[1]);
  tree->shipped = TRUE;
  g_ptr_array_add (trees, tree);

  start = g_get_monotonic_time ();
  rules = v2v_ruleset_load (g_steal_pointer (&trees), NULL, FALSE, NULL, diags);
  load = milliseconds (start);
  capture = rules ? v2v_ruleset_read_capture (rules, argv[2], diags) : NULL;
  v2v_diags_print (diags, stderr);
  if (!capture)
    return V2V_EXIT_CONFIG;

  store = v2v_store_new (rules->schema);
  if (!v2v_capture_apply (capture, store, &error)) {
    fprintf (stderr, "%s\n", error->message);
    return v2v_error_exit (error);
  }
  input.rules = rules;
  input.store = store;
  start = g_get_monotonic_time ();
  plan = v2v_plan_make (&input, &error);
  planning = milliseconds (start);
  if (!plan) {
    fprintf (stderr, "%s\n", error->message);
    return v2v_error_exit (error);
  }
  printf ("%.3f %.3f %u\n", load, planning, plan->requests->len);
  return 0;
}

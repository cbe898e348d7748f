/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Times, in one run: loading a tree of rules with its checks, and planning from a capture.
 *
 *   bench-rules TREE CAPTURE
 *
 * prints "LOAD PLAN REQUESTS": two times in milliseconds and the number of requests that were
 * made. To time another program in the same way,
 *
 *   bench-rules --cpu COMMAND ...
 *
 * runs it and prints "CPU TIME" after what it prints. All times are of the processor: on a
 * machine that does other work, time on the wall says more about that.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/resource.h>
#include <sys/wait.h>

#include "base/diag.h"
#include "load/load.h"
#include "plan/plan.h"

static void
tree_free (gpointer data)
{
  g_free (((V2vRuleDir *)data)->dir);
  g_free (data);
}

static double
now (void)
{
  struct timespec time;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static int
time_command (char **argv)
{
  struct rusage usage;
  int status;
  pid_t child = fork ();

  if (child == 0) {
    execvp (argv[0], argv);
    perror (argv[0]);
    _exit (127);
  }
  if (child < 0 || waitpid (child, &status, 0) < 0 || getrusage (RUSAGE_CHILDREN, &usage) < 0) {
    perror (argv[0]);
    return V2V_EXIT_IOERR;
  }
  printf ("\nCPU %.3f\n", (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
                              (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3);
  return WIFEXITED (status) ? WEXITSTATUS (status) : V2V_EXIT_SOFTWARE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) trees = g_ptr_array_new_with_free_func (tree_free);
  V2vRuleDir *tree;
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  g_autoptr (V2vRuleSet) rules = NULL;
  g_autoptr (V2vStore) store = NULL;
  g_autoptr (V2vPlan) plan = NULL;
  g_autoptr (GError) error = NULL;
  V2vPlanInput input = {0};
  const V2vCapture *capture;
  double start, load, planning;

  if (argc > 2 && strcmp (argv[1], "--cpu") == 0)
    return time_command (argv + 2);
  if (argc != 3) {
    fprintf (stderr, "usage: bench-rules TREE CAPTURE | --cpu COMMAND ...\n");
    return V2V_EXIT_USAGE;
  }
  tree = g_new0 (V2vRuleDir, 1);
  tree->dir = g_strdup (argv[1]);
  tree->shipped = TRUE;
  g_ptr_array_add (trees, tree);

  start = now ();
  rules = v2v_ruleset_load (g_steal_pointer (&trees), NULL, FALSE, NULL, diags);
  load = now () - start;
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
  start = now ();
  plan = v2v_plan_make (&input, &error);
  planning = now () - start;
  if (!plan) {
    fprintf (stderr, "%s\n", error->message);
    return v2v_error_exit (error);
  }
  printf ("%.3f %.3f %u\n", load, planning, plan->requests->len);
  return 0;
}

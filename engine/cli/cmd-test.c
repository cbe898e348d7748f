/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The command test: runs the tests of rule files and prints TAP.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "cli/commands.h"
#include "cli/load-rules.h"
#include "ruletest/treetest.h"

static const V2vOptionDef options[] = {
    {"shuffle", "SEED",
     "take files, rules and what tests give in an order drawn from SEED; the results must be "
     "the "
     "same",
     FALSE},
    {"with-appliance", NULL, "run also the tests that give a tree of files, in an appliance",
     FALSE},
    {"coverage", NULL, "name the rules and providers that no test fires, or leaves quiet",
     FALSE},
    {NULL},
};

static void
print_failure (const char *why)
{
  g_auto (GStrv) lines = g_strsplit (why, "\n", -1);

  for (guint i = 0; lines[i]; i++)
    v2v_printf ("# %s\n", lines[i]);
}

/* Prints comments of TAP, which change no result. */
static void
print_coverage (const V2vCoverage *coverage)
{
  const GPtrArray *list = v2v_coverage_list (coverage);
  guint rules = 0, providers = 0, rules_fired = 0, providers_fired = 0, never_quiet = 0;

  for (guint i = 0; i < list->len; i++) {
    const V2vCovered *covered = list->pdata[i];

    *(covered->rule ? &rules : &providers) += 1;
    if (covered->fired > 0)
      *(covered->rule ? &rules_fired : &providers_fired) += 1;
    else
      v2v_printf ("# no test fires %s\n", v2v_covered_label (covered));
  }
  for (guint i = 0; i < list->len; i++) {
    const V2vCovered *covered = list->pdata[i];

    if (covered->fired > 0 && covered->quiet == 0) {
      v2v_printf ("# no test beside it leaves %s quiet\n", v2v_covered_label (covered));
      never_quiet++;
    }
  }
  v2v_printf ("# coverage: tests fire %u of %u rules and %u of %u providers; %u %s never left "
              "quiet\n",
              rules_fired, rules, providers_fired, providers, never_quiet,
              never_quiet == 1 ? "is" : "are");
}

static gboolean
run (V2vCommandLine *line, GError **error)
{
  const char *shuffle = v2v_option_get (line->values, "shuffle");
  g_autoptr (V2vCoverage) coverage = NULL;
  g_autoptr (V2vTreeTests) trees = NULL;
  V2vTestRun how = {0};
  guint64 seed = 0;
  guint failed = 0;

  if (shuffle && !g_ascii_string_to_unsigned (shuffle, 10, 1, G_MAXUINT, &seed, NULL)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE, "--shuffle %s: expected a number from 1 on",
                 shuffle);
    return FALSE;
  }
  g_ptr_array_add (line->words, NULL);
  line->rules = v2v_load_rules_shuffled (line, (const char *const *)line->words->pdata, TRUE,
                                         (guint)seed, error);
  if (!line->rules)
    return FALSE;
  if (v2v_option_is_set (line->values, "coverage"))
    coverage = v2v_coverage_new (line->rules);
  how = (V2vTestRun){.shuffle = (guint)seed, .coverage = coverage};
  if (v2v_option_is_set (line->values, "with-appliance")) {
    trees = v2v_tree_tests_new (line->rules);
    how.guest = &v2v_tree_guest;
    how.data = trees;
  }
  printf ("1..%u\n", line->rules->tests->len);
  for (guint i = 0; i < line->rules->tests->len; i++) {
    const V2vTest *test = line->rules->tests->pdata[i];
    g_autofree char *why = NULL;

    if (test->tree && !trees) {
      v2v_printf ("ok %u - %s: %s # SKIP it needs an appliance: --with-appliance\n", i + 1,
                  test->origin, test->name);
      if (coverage)
        v2v_rule_test_run (line->rules, test, &how, &why);
    } else if (v2v_rule_test_run (line->rules, test, &how, &why)) {
      v2v_printf ("ok %u - %s: %s\n", i + 1, test->origin, test->name);
    } else {
      failed++;
      v2v_printf ("not ok %u - %s: %s\n", i + 1, test->origin, test->name);
      print_failure (why);
    }
  }
  if (coverage)
    print_coverage (coverage);
  if (failed == 0)
    return TRUE;
  g_set_error (error, V2V_ERROR, V2V_EXIT_CONFIG, "%u of %u rule tests failed", failed,
               line->rules->tests->len);
  return FALSE;
}

const V2vCommand v2v_command_test = {
    .name = "test",
    .arguments = "[FILE ...]",
    .help = "run the tests of rule files, printing TAP",
    .options = options,
    .own_rules = TRUE,
    .words_max = G_MAXUINT,
    .run = run,
};

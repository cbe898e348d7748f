/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * test: runs the tests of rule files and prints TAP.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "cli/commands.h"
#include "plan/plan.h"

static const V2vOptionDef options[] = {
    {"shuffle", "SEED",
     "process the rules in an order drawn from SEED; the results must be the same", FALSE},
    {NULL},
};

static void
print_failure (const char *why)
{
  g_auto (GStrv) lines = g_strsplit (why, "\n", -1);

  for (guint i = 0; lines[i]; i++)
    printf ("# %s\n", lines[i]);
}

static gboolean
run (V2vCommandLine *line, GError **error)
{
  const char *shuffle = v2v_option_get (line->values, "shuffle");
  guint64 seed = 0;
  guint failed = 0;

  if (shuffle && !g_ascii_string_to_unsigned (shuffle, 10, 1, G_MAXUINT, &seed, NULL)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE, "--shuffle %s: expected a number from 1 on",
                 shuffle);
    return FALSE;
  }
  g_ptr_array_add (line->words, NULL);
  line->rules = v2v_load_rules (line, (const char *const *)line->words->pdata, TRUE, error);
  if (!line->rules)
    return FALSE;
  printf ("1..%u\n", line->rules->tests->len);
  for (guint i = 0; i < line->rules->tests->len; i++) {
    const V2vTest *test = line->rules->tests->pdata[i];
    g_autofree char *why = NULL;

    if (v2v_rule_test_run (line->rules, test, (guint)seed, &why)) {
      printf ("ok %u - %s: %s\n", i + 1, test->origin, test->name);
    } else {
      failed++;
      printf ("not ok %u - %s: %s\n", i + 1, test->origin, test->name);
      print_failure (why);
    }
  }
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

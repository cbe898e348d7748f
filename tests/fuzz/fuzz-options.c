/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fuzz target: a command line, a word a line, with the options of the shipped rules.
 */
#include "config.h"

#include "base/log.h"
#include "cli/commands.h"
#include "cli/options.h"

#include "fuzz.h"
#include "load/load.h"

/* Words of a command line. */
#define WORDS_MAX 64

static V2vRuleSet *rules;

int
LLVMFuzzerInitialize (int *argc G_GNUC_UNUSED, char ***argv G_GNUC_UNUSED)
{
  g_autoptr (GPtrArray) trees = v2v_rule_dirs_default (NULL);
  g_autoptr (V2vDiags) diags = v2v_diags_new ();

  v2v_log_setup (V2V_QUIET, -1);
  rules = v2v_ruleset_load (trees, NULL, FALSE, NULL, diags);
  g_assert_nonnull (rules);
  return 0;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autofree char *whole = g_strconcat ("v2v-engine\n", text, NULL);
  g_auto (GStrv) argv = g_strsplit (whole, "\n", WORDS_MAX);
  g_autoptr (V2vCommandLine) line = v2v_command_line_new (v2v_commands);
  g_autoptr (GError) error = NULL;
  gboolean ok = v2v_command_line_first (line, argv, &error);

  line->rules = rules;
  ok = ok && v2v_command_line_second (line, argv, &error);
  g_assert_true (ok == !error);
  if (error)
    g_assert_cmpint (v2v_error_exit (error), !=, V2V_EXIT_OK);
  else
    g_free (v2v_command_line_help (line));
  line->rules = NULL;
  return 0;
}

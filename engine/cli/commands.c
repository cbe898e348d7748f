/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The list of subcommands, and what several of them do.
 */
#include "config.h"

#include <stdio.h>

#include "base/log.h"
#include "cli/commands.h"
#include "cli/job.h"
#include "guest/lua.h"
#include "load/load.h"
#include "metadata/domain.h"

/* One a line: clang-format would set them in columns. */
/* clang-format off */
const V2vCommand *const v2v_commands[] = {
    &v2v_command_convert,
    &v2v_command_plan,
    &v2v_command_facts,
    &v2v_command_explain,
    &v2v_command_why_not,
    &v2v_command_graph,
    &v2v_command_check,
    &v2v_command_test,
    &v2v_command_fmt,
    &v2v_command_doc,
    &v2v_command_rules,
    &v2v_command_new,
    &v2v_command_undo,
    &v2v_command_status,
    &v2v_command_clean,
    &v2v_command_verify,
    &v2v_command_doctor,
    &v2v_command_complete,
    &v2v_command_help,
    NULL,
};
/* clang-format on */

const V2vCommand *
v2v_command_find (const char *name)
{
  for (int i = 0; v2v_commands[i]; i++)
    if (g_str_equal (v2v_commands[i]->name, name))
      return v2v_commands[i];
  return NULL;
}

V2vRuleSet *
v2v_load_rules (const V2vCommandLine *line, const char *const *files, gboolean with_tests,
                GError **error)
{
  return v2v_load_rules_shuffled (line, files, with_tests, 0, error);
}

V2vRuleSet *
v2v_load_rules_shuffled (const V2vCommandLine *line, const char *const *files,
                         gboolean with_tests, guint seed, GError **error)
{
  static const V2vScriptChecks checks = {.lua = v2v_lua_check, .xslt = v2v_xslt_check};
  g_autoptr (GPtrArray) rule_dirs =
      v2v_rule_dirs_default (v2v_option_get_all (line->values, "rules-dir"));
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  V2vRuleSet *rules =
      v2v_ruleset_load_shuffled (rule_dirs, files, with_tests, &checks, seed, diags);

  v2v_diags_print (diags, stderr);
  if (!rules)
    g_set_error (error, V2V_ERROR, V2V_EXIT_CONFIG,
                 "the rules have %u error%s: mend %s, then run v2v-engine check",
                 v2v_diags_errors (diags), v2v_diags_errors (diags) == 1 ? "" : "s",
                 v2v_diags_errors (diags) == 1 ? "it" : "them");
  return rules;
}

V2vJob *
v2v_cli_job_new (const V2vCommandLine *line, gboolean read_only)
{
  V2vJobSettings settings = {
      .rules = line->rules,
      .options = line->values,
      .rule_options = line->rule_options,
      .source = line->source,
      .storage = line->storage,
      .output = line->output,
      .guest = line->words->len > 0 ? line->words->pdata[0] : NULL,
      .new_name = line->words->len > 1 ? line->words->pdata[1] : NULL,
      .read_only = read_only,
  };

  v2v_log_guest (settings.guest);
  return v2v_job_new (&settings);
}

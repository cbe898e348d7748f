/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The rules that a command line chooses.
 */
#include "config.h"

#include <stdio.h>

#include "cli/load-rules.h"
#include "guest/lua.h"
#include "load/load.h"
#include "metadata/domain.h"

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

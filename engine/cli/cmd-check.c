/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * check: examines rule files.
 */
#include "config.h"

#include <stdio.h>

#include "base/log.h"
#include "cli/commands.h"
#include "plan/coverage.h"

/* Rules that no test fires. */
static void
warn_uncovered (const V2vRuleSet *rules)
{
  g_autoptr (V2vCoverage) coverage = v2v_coverage_measure (rules);
  g_autoptr (V2vDiags) diags = v2v_diags_new ();

  v2v_coverage_warn (coverage, diags);
  v2v_diags_print (diags, stderr);
}

static gboolean
run (V2vCommandLine *line, GError **error)
{
  g_ptr_array_add (line->words, NULL);
  line->rules = v2v_load_rules (line, (const char *const *)line->words->pdata, TRUE, error);
  if (!line->rules)
    return FALSE;
  warn_uncovered (line->rules);
  v2v_info ("%u rules, %u providers, %u probes, %u tests: no errors", line->rules->rules->len,
            line->rules->providers->len, line->rules->probes->len, line->rules->tests->len);
  return TRUE;
}

const V2vCommand v2v_command_check = {
    .name = "check",
    .arguments = "[FILE ...]",
    .help = "examine rule files: all that are in effect, and FILEs with them",
    .own_rules = TRUE,
    .words_max = G_MAXUINT,
    .run = run,
};

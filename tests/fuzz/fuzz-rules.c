/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fuzz target: a rule file, loaded beside the shipped declarations. Every error has a place in it;
 * what can be formatted is formatted the same again; its tests run.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/log.h"
#include "plan/plan.h"
#include "ruletest/ruletest.h"

#include "fuzz.h"
#include "load/load.h"
#include "syntax/format.h"

/* As many tests of one file are run. */
#define TESTS_MAX 50

static char *top, *path;
static GPtrArray *trees;

static void
remove_all (void)
{
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", top);

  g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL);
}

/* A tree with the shipped scripts and, of the shipped rules, only the declarations. */
int
LLVMFuzzerInitialize (int *argc G_GNUC_UNUSED, char ***argv G_GNUC_UNUSED)
{
  static const char *const links[] = {"lua", "xslt", "rules/prelude.v2v"};
  const char *shipped = g_getenv ("V2V_ENGINE_DATA_DIR");
  g_autofree char *rules = NULL;
  g_autoptr (GError) error = NULL;

  if (!shipped)
    g_error ("V2V_ENGINE_DATA_DIR has to name the directory of the shipped rules");
  v2v_log_setup (V2V_QUIET, -1);
  top = g_dir_make_tmp ("v2v-fuzz.XXXXXX", &error);
  g_assert_no_error (error);
  atexit (remove_all);
  rules = g_build_filename (top, "rules", NULL);
  path = g_build_filename (rules, "input.v2v", NULL);
  g_assert_cmpint (g_mkdir (rules, 0700), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (links); i++) {
    g_autofree char *from = g_build_filename (shipped, links[i], NULL);
    g_autofree char *to = g_build_filename (top, links[i], NULL);

    g_assert_cmpint (symlink (from, to), ==, 0);
  }
  g_setenv ("V2V_ENGINE_DATA_DIR", top, TRUE);
  trees = v2v_rule_dirs_default (NULL);
  return 0;
}

static void
check_format (const char *text, gsize size)
{
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  g_autofree char *once = v2v_format_rules (path, text, size, diags);
  g_autofree char *twice = NULL;

  g_assert_true (!once == (v2v_diags_errors (diags) > 0));
  if (!once)
    return;
  twice = v2v_format_rules (path, once, strlen (once), diags);
  g_assert_cmpstr (once, ==, twice);
}

static void
check_places (V2vDiags *diags)
{
  const GPtrArray *list = v2v_diags_list (diags);

  for (guint i = 0; i < list->len; i++) {
    const V2vDiag *diag = list->pdata[i];

    g_assert_nonnull (diag->place.file);
    g_assert_true (g_str_has_prefix (diag->place.file, top));
    g_assert_cmpuint (diag->place.line, >, 0);
    g_assert_cmpuint (diag->place.column, >, 0);
    g_assert_cmpuint (diag->length, >, 0);
  }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  /* As check looks at rules, but at no scripts. */
  static const V2vScriptChecks checks = {.implies = v2v_provider_implies, .deprecated = TRUE};
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  g_autoptr (V2vRuleSet) rules = NULL;
  g_autofree char *report = NULL;
  FILE *file = fopen (path, "w");

  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (data, 1, size, file), ==, size);
  g_assert_cmpint (fclose (file), ==, 0);
  rules = v2v_ruleset_load (trees, NULL, TRUE, &checks, diags);
  g_assert_true (!rules == (v2v_diags_errors (diags) > 0));
  check_places (diags);
  report = v2v_diags_to_string (diags);
  g_assert_true (g_utf8_validate (report, -1, NULL));
  check_format ((const char *)data, size);
  for (guint i = 0; rules && i < MIN (rules->tests->len, TESTS_MAX); i++) {
    const V2vTestRun run = {.shuffle = i};
    g_autofree char *why = NULL;
    const gboolean passed = v2v_rule_test_run (rules, rules->tests->pdata[i], &run, &why);

    g_assert_true (passed == !why);
  }
  g_ptr_array_set_size ((GPtrArray *)v2v_log_warnings (), 0);
  return 0;
}

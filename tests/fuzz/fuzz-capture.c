/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fuzz target: a capture, planned by the shipped rules. What it says can be written and read
 * again.
 */
#include "config.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "plan/plan.h"

#include "fuzz.h"
#include "load/load.h"

/* Captures belong to the rules, which are loaded anew after so many. */
#define CAPTURES_MAX 1000

static char *path;
static V2vRuleSet *rules;
static guint captures;

static void
remove_file (void)
{
  unlink (path);
}

int
LLVMFuzzerInitialize (int *argc G_GNUC_UNUSED, char ***argv G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("v2v-fuzz.XXXXXX", &path, &error);

  v2v_log_setup (V2V_QUIET, -1);
  g_assert_no_error (error);
  close (fd);
  atexit (remove_file);
  return 0;
}

static V2vCapture *
read_capture (const void *data, gsize size)
{
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  FILE *file = fopen (path, "w");
  V2vCapture *capture;

  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (data, 1, size, file), ==, size);
  g_assert_cmpint (fclose (file), ==, 0);
  captures++;
  capture = v2v_ruleset_read_capture (rules, path, diags);
  g_assert_true (!capture == (v2v_diags_errors (diags) > 0));
  return capture;
}

static void
load_rules (void)
{
  g_autoptr (GPtrArray) trees = v2v_rule_dirs_default (NULL);
  g_autoptr (V2vDiags) diags = v2v_diags_new ();

  if (rules && captures < CAPTURES_MAX)
    return;
  v2v_ruleset_free (rules);
  captures = 0;
  rules = v2v_ruleset_load (trees, NULL, FALSE, NULL, diags);
  g_assert_nonnull (rules);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  V2vCapture *capture;
  V2vStore *store;

  load_rules ();
  capture = read_capture (data, size);
  if (!capture)
    return 0;
  store = v2v_store_new (rules->schema);
  if (v2v_capture_apply (capture, store, &error)) {
    V2vPlanInput input = {.rules = rules, .store = store};
    g_autofree char *written = v2v_store_to_rules (store, "again");
    g_autofree char *text = v2v_store_to_text (store);
    g_autoptr (V2vPlan) plan = NULL;

    g_assert_nonnull (read_capture (written, strlen (written)));
    plan = v2v_plan_make (&input, &error);
    g_assert_true (!plan == !!error);
    if (plan)
      g_free (v2v_plan_to_text (plan));
    else
      g_assert_true (v2v_is_failure (v2v_error_exit (error)));
  }
  v2v_store_free (store);
  g_ptr_array_set_size ((GPtrArray *)v2v_log_warnings (), 0);
  return 0;
}

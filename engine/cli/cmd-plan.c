/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The command plan: what convert would do, and why. It changes nothing.
 */
#include "config.h"

#include <stdio.h>

#include "base/jsontext.h"
#include "base/log.h"
#include "cli/commands.h"
#include "cli/job.h"
#include "convert/edits.h"

static const V2vOptionDef options[] = {
    {"facts", "FILE", "plan from a capture (facts --format rules) instead of a guest", FALSE},
    {"format", "text|json", "how the plan is printed", FALSE},
    {"diff", NULL, "carry the plan out on a throw-away copy and show every edit of a file",
     FALSE},
    {NULL},
};

static const char *const steps[] = {"read", "examine", "appliance", "inspect", "plan", NULL};
static const char *const steps_tried[] = {"read", "examine", "appliance", "inspect",
                                          "plan", "convert", NULL};

static void
print_plan (const V2vJob *job, gboolean json)
{
  if (json) {
    g_autoptr (JsonNode) root = v2v_plan_to_json (job->plan);
    g_autofree char *text = v2v_json_text (root, TRUE);

    puts (text);
  } else {
    g_autofree char *text = v2v_plan_to_text (job->plan);

    v2v_print (text);
  }
}

static gboolean
print_diff (const V2vJob *job, GError **error)
{
  xmlDoc *rewritten = v2v_carry_out_domain (job->seen, job->plan, error);
  g_autofree char *diff = NULL;

  if (!rewritten)
    return FALSE;
  diff = v2v_xml_diff (job->read->original, rewritten, "source", "target");
  xmlFreeDoc (rewritten);
  v2v_printf ("\n%s", *diff ? diff : "The domain stays as it is.\n");
  return TRUE;
}

/* Prints each step that changed something, with its changes. */
static void
print_changed (const V2vJob *job)
{
  gboolean any = FALSE;

  for (guint i = 0; i < job->converted->outcomes->len; i++) {
    const V2vOutcome *outcome = job->converted->outcomes->pdata[i];
    g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
    g_autofree char *head = v2v_step_text (outcome->step);

    if (!outcome->changed)
      continue;
    any = TRUE;
    v2v_printf ("%s\n", head);
    for (guint j = 0; j < outcome->changes->len; j++) {
      const V2vChange *change = outcome->changes->pdata[j];

      if (change->path && g_hash_table_add (seen, change->path))
        v2v_printf ("  %s\n", change->path);
    }
  }
  if (!any)
    puts ("Nothing in the guest changes.");
  for (guint i = 0; i < job->plan->warnings->len; i++)
    v2v_printf ("warning: %s\n", (const char *)job->plan->warnings->pdata[i]);
}

/* Prints changes without a diff: paths, the programs that were run, and what they printed. */
static void
print_others (const V2vJob *job)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GString) paths = g_string_new (NULL), programs = g_string_new (NULL);
  g_autoptr (GString) by_programs = g_string_new (NULL);
  g_auto (GStrv) written = v2v_edits_written (job->seen->guest);

  for (guint i = 0; i < job->converted->outcomes->len; i++) {
    const V2vOutcome *outcome = job->converted->outcomes->pdata[i];

    for (guint j = 0; j < outcome->changes->len; j++) {
      const V2vChange *change = outcome->changes->pdata[j];
      const char *shown = change->path ? change->path : change->detail;

      if (!shown || (change->path && v2v_edits_covers (change->path)) ||
          !g_hash_table_add (seen, (char *)shown))
        continue;
      g_string_append_printf (change->path ? paths : programs, "  %s\n", shown);
    }
  }
  for (char **path = written; *path; path++) {
    g_autofree char *printable = v2v_printable (*path, -1, FALSE);

    if (!v2v_edits_covers (*path) && !g_hash_table_contains (seen, printable))
      g_string_append_printf (by_programs, "  %s\n", printable);
  }
  if (paths->len)
    v2v_printf ("\nOther files that change:\n%s", paths->str);
  if (programs->len)
    v2v_printf ("\nPrograms of the guest that are run:\n%s", programs->str);
  if (by_programs->len)
    v2v_printf ("\nFiles that programs of the guest write:\n%s", by_programs->str);
}

/* Carries out the plan on overlays that are then discarded, and prints the changes: with
 * --verbose after the whole plan, otherwise instead of it. */
static gboolean
print_tried (V2vJob *job, GError **error)
{
  const gboolean whole = v2v_log_verbosity () == V2V_VERBOSE;
  g_autoptr (V2vEdits) before = v2v_edits_read (job->seen->guest, job->read->work_dir, error);
  g_autoptr (V2vEdits) after = NULL;
  g_autofree char *diff = NULL;

  if (!before)
    return FALSE;
  v2v_edits_begin (job->seen->guest);
  if (!v2v_job_run_steps (job, error) ||
      !(after = v2v_edits_read (job->seen->guest, job->read->work_dir, error)))
    return FALSE;
  v2v_step_end ();
  if (whole)
    print_plan (job, FALSE);
  else
    print_changed (job);
  if (!print_diff (job, error))
    return FALSE;
  diff = v2v_edits_diff (before, after);
  v2v_printf ("\n%s", *diff ? diff : "No file of configuration changes.\n");
  print_others (job);
  return TRUE;
}

static gboolean
run (V2vCommandLine *line, GError **error)
{
  const char *file = v2v_option_get (line->values, "facts");
  const char *format = v2v_option_get (line->values, "format");
  gboolean json = g_strcmp0 (format, "json") == 0;
  gboolean diff = v2v_option_is_set (line->values, "diff");
  g_autoptr (V2vJob) job = NULL;
  V2vCapture *capture;

  if (format && !json && !g_str_equal (format, "text")) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE, "--format %s: expected text or json",
                 format);
    return FALSE;
  }
  if (diff && (file || json)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                 "--diff needs a guest to try the plan on, and prints text: leave %s out",
                 file ? "--facts" : "--format json");
    return FALSE;
  }
  if (!file == !line->words->len) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE, "expected either GUEST or --facts FILE");
    return FALSE;
  }
  job = v2v_cli_job_new (line, TRUE);
  job->settings.rehearse = diff;
  /* The plan that is printed contains the warnings. */
  job->settings.no_warnings = TRUE;
  if (file) {
    if (!(capture = v2v_cli_read_capture (line, file, error)) ||
        !v2v_job_take_capture (job, capture, error) || !v2v_job_plan (job, error))
      return FALSE;
    print_plan (job, json);
    return TRUE;
  }
  v2v_steps_expect (diff ? steps_tried : steps);
  if (!v2v_job_gather (job, error) || !v2v_job_plan (job, error))
    return FALSE;
  v2v_step_end ();
  if (diff)
    return print_tried (job, error);
  print_plan (job, json);
  return json || print_diff (job, error);
}

const V2vCommand v2v_command_plan = {
    .name = "plan",
    .arguments = "GUEST [NAME]",
    .help = "print what convert would do, and why; changes nothing",
    .options = options,
    .converts = TRUE,
    .for_users = TRUE,
    .words_min = 0,
    .words_max = 2,
    .run = run,
};

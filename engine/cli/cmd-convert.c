/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * convert: converts a guest.
 */
#include "config.h"

#include <stdio.h>

#include "base/log.h"
#include "base/outfile.h"
#include "cli/commands.h"
#include "cli/job.h"
#include "cli/worker.h"
#include "convert/report.h"
#include "convert/undo.h"
#include "verify/verify.h"

static const V2vOptionDef options[] = {
    {"report", "FILE", "write what was done, and why, to FILE (JSON)", FALSE},
    {"verify", NULL,
     "boot a throw-away copy of the result first; what does not boot is not kept", FALSE},
    {"verify-timeout", "SECONDS",
     "how long the guest may take to come up (default: 300, where everything is emulated 1200)",
     FALSE},
    {"verify-memory", "MIB", "memory that the copy gets at most (default: 2048)", FALSE},
    {"verify-dir", "DIR",
     "keep a screenshot and the console's text in DIR (default: beside the report)", FALSE},
    {NULL},
};

/* The options of the boot check come between. */
#define FIRST "read", "examine", "appliance", "inspect", "plan", "convert"
static const char *const steps[] = {FIRST, "trim", "close", "store", "create", NULL};
static const char *const steps_verified[] = {FIRST,  "trim",  "close",  FIRST, "close",
                                             "boot", "store", "create", NULL};

static void
committing (gboolean begin)
{
  if (begin)
    v2v_worker_begin_commit ();
  else
    v2v_worker_end_commit ();
}

/* The directory where --verify keeps the console and the screenshot, or NULL. To be freed
 * with g_free. */
static char *
verify_dir (const V2vJob *job)
{
  const char *dir = v2v_option_get (job->settings.options, "verify-dir");
  const char *report =
      job->settings.written ? v2v_out_file_regular (job->settings.written->file) : NULL;

  if (dir)
    return g_strdup (dir);
  return report ? g_path_get_dirname (report) : NULL;
}

/* Wrong options for the boot check are reported before the conversion, not after it. */
static gboolean
check_verify (const V2vJob *job, GError **error)
{
  g_autofree char *dir = verify_dir (job);

  return v2v_verify_ready (job->settings.options, dir, error);
}

static gboolean
verify (V2vJob *job, GError **error)
{
  g_autofree char *dir = verify_dir (job);

  return !v2v_option_is_set (job->settings.options, "verify") ||
         v2v_verify_job (job, dir, error);
}

static gboolean
convert (V2vJob *job, GError **error)
{
  if (!v2v_job_gather (job, error))
    return FALSE;
  if (job->read->recovered) {
    v2v_info ("%s", job->read->recovered);
    return TRUE;
  }
  return v2v_job_plan (job, error) && v2v_job_act (job, error) && verify (job, error) &&
         v2v_job_finish (job, committing, error);
}

/* A conversion of JOB failed with ERROR since its result exists. If the report says that the
 * same conversion made it, there is nothing left to do: *RESULT_R gets what
 * it says was made. */
static gboolean
done_before (const V2vJob *job, char **result_r, GError **error)
{
  const char *report =
      job->settings.written ? v2v_out_file_regular (job->settings.written->file) : NULL;
  g_autofree char *why = NULL;

  if (!report || job->plan || (*error)->code != V2V_EXIT_CANTCREAT)
    return FALSE;
  if (v2v_undo_is_done (report, &job->settings, job->read, result_r, &why)) {
    v2v_info (
        "already converted: %s tells of this conversion, and its result is as it was made",
        v2v_option_get (job->settings.options, "report"));
    g_clear_error (error);
    return TRUE;
  }
  if (why)
    g_prefix_error (error, "this conversion was done before, but %s: ", why);
  return FALSE;
}

static gboolean
run (V2vCommandLine *line, GError **error)
{
  const char *report = v2v_option_get (line->values, "report");
  g_autofree char *written_as = report ? g_strdup_printf ("--report %s", report) : NULL;
  g_autofree char *before = NULL;
  g_autoptr (V2vOutFile) file = NULL;
  V2vWritten written = {0};
  g_autoptr (V2vJob) job = NULL;
  g_autoptr (GError) local = NULL;
  const char *result;
  gboolean ok;

  /* An unusable path is reported before the conversion, which takes minutes. */
  if (report && !(file = v2v_out_file_open (report, error))) {
    g_prefix_error (error, "--report ");
    return FALSE;
  }
  job = v2v_cli_job_new (line, FALSE);
  written = (V2vWritten){.file = file, .as = written_as};
  if (file)
    job->settings.written = &written;
  if (!check_verify (job, error))
    return FALSE;
  if (file) {
    g_autofree char *begun = v2v_report_text (job, NULL);

    v2v_worker_reports (report, begun);
  }
  v2v_steps_expect (v2v_option_is_set (line->values, "verify") ? steps_verified : steps);
  ok = convert (job, &local);
  if (ok || !done_before (job, &before, &local)) {
    g_autoptr (GError) lost = NULL;

    v2v_worker_reports (NULL, NULL);
    if (file && !v2v_report_write (job, local, file, &lost)) {
      if (ok) {
        g_propagate_error (error, g_steal_pointer (&lost));
        return FALSE;
      }
      v2v_warn ("%s", lost->message);
    }
    if (!ok) {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  }
  v2v_step_end ();
  result = job->published ? job->published->result : before;
  if (result && v2v_log_verbosity () >= V2V_NORMAL)
    printf ("%s\n", result);
  return TRUE;
}

const V2vCommand v2v_command_convert = {
    .name = "convert",
    .arguments = "GUEST [NAME]",
    .help = "convert a guest",
    .options = options,
    .converts = TRUE,
    .for_users = TRUE,
    .words_min = 1,
    .words_max = 2,
    .run = run,
};

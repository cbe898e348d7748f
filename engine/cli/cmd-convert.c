/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * convert: converts a guest.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/log.h"
#include "cli/commands.h"
#include "cli/job.h"
#include "cli/supervise.h"
#include "convert/report.h"
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

/* A conversion takes too long to find out at its end. */
static gboolean
check_report (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  if (g_file_test (path, G_FILE_TEST_IS_DIR)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_CANTCREAT,
                 "--report %s: this is a directory; name a file", path);
    return FALSE;
  }
  if (access (folder, W_OK | X_OK) == 0)
    return TRUE;
  v2v_error_set_errno (error, errno, "--report %s: no file can be made in %s", path, folder);
  if (error && (*error)->code == V2V_EXIT_NOINPUT)
    (*error)->code = V2V_EXIT_CANTCREAT;
  return FALSE;
}

static void
committing (gboolean begin)
{
  if (begin)
    v2v_worker_begin_commit ();
  else
    v2v_worker_end_commit ();
}

/* Where --verify keeps what it saw, or NULL. To be freed with g_free. */
static char *
verify_dir (const V2vOptionValues *values)
{
  const char *dir = v2v_option_get (values, "verify-dir");
  const char *report = v2v_option_get (values, "report");

  if (dir)
    return g_strdup (dir);
  return report ? g_path_get_dirname (report) : NULL;
}

/* So are values that verify cannot have. */
static gboolean
check_verify (const V2vOptionValues *values, GError **error)
{
  g_autofree char *dir = verify_dir (values);

  return v2v_verify_ready (values, dir, error);
}

static gboolean
verify (V2vJob *job, GError **error)
{
  g_autofree char *dir = verify_dir (job->settings.options);

  return !v2v_option_is_set (job->settings.options, "verify") ||
         v2v_verify_job (job, dir, error);
}

static gboolean
convert (V2vJob *job, GError **error)
{
  if (!v2v_job_gather (job, error))
    return FALSE;
  if (job->recovered) {
    v2v_info ("%s", job->recovered);
    return TRUE;
  }
  return v2v_job_plan (job, error) && v2v_job_act (job, error) && verify (job, error) &&
         v2v_job_finish (job, committing, error);
}

static gboolean
run (V2vCommandLine *line, GError **error)
{
  const char *report = v2v_option_get (line->values, "report");
  g_autoptr (V2vJob) job = v2v_cli_job_new (line, FALSE);
  g_autoptr (GError) local = NULL;
  gboolean ok;

  if ((report && !check_report (report, error)) || !check_verify (line->values, error))
    return FALSE;
  ok = convert (job, &local);

  if (report) {
    g_autoptr (GError) lost = NULL;

    if (!v2v_report_write (job, local, report, &lost)) {
      if (ok) {
        g_propagate_error (error, g_steal_pointer (&lost));
        return FALSE;
      }
      v2v_warn ("%s", lost->message);
    }
  }
  if (!ok) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  v2v_step_end ();
  if (job->result && v2v_log_verbosity () >= V2V_NORMAL)
    printf ("%s\n", job->result);
  return TRUE;
}

const V2vCommand v2v_command_convert = {
    .name = "convert",
    .arguments = "GUEST [NAME]",
    .help = "convert a guest",
    .options = options,
    .converts = TRUE,
    .words_min = 1,
    .words_max = 2,
    .run = run,
};

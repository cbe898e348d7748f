/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The program: starts a supervisor and a worker, which runs the command.
 */
#include "config.h"

#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/startup.h"
#include "cli/commands.h"
#include "cli/job.h"
#include "cli/load-rules.h"
#include "cli/supervise.h"
#include "cli/worker.h"
#include "lang/limits.h"
#include "metadata/domain.h"

/* --progress-fd and the time limits are needed before anything else starts. */
static gboolean
number_option (const V2vCommandLine *line, const char *name, guint64 max, guint64 *number_r,
               GError **error)
{
  const char *text = v2v_option_get (line->values, name);

  if (!text)
    return TRUE;
  if (g_ascii_string_to_unsigned (text, 10, 0, max, number_r, NULL))
    return TRUE;
  g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
               "--%s %s: expected a number from 0 to %" G_GUINT64_FORMAT, name, text, max);
  return FALSE;
}

static gboolean
set_up (const V2vCommandLine *line, GError **error)
{
  const V2vCommand *command = v2v_command_find (line, line->command);
  gboolean quiet = v2v_option_is_set (line->values, "quiet");
  gboolean verbose = v2v_option_is_set (line->values, "verbose");
  guint64 progress_fd = G_MAXUINT64;
  guint64 whole = 0;
  guint64 step = 0;

  if (quiet && verbose) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                 "--quiet and --verbose contradict each other: give one of them");
    return FALSE;
  }
  if (!number_option (line, "progress-fd", 65535, &progress_fd, error) ||
      !number_option (line, "timeout", G_MAXINT32, &whole, error) ||
      !number_option (line, "step-timeout", G_MAXINT32, &step, error))
    return FALSE;
  if (progress_fd != G_MAXUINT64 && fcntl ((int)progress_fd, F_GETFD) < 0) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                 "--progress-fd %u: no such descriptor is open", (guint)progress_fd);
    return FALSE;
  }
  v2v_log_setup (quiet     ? V2V_QUIET
                 : verbose ? V2V_VERBOSE
                           : V2V_NORMAL,
                 progress_fd == G_MAXUINT64 ? -1 : (int)progress_fd);
  v2v_worker_set_progress_fd (progress_fd == G_MAXUINT64 ? -1 : (int)progress_fd,
                              command->converts || command->for_users);
  v2v_worker_set_limits ((guint)whole, (guint)step);
  return TRUE;
}

static gboolean
run (char **argv, GError **error)
{
  g_autoptr (V2vCommandLine) line = v2v_command_line_new (v2v_commands);
  const V2vCommand *command;

  if (!v2v_command_line_first (line, argv, error))
    return FALSE;
  if (v2v_option_is_set (line->values, "version")) {
    printf ("v2v-engine " PACKAGE_VERSION "\ninterface of rules: %d.%u\n", V2V_LANGUAGE,
            v2v_interface);
    return TRUE;
  }
  if (!set_up (line, error))
    return FALSE;
  command = v2v_command_find (line, line->command);
  if (command->for_users)
    v2v_log_hide_places ();
  if (!command->own_rules && !(line->rules = v2v_load_rules (line, NULL, FALSE, error)))
    return FALSE;
  if (v2v_option_is_set (line->values, "help")) {
    g_autofree char *help = v2v_command_line_help (line);

    fputs (help, stdout);
    return TRUE;
  }
  if (!v2v_command_line_second (line, argv, error))
    return FALSE;
  if (command->converts && v2v_option_is_set (line->values, "print-source"))
    return v2v_cli_print_source (line, error);
  return command->run (line, error);
}

static int
work (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  gboolean ok;

  (void)argc;
  ok = run (argv, &error);
  if (ok)
    v2v_step_end ();
  else if (!v2v_worker_interrupted () || v2v_if_killed_text ())
    v2v_log_error (error);
  else
    v2v_debug ("%s", error->message);
  if (fflush (stdout) != 0 || ferror (stdout)) {
    fputs ("v2v-engine: error: cannot write to standard output\n", stderr);
    return V2V_EXIT_IOERR;
  }
  return ok ? V2V_EXIT_OK : (int)v2v_error_exit (error);
}

int
main (int argc, char **argv)
{
  v2v_startup ();
  setlocale (LC_ALL, "");
  v2v_xml_bound_memory ();
  return v2v_supervise (work, argc, argv);
}

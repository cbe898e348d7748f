/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The worker's side of supervision: its limits and signals, and what it tells the supervisor.
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/letters.h"
#include "base/log.h"
#include "base/register.h"
#include "base/tempfile.h"
#include "cli/worker.h"
#include "guest/lua.h"

/* Limit of the address space of the worker and each program that it starts; an appliance
 * under emulation needs 3 GiB. */
#define WORKER_ADDRESS_SPACE ((rlim_t)16 << 30)

static int to_supervisor = -1;
static volatile sig_atomic_t interrupted;

static void
send_line (V2vLetter letter, const char *text)
{
  g_autofree char *escaped = g_strescape (text ? text : "", NULL);
  g_autofree char *line = g_strdup_printf ("%c%s\n", letter, escaped);
  gsize length = strlen (line);
  gsize sent = 0;

  while (to_supervisor >= 0 && sent < length) {
    gssize n = write (to_supervisor, line + sent, length - sent);

    if (n < 0 && errno != EINTR)
      to_supervisor = -1;
    if (n > 0)
      sent += (gsize)n;
  }
}

static void
on_time_up (int signal)
{
  (void)signal;
  v2v_lua_interrupt ();
}

static void
on_interrupt (int signal)
{
  interrupted = 1;
  on_time_up (signal);
}

/* SIGTERM ends the programs that the worker started; the worker then ends by the failure of
 * its call. */
static void
on_terminate (int signal)
{
  (void)signal;
}

static void
on_step (const V2vStepState *state, gpointer data)
{
  g_autofree char *line = NULL;
  char fraction[G_ASCII_DTOSTR_BUF_SIZE];

  (void)data;
  g_ascii_formatd (fraction, sizeof fraction, "%.3f", state->fraction);
  line = g_strdup_printf ("%u" V2V_LETTER_FIELD_END "%u" V2V_LETTER_FIELD_END
                          "%u" V2V_LETTER_FIELD_END "%s" V2V_LETTER_FIELD_END
                          "%s" V2V_LETTER_FIELD_END "%s" V2V_LETTER_FIELD_END
                          "%s" V2V_LETTER_FIELD_END "%s",
                          state->limit, state->number, state->of, fraction,
                          state->name ? state->name : "", state->text ? state->text : "",
                          state->guest ? state->guest : "", state->detail ? state->detail : "");
  send_line (V2V_LETTER_STEP, line);
}

static void
on_if_killed (const char *text)
{
  send_line (V2V_LETTER_IF_KILLED, text);
}

static void
on_space (const char *directory)
{
  send_line (V2V_LETTER_WATCH, directory);
}

static void
on_temporary (const char *path, gboolean exists, gpointer data)
{
  static gboolean registered;

  (void)data;
  if (!registered && v2v_register_path ())
    send_line (V2V_LETTER_REGISTER, v2v_register_path ());
  registered |= v2v_register_path () != NULL;
  send_line (exists ? V2V_LETTER_MADE : V2V_LETTER_GONE, path);
}

void
v2v_worker_set_limits (guint whole_seconds, guint step_seconds)
{
  g_autofree char *line =
      g_strdup_printf ("%u %u", whole_seconds, step_seconds ? step_seconds : V2V_STEP_SECONDS);

  send_line (V2V_LETTER_LIMITS, line);
}

void
v2v_worker_set_progress_fd (int fd, gboolean shows)
{
  g_autofree char *line =
      g_strdup_printf ("%d %d", fd, shows ? (int)v2v_log_verbosity () : (int)V2V_QUIET);

  send_line (V2V_LETTER_PROGRESS, line);
}

void
v2v_worker_reports (const char *file, const char *begun)
{
  g_autofree char *line =
      file ? g_strconcat (file, V2V_LETTER_FIELD_END, begun, NULL) : g_strdup ("");

  send_line (V2V_LETTER_REPORT, line);
}

void
v2v_worker_begin_commit (void)
{
  send_line (V2V_LETTER_COMMIT_BEGINS, NULL);
}

void
v2v_worker_end_commit (void)
{
  send_line (V2V_LETTER_COMMIT_ENDS, NULL);
}

gboolean
v2v_worker_interrupted (void)
{
  return interrupted != 0;
}

int
v2v_worker_run (int (*worker) (int argc, char **argv), int argc, char **argv, int pipe,
                const sigset_t *mask)
{
  struct sigaction on_usr1 = {.sa_handler = on_time_up};
  struct sigaction on_usr2 = {.sa_handler = on_interrupt};
  struct sigaction on_term = {.sa_handler = on_terminate};
  struct rlimit cores = {0, 0};
#ifndef V2V_SANITIZED
  struct rlimit memory = {WORKER_ADDRESS_SPACE, WORKER_ADDRESS_SPACE};

  setrlimit (RLIMIT_AS, &memory);
#endif
  to_supervisor = pipe;
  v2v_log_last_words_to (pipe);
  setrlimit (RLIMIT_CORE, &cores);
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  sigaction (SIGUSR1, &on_usr1, NULL);
  sigaction (SIGUSR2, &on_usr2, NULL);
  sigaction (SIGTERM, &on_term, NULL);
  signal (SIGPIPE, SIG_IGN);
  sigprocmask (SIG_SETMASK, mask, NULL);
  v2v_step_listen (on_step, NULL);
  v2v_temp_listen (on_temporary, NULL);
  v2v_if_killed_listen (on_if_killed);
  v2v_space_listen (on_space);
  v2v_register_start ();
  {
    int status = worker (argc, argv);

    v2v_register_end ();
    return status;
  }
}

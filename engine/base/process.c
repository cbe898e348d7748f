/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Runs programs of the host with limits and without a shell.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/process.h"

#define OUTPUT_MAX (16 * 1024 * 1024)
#define STDERR_KEPT 4096

/* Runs in the child between fork and exec, where only async-signal-safe calls are allowed. */
static void
set_limits (gpointer data)
{
  const V2vLimits *limits = data;

  /* Once this process is dead nobody uses or cleans up what the program writes. */
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (!limits)
    return;
  if (limits->address_space) {
    struct rlimit limit = {limits->address_space, limits->address_space};
    setrlimit (RLIMIT_AS, &limit);
  }
  if (limits->cpu_seconds) {
    struct rlimit limit = {limits->cpu_seconds, limits->cpu_seconds + 1};
    setrlimit (RLIMIT_CPU, &limit);
  }
}

typedef struct {
  GString *output; /* the whole output, or the line that is being read */
  gboolean too_long;
  V2vLineFunc line;
  gpointer data;
} Reader;

static void
read_output (Reader *reader, const char *bytes, gsize length)
{
  if (!reader->line) {
    if (reader->output->len + length > OUTPUT_MAX)
      reader->too_long = TRUE;
    else
      g_string_append_len (reader->output, bytes, (gssize)length);
    return;
  }
  for (gsize i = 0; i < length; i++)
    if (bytes[i] == '\n' || bytes[i] == '\r') {
      reader->line (reader->output->str, reader->data);
      g_string_truncate (reader->output, 0);
    } else if (reader->output->len < STDERR_KEPT) {
      g_string_append_c (reader->output, bytes[i]);
    }
}

/* Keeps the end of standard error: programs usually name the cause last. */
static void
read_messages (GString *messages, const char *bytes, gsize length)
{
  g_string_append_len (messages, bytes, (gssize)length);
  if (messages->len > STDERR_KEPT)
    g_string_erase (messages, 0, (gssize)(messages->len - STDERR_KEPT));
}

static gboolean
status_ok (const char *program, int status, gboolean timed_out, const V2vLimits *limits,
           const GString *messages, GError **error)
{
  g_autofree char *said = v2v_printable (messages->str, (gssize)messages->len, TRUE);

  g_strchomp (said);
  if (timed_out) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_IOERR,
                 "%s did not end within %u seconds and was killed%s%s", program,
                 limits->wall_seconds, *said ? ": " : "", said);
    return FALSE;
  }
  if (WIFEXITED (status) && WEXITSTATUS (status) == 0)
    return TRUE;
  if (WIFEXITED (status))
    g_set_error (error, V2V_ERROR, V2V_EXIT_IOERR, "%s failed with status %d%s%s", program,
                 WEXITSTATUS (status), *said ? ": " : "", said);
  else
    g_set_error (error, V2V_ERROR, V2V_EXIT_IOERR, "%s was killed by signal %d (%s)%s%s",
                 program, WTERMSIG (status), g_strsignal (WTERMSIG (status)), *said ? ": " : "",
                 said);
  return FALSE;
}

static gboolean
run (const char *const *argv, const V2vLimits *limits, Reader *reader, GError **error)
{
  g_autofree char *text = g_strjoinv (" ", (char **)argv);
  g_autoptr (GString) messages = g_string_new (NULL);
  g_autoptr (GError) local = NULL;
  gint64 end = limits && limits->wall_seconds
                   ? g_get_monotonic_time () + (gint64)limits->wall_seconds * G_USEC_PER_SEC
                   : G_MAXINT64;
  gboolean timed_out = FALSE;
  int fds[2] = {-1, -1};
  int status = 0;
  GPid pid;

  v2v_debug ("running: %s", text);
  if (!g_spawn_async_with_pipes (NULL, (char **)argv, NULL,
                                 G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, set_limits,
                                 (gpointer)limits, &pid, NULL, &fds[0], &fds[1], &local)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_UNAVAILABLE,
                 "cannot run %s: %s; install the package that provides it", argv[0],
                 local->message);
    return FALSE;
  }
  while (fds[0] >= 0 || fds[1] >= 0) {
    struct pollfd polled[2] = {{fds[0], POLLIN, 0}, {fds[1], POLLIN, 0}};
    gint64 left = end == G_MAXINT64 ? -1 : (end - g_get_monotonic_time ()) / 1000;

    if (end != G_MAXINT64 && left <= 0) {
      timed_out = TRUE;
      kill (pid, SIGKILL);
      break;
    }
    if (poll (polled, 2, (int)MIN (left, G_MAXINT)) < 0 && errno != EINTR)
      break;
    for (int i = 0; i < 2; i++) {
      char bytes[16384];
      gssize n;

      if (fds[i] < 0 || !(polled[i].revents & (POLLIN | POLLHUP | POLLERR)))
        continue;
      n = read (fds[i], bytes, sizeof bytes);
      if (n > 0 && i == 0)
        read_output (reader, bytes, (gsize)n);
      else if (n > 0)
        read_messages (messages, bytes, (gsize)n);
      else if (n == 0 || errno != EINTR) {
        close (fds[i]);
        fds[i] = -1;
      }
    }
  }
  for (int i = 0; i < 2; i++)
    if (fds[i] >= 0)
      close (fds[i]);
  while (waitpid (pid, &status, 0) < 0 && errno == EINTR)
    ;
  g_spawn_close_pid (pid);
  if (reader->line && reader->output->len)
    reader->line (reader->output->str, reader->data);
  if (!status_ok (argv[0], status, timed_out, limits, messages, error))
    return FALSE;
  if (reader->too_long) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_IOERR, "%s printed more than %d bytes", argv[0],
                 OUTPUT_MAX);
    return FALSE;
  }
  return TRUE;
}

gboolean
v2v_process_run (const char *const *argv, const V2vLimits *limits, char **output,
                 GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  Reader reader = {.output = text};

  if (!run (argv, limits, &reader, error))
    return FALSE;
  if (output)
    *output = g_strdup (text->str);
  return TRUE;
}

gboolean
v2v_process_run_lines (const char *const *argv, const V2vLimits *limits, V2vLineFunc line,
                       gpointer data, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  Reader reader = {.output = text, .line = line, .data = data};

  return run (argv, limits, &reader, error);
}

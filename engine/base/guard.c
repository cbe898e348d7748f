/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Limits the processor time of work that nothing can interrupt, by a timer and its signal.
 */
#include "config.h"

#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/guard.h"
#include "base/log.h"

/* The signal handler reads this. It may neither allocate memory nor format text, so the message
 * is prepared before the timer starts. */
static struct {
  guint depth;
  V2vExit status;
  char *what;
  V2vLastWords words;
  struct sigaction before;
} guard;

static void
set_timer (guint seconds)
{
  const struct itimerval timer = {.it_value.tv_sec = seconds};

  /* This counts processor time, because on a busy host harmless work may take long by the
   * clock. */
  setitimer (ITIMER_PROF, &timer, NULL);
}

static void
on_time_up (int signal)
{
  (void)signal;
  v2v_log_say_last_words (&guard.words);
  _exit ((int)guard.status);
}

void
v2v_guard_begin (guint seconds, V2vExit status, const char *format, ...)
{
  struct sigaction action = {.sa_handler = on_time_up};
  g_autofree char *text = NULL;
  va_list args;

  if (guard.depth++ > 0)
    return;
  va_start (args, format);
  guard.what = g_strdup_vprintf (format, args);
  va_end (args);
  guard.status = status;
  text =
      g_strdup_printf ("%s took more than %u seconds of processor time", guard.what, seconds);
  v2v_log_prepare_last_words (&guard.words, status, text);
  sigaction (SIGPROF, &action, &guard.before);
  set_timer (seconds);
}

void
v2v_guard_end (void)
{
  g_return_if_fail (guard.depth > 0);
  if (--guard.depth > 0)
    return;
  set_timer (0);
  sigaction (SIGPROF, &guard.before, NULL);
  v2v_log_clear_last_words (&guard.words);
  g_clear_pointer (&guard.what, g_free);
}

void
v2v_guard_out_of_memory (guint mib)
{
  g_autofree char *text = NULL;
  V2vLastWords words;

  if (guard.depth == 0)
    return;
  set_timer (0);
  text = g_strdup_printf ("%s used more than %u MiB of memory", guard.what, mib);
  v2v_log_prepare_last_words (&words, guard.status, text);
  v2v_log_say_last_words (&words);
  _exit ((int)guard.status);
}

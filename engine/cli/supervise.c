/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The supervisor of the worker process: deadlines, signals, clean-up, exit status.
 */
#define _XOPEN_SOURCE 700 /* nftw */
#define _DEFAULT_SOURCE
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/held.h"
#include "base/letters.h"
#include "base/log.h"
#include "base/outfile.h"
#include "cli/supervise.h"
#include "cli/worker.h"
#include "convert/report.h"
#include "storage/leftovers.h"

/* Seconds between the first signal to the worker, the signal to the programs that it
 * started, and SIGKILL. */
#define GRACE_CHILDREN 3
#define GRACE_KILL 15
/* After how many seconds without progress a sign shows that the step is still running: on
 * --progress-fd, on a terminal, and as a line if the output is not a terminal. */
#define ALIVE_SECONDS 5
#define REDRAW_SECONDS 1
#define LINE_SECONDS 60
#define LINE_LENGTH_MAX (64 * 1024)
/* How often the space for the appliance's writes is checked, and how many checks must have
 * failed in turn. */
#define SPACE_SECONDS 2
#define SPACE_TRIES 2
#define SPACE_LEAST (64 * 1024)
#define MIB (1024 * 1024)
/* How often the removal of leftovers is tried, a tenth of a second apart. */
#define REMOVE_TRIES 30

typedef struct {
  pid_t worker;
  int pipe;
  int signals;
  GPtrArray *temporaries; /* char *: paths, in the order in which they were made */
  GString *line;
  char **fields; /* the last line that reported a step; STATE points into it. NULL before the
                  * first */
  V2vStepState state;
  char *step; /* what the worker is doing, for messages */
  V2vVerbosity verbosity;
  gint64 step_began;        /* monotonic time of the step's beginning, 0 between steps; ... */
  gint64 told, drawn, said; /* ... of the last sign that it lasts, on --progress-fd, on a
                               terminal and in a pipe ... */
  gint64 began;             /* ... of the start, of the last sign of progress ... */
  gint64 progressed;
  guint limit_whole; /* ... and how long both may take, in seconds */
  guint limit_step;
  guint limit_step_default;
  gboolean committing;
  int asked_signal; /* the signal by which a user or scheduler asked to end, or 0 */
  gint64 stopping;  /* monotonic time at which stopping the worker began, 0 if it did not */
  gboolean asked_children;
  gboolean late;          /* the worker is stopped because a time limit has passed */
  char *if_killed;        /* the state that the worker's death would leave, to be printed, or
                           * NULL: everything is as it was */
  char *registered;       /* the worker's file in the register of runs, or NULL */
  GPtrArray *directories; /* char *: to which the appliance writes ... */
  gint64 looked;          /* ... monotonic time of the last look at their space ... */
  guint full_times;       /* ... how many looks found one full ... */
  char *full;             /* ... and what is to be said of it once that is certain */
  int progress_fd;        /* where the last event of --progress-fd goes, or -1 */
  V2vOutFile *report;     /* that the worker has not written yet, or NULL ... */
  char *report_name, *report_begun; /* ... what the user calls it, and what it begins with */
  char *last_words;                 /* of a worker that ended itself, or NULL */
} Supervisor;

static void tell (const char *format, ...) G_GNUC_PRINTF (1, 2);

static void
tell (const char *format, ...)
{
  g_autofree char *text = NULL;
  g_autofree char *printable = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  printable = v2v_printable (text, -1, TRUE);
  fprintf (stderr, "v2v-engine: %s\n", printable);
}

/* Asks the worker to end, by one of two signals: a time limit has passed, so that the worker
 * reports where it is stuck; or someone asked to end, so that the errors that follow are not
 * reported. */
static void
stop_worker (Supervisor *supervisor)
{
  if (supervisor->stopping)
    return;
  supervisor->stopping = g_get_monotonic_time ();
  kill (supervisor->worker, supervisor->asked_signal || supervisor->full ? SIGUSR2 : SIGUSR1);
}

static const char *
field (char **fields, guint index)
{
  return fields[index] && *fields[index] ? fields[index] : NULL;
}

static void
take_state (Supervisor *supervisor, const char *text)
{
  char **fields = g_strsplit (text, V2V_LETTER_FIELD_END, V2V_STEP_FIELDS);
  V2vStepState *state = &supervisor->state;
  gboolean same;

  if (g_strv_length (fields) < V2V_STEP_FIELDS) {
    g_strfreev (fields);
    return;
  }
  same = state->name && g_strcmp0 (state->name, field (fields, V2V_STEP_NAME)) == 0 &&
         state->number == (guint)strtoul (fields[V2V_STEP_NUMBER], NULL, 10);
  if (!same)
    supervisor->step_began = g_get_monotonic_time ();
  supervisor->told = supervisor->drawn = g_get_monotonic_time ();
  if (!same)
    supervisor->said = supervisor->step_began;
  *state = (V2vStepState){
      .limit = (guint)strtoul (fields[V2V_STEP_LIMIT], NULL, 10),
      .number = (guint)strtoul (fields[V2V_STEP_NUMBER], NULL, 10),
      .of = (guint)strtoul (fields[V2V_STEP_OF], NULL, 10),
      .fraction = g_ascii_strtod (fields[V2V_STEP_FRACTION], NULL),
      .name = field (fields, V2V_STEP_NAME),
      .text = field (fields, V2V_STEP_TEXT),
      .guest = field (fields, V2V_STEP_GUEST),
      .detail = field (fields, V2V_STEP_DETAIL),
  };
  g_strfreev (supervisor->fields);
  supervisor->fields = fields;
  supervisor->limit_step = state->limit;
  /* Between two steps, messages name the last one. */
  if (state->text) {
    g_free (supervisor->step);
    supervisor->step =
        g_strdup_printf ("%s%s%s%s", state->text, state->detail ? " (" : "",
                         state->detail ? state->detail : "", state->detail ? ")" : "");
  }
}

static double
seconds_since (gint64 time)
{
  return (double)(g_get_monotonic_time () - time) / G_USEC_PER_SEC;
}

/* Have SECONDS passed since the last sign? If so, the time of a new one is noted. */
static gboolean
is_due (gint64 *last, guint seconds)
{
  if (seconds_since (*last) < seconds)
    return FALSE;
  *last = g_get_monotonic_time ();
  return TRUE;
}

/* Shows that the step is still running. Without a sign for minutes, users would take the
 * program for hung. */
static void
show_alive (Supervisor *supervisor)
{
  const V2vStepState *state = &supervisor->state;
  const double elapsed = seconds_since (supervisor->step_began);

  if (!state->name || supervisor->stopping)
    return;
  if (supervisor->progress_fd >= 0 && is_due (&supervisor->told, ALIVE_SECONDS))
    v2v_log_write_alive (supervisor->progress_fd, state, elapsed,
                         seconds_since (supervisor->progressed));
  if (supervisor->verbosity != V2V_NORMAL)
    return;
  if (isatty (STDERR_FILENO)) {
    if (is_due (&supervisor->drawn, REDRAW_SECONDS))
      v2v_log_draw_bar (state, elapsed);
  } else if (is_due (&supervisor->said, LINE_SECONDS)) {
    tell ("%s: %.0f%%, %.0f s", state->text, state->fraction * 100, elapsed);
  }
}

static void
take_report (Supervisor *supervisor, const char *text)
{
  g_auto (GStrv) fields = g_strsplit (text, V2V_LETTER_FIELD_END, 2);

  g_clear_pointer (&supervisor->report, v2v_out_file_free);
  g_clear_pointer (&supervisor->report_name, g_free);
  g_clear_pointer (&supervisor->report_begun, g_free);
  if (!fields[0] || !fields[1])
    return;
  /* Opened now, since the reader of a pipe waits until it is. */
  supervisor->report = v2v_out_file_open (fields[0], NULL);
  supervisor->report_name = g_strdup (fields[0]);
  supervisor->report_begun = g_strdup (fields[1]);
}

static void
take_line (Supervisor *supervisor, const char *line)
{
  g_autofree char *text = g_strcompress (line[0] ? line + 1 : line);

  supervisor->progressed = g_get_monotonic_time ();
  switch (line[0]) {
  case V2V_LETTER_LIMITS:
    sscanf (text, "%u %u", &supervisor->limit_whole, &supervisor->limit_step_default);
    break;
  case V2V_LETTER_STEP:
    take_state (supervisor, text);
    break;
  case V2V_LETTER_PROGRESS: {
    int verbosity = V2V_NORMAL;

    sscanf (text, "%d %d", &supervisor->progress_fd, &verbosity);
    supervisor->verbosity = (V2vVerbosity)verbosity;
    break;
  }
  case V2V_LETTER_MADE:
    g_ptr_array_add (supervisor->temporaries, g_steal_pointer (&text));
    break;
  case V2V_LETTER_GONE:
    for (guint i = supervisor->temporaries->len; i-- > 0;)
      if (g_str_equal (supervisor->temporaries->pdata[i], text))
        g_ptr_array_remove_index (supervisor->temporaries, i);
    break;
  case V2V_LETTER_IF_KILLED:
    g_free (supervisor->if_killed);
    supervisor->if_killed = *text ? g_steal_pointer (&text) : NULL;
    break;
  case V2V_LETTER_REGISTER:
    g_free (supervisor->registered);
    supervisor->registered = g_steal_pointer (&text);
    break;
  case V2V_LETTER_WATCH:
    if (*text)
      g_ptr_array_add (supervisor->directories, g_steal_pointer (&text));
    else
      g_ptr_array_set_size (supervisor->directories, 0);
    break;
  case V2V_LETTER_REPORT:
    take_report (supervisor, text);
    break;
  case V2V_LETTER_LAST_WORDS:
    g_free (supervisor->last_words);
    supervisor->last_words = g_steal_pointer (&text);
    break;
  case V2V_LETTER_COMMIT_BEGINS:
    supervisor->committing = TRUE;
    break;
  case V2V_LETTER_COMMIT_ENDS:
    supervisor->committing = FALSE;
    if (supervisor->asked_signal)
      stop_worker (supervisor);
    break;
  default: /* progress */
    break;
  }
}

/* Reads what the worker sent; FALSE at the end of the pipe. */
static gboolean
read_lines (Supervisor *supervisor)
{
  char bytes[4096];
  gssize n = read (supervisor->pipe, bytes, sizeof bytes);

  if (n < 0)
    return errno == EINTR || errno == EAGAIN;
  for (gssize i = 0; i < n; i++)
    if (bytes[i] == '\n') {
      take_line (supervisor, supervisor->line->str);
      g_string_truncate (supervisor->line, 0);
    } else if (supervisor->line->len < LINE_LENGTH_MAX) {
      g_string_append_c (supervisor->line, bytes[i]);
    }
  return n > 0;
}

static void
take_signal (Supervisor *supervisor)
{
  struct signalfd_siginfo info;

  if (read (supervisor->signals, &info, sizeof info) != sizeof info ||
      info.ssi_signo == SIGCHLD)
    return;
  supervisor->asked_signal = (int)info.ssi_signo;
  if (supervisor->committing)
    tell ("the result is being written; this ends when that is done");
  else
    stop_worker (supervisor);
}

/* Is DIRECTORY full? Tried by writing, since quotas and reserved blocks make the number of
 * free blocks unreliable. */
static gboolean
is_full (const char *directory)
{
  struct statvfs fs;
  gboolean full;
  int fd = open (directory, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);

  if (fd >= 0) {
    full = fallocate (fd, 0, 0, SPACE_LEAST) < 0 && (errno == ENOSPC || errno == EDQUOT);
    close (fd);
    return full;
  }
  return errno == ENOSPC || errno == EDQUOT ||
         (statvfs (directory, &fs) == 0 && (guint64)fs.f_bavail * fs.f_frsize < SPACE_LEAST);
}

static gint64 taken; /* bytes, of the files that count_entry has seen */

static int
count_entry (const char *path, const struct stat *info, int kind, struct FTW *ftw)
{
  (void)path;
  (void)ftw;
  if (kind == FTW_F)
    taken += (gint64)info->st_blocks * 512;
  return 0;
}

/* How many bytes the files of this run take in DIRECTORY, which the run may have made. */
static void
count_taken (const Supervisor *supervisor, const char *directory)
{
  g_autofree char *prefix = g_strconcat (directory, "/", NULL);
  gboolean own = FALSE;

  taken = 0;
  for (guint i = 0; i < supervisor->temporaries->len; i++)
    own |= g_str_equal (supervisor->temporaries->pdata[i], directory);
  if (own)
    nftw (directory, count_entry, 16, FTW_PHYS | FTW_MOUNT);
  for (guint i = 0; !own && i < supervisor->temporaries->len; i++)
    if (g_str_has_prefix (supervisor->temporaries->pdata[i], prefix))
      nftw (supervisor->temporaries->pdata[i], count_entry, 16, FTW_PHYS | FTW_MOUNT);
}

/* Ends the run if the file system that takes the appliance's writes is full: qemu would
 * pause the appliance without reporting it. */
static void
check_space (Supervisor *supervisor)
{
  const char *full = NULL;

  if (!supervisor->directories->len || supervisor->stopping ||
      !is_due (&supervisor->looked, SPACE_SECONDS))
    return;
  for (guint i = 0; !full && i < supervisor->directories->len; i++)
    if (is_full (supervisor->directories->pdata[i]))
      full = supervisor->directories->pdata[i];
  supervisor->full_times = full ? supervisor->full_times + 1 : 0;
  if (supervisor->full_times < SPACE_TRIES)
    return;
  count_taken (supervisor, full);
  supervisor->full = g_strdup_printf (
      "no space left in the file system of %s, where the changes to the guest are kept: they have "
      "taken %.1f MiB so far, and need as much as the conversion changes, commonly up to 2 GiB; "
      "free some, or name another place (TMPDIR, with --storage in-place --work-dir, with "
      "--storage snapshot --snapshot-dir)",
      full, (double)taken / MIB);
  stop_worker (supervisor);
}

static gboolean
is_past (gint64 since, guint seconds)
{
  return seconds && g_get_monotonic_time () - since > (gint64)seconds * G_USEC_PER_SEC;
}

static void
check_time (Supervisor *supervisor)
{
  guint limit = supervisor->limit_step
                    ? MIN (supervisor->limit_step, supervisor->limit_step_default)
                    : supervisor->limit_step_default;

  if (supervisor->stopping) {
    if (is_past (supervisor->stopping, GRACE_KILL)) {
      kill (-supervisor->worker, SIGKILL);
    } else if (!supervisor->asked_children &&
               (supervisor->asked_signal || supervisor->full ||
                is_past (supervisor->stopping, GRACE_CHILDREN))) {
      /* The worker ignores this signal, but the programs that it started end, so that the
       * call that waits for them fails. */
      kill (-supervisor->worker, SIGTERM);
      supervisor->asked_children = TRUE;
    }
    return;
  }
  if (supervisor->committing)
    return;
  if (is_past (supervisor->progressed, limit)) {
    tell ("%s: no progress within %u seconds: stopping (--step-timeout sets the limit)",
          supervisor->step ? supervisor->step : "starting", limit);
    supervisor->late = TRUE;
    stop_worker (supervisor);
  } else if (is_past (supervisor->began, supervisor->limit_whole)) {
    tell ("%s: the whole took longer than %u seconds: stopping (--timeout sets the limit)",
          supervisor->step ? supervisor->step : "starting", supervisor->limit_whole);
    supervisor->late = TRUE;
    stop_worker (supervisor);
  }
}

/* Removes what a dead worker left, including results that were not published yet. */
static void
clean_up (Supervisor *supervisor)
{
  gboolean left = TRUE;

  /* A program takes a moment to die after SIGKILL, and may still create a file in a
   * directory. */
  for (int i = 0; left && i < REMOVE_TRIES; i++) {
    if (i)
      g_usleep (G_USEC_PER_SEC / 10);
    left = FALSE;
    for (guint j = supervisor->temporaries->len; j-- > 0;) {
      v2v_held_remove (supervisor->temporaries->pdata[j]);
      left |= g_file_test (supervisor->temporaries->pdata[j], G_FILE_TEST_EXISTS);
    }
  }
  if (supervisor->registered)
    v2v_leftovers_remove_all (supervisor->registered);
}

/* Writes the report that the worker did not write before its death. */
static void
complete_report (const Supervisor *supervisor, V2vExit status, const char *message)
{
  g_autoptr (GError) error = NULL;

  if (supervisor->report &&
      !v2v_report_write_begun (supervisor->report_begun, status, message, supervisor->report,
                               supervisor->report_name, &error))
    tell ("warning: %s", error->message);
}

/* Prints why the program ends, if the worker could not. */
static int fail (const Supervisor *supervisor, V2vExit status, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

static int
fail (const Supervisor *supervisor, V2vExit status, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  tell ("error: %s", text);
  v2v_log_write_failure (supervisor->progress_fd, &supervisor->state, status, text);
  complete_report (supervisor, status, text);
  return (int)status;
}

static int
finish (Supervisor *supervisor, int status)
{
  int result = WIFEXITED (status) ? WEXITSTATUS (status) : V2V_EXIT_SOFTWARE;
  const char *in = supervisor->step ? " in step " : "";
  const char *step = supervisor->step ? supervisor->step : "";

  const char *left = supervisor->if_killed ? supervisor->if_killed
                                           : "nothing was kept, the source is as it was";

  /* All programs that the worker started are ended, too. */
  kill (-supervisor->worker, SIGKILL);
  clean_up (supervisor);
  if (supervisor->full && result != V2V_EXIT_OK)
    return fail (supervisor, V2V_EXIT_CANTCREAT, "%s", supervisor->full);
  if (supervisor->asked_signal && result != V2V_EXIT_OK)
    return fail (supervisor, V2V_EXIT_TEMPFAIL, "interrupted by signal %d (%s)%s%s: %s",
                 supervisor->asked_signal, g_strsignal (supervisor->asked_signal), in, step,
                 left);
  if (WIFEXITED (status)) {
    if (result != V2V_EXIT_OK)
      complete_report (supervisor, (V2vExit)result,
                       supervisor->last_words ? supervisor->last_words
                                              : "the worker ended without a word");
    return result;
  }
  if (supervisor->late)
    return fail (supervisor, V2V_EXIT_TEMPFAIL,
                 "the time was up%s%s, and the worker had to be killed: %s", in, step, left);
  return fail (supervisor, WTERMSIG (status) == SIGKILL ? V2V_EXIT_TEMPFAIL : V2V_EXIT_SOFTWARE,
               "the worker was killed by signal %d (%s)%s%s: %s%s", WTERMSIG (status),
               g_strsignal (WTERMSIG (status)), in, step, left,
               supervisor->if_killed ? "" : "; run again with --verbose and report it");
}

static int
supervise (pid_t worker, int pipe, int signals)
{
  Supervisor supervisor = {
      .worker = worker,
      .pipe = pipe,
      .signals = signals,
      .temporaries = g_ptr_array_new_with_free_func (g_free),
      .directories = g_ptr_array_new_with_free_func (g_free),
      .line = g_string_new (NULL),
      .began = g_get_monotonic_time (),
      .progressed = g_get_monotonic_time (),
      .limit_step_default = V2V_STEP_SECONDS,
      .progress_fd = -1,
  };
  gboolean open = TRUE;
  int status = 0;
  int result;

  for (;;) {
    struct pollfd polled[2] = {{open ? pipe : -1, POLLIN, 0}, {signals, POLLIN, 0}};
    pid_t ended;

    poll (polled, 2, 250);
    if (open && polled[0].revents)
      open = read_lines (&supervisor);
    if (polled[1].revents)
      take_signal (&supervisor);
    ended = waitpid (worker, &status, WNOHANG);
    if (ended == worker || (ended < 0 && errno != EINTR))
      break;
    check_space (&supervisor);
    check_time (&supervisor);
    show_alive (&supervisor);
  }
  while (open)
    open = read_lines (&supervisor);
  result = finish (&supervisor, status);
  g_ptr_array_unref (supervisor.temporaries);
  g_ptr_array_unref (supervisor.directories);
  g_free (supervisor.if_killed);
  g_free (supervisor.registered);
  g_free (supervisor.full);
  take_report (&supervisor, "");
  g_free (supervisor.last_words);
  g_string_free (supervisor.line, TRUE);
  g_free (supervisor.step);
  g_strfreev (supervisor.fields);
  return result;
}

int
v2v_supervise (int (*worker) (int argc, char **argv), int argc, char **argv)
{
  sigset_t watched;
  sigset_t before;
  struct sigaction hangup;
  int fds[2];
  pid_t pid;
  int signals;

  sigemptyset (&watched);
  sigaddset (&watched, SIGINT);
  sigaddset (&watched, SIGTERM);
  sigaddset (&watched, SIGQUIT);
  /* A SIGHUP that nohup(1) ignores stays ignored. */
  sigaction (SIGHUP, NULL, &hangup);
  if (hangup.sa_handler != SIG_IGN)
    sigaddset (&watched, SIGHUP);
  sigaddset (&watched, SIGCHLD);
  if (pipe2 (fds, O_CLOEXEC) < 0 || sigprocmask (SIG_BLOCK, &watched, &before) < 0 ||
      (signals = signalfd (-1, &watched, SFD_CLOEXEC)) < 0) {
    tell ("error: cannot start: %s", g_strerror (errno));
    return V2V_EXIT_UNAVAILABLE;
  }
  fflush (NULL);
  pid = fork ();
  if (pid < 0) {
    tell ("error: cannot start a process: %s", g_strerror (errno));
    return V2V_EXIT_UNAVAILABLE;
  }
  if (pid == 0) {
    setpgid (0, 0);
    close (fds[0]);
    close (signals);
    exit (v2v_worker_run (worker, argc, argv, fds[1], &before));
  }
  setpgid (pid, pid);
  close (fds[1]);
  /* SIGPIPE is ignored: the clean-up has to be done even if nobody reads the messages any
   * more. */
  signal (SIGPIPE, SIG_IGN);
  return supervise (pid, fds[0], signals);
}

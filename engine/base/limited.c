/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Processes that may only compute, and the pipes through which they answer.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef HAVE_LINUX_LANDLOCK_H
#include <linux/landlock.h>
#endif
#include <seccomp.h>
#ifdef V2V_COVERAGE
#include <gcov.h>
#endif

#include "base/limited.h"

struct V2vLimited {
  int from;
  pid_t pid;
  GThread *thread; /* for fuzzers: runs instead of a process, so that coverage is counted */
  guint wall_seconds;
  gboolean ended; /* the whole answer has been read */
};

/* In a fuzzer's build, the arguments of the new thread, which does not get a copy of the memory
 * as a new process does. */
typedef struct {
  V2vLimitedFunc function;
  gpointer data;
  int to;
} Call;

#if !defined V2V_UNCONFINED && !defined FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
#define CONFINED 1
#endif

#ifdef CONFINED
static void
set_limit (int resource, rlim_t value)
{
  struct rlimit limit = {value, value};

  setrlimit (resource, &limit); /* fails if a lower limit applies already, which is fine */
}

/* Limits the address space to what is mapped already plus MORE. */
static void
limit_memory (guint64 more)
{
  g_autofree char *text = NULL;
  guint64 pages;

  if (!more || !g_file_get_contents ("/proc/self/statm", &text, NULL, NULL) ||
      (pages = g_ascii_strtoull (text, NULL, 10)) == 0)
    return;
  set_limit (RLIMIT_AS, more + pages * (guint64)sysconf (_SC_PAGESIZE));
}

/* Forbids the process to open, create, remove or change any path. */
static void
forbid_paths (void)
{
#ifdef HAVE_LINUX_LANDLOCK_H
  /* The kernel rejects access rights that it does not know, and reports a version of its
   * interface; each version added some rights. */
  static const guint bits[] = {0, 13, 14, 15, 15, 16};
  long version =
      syscall (SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
  struct landlock_ruleset_attr all = {0};
  long ruleset;

  if (version < 1)
    return;
  all.handled_access_fs =
      (G_GUINT64_CONSTANT (1) << bits[MIN (version, (long)G_N_ELEMENTS (bits) - 1)]) - 1;
  /* Later versions of the struct have more fields, which stay 0. */
  ruleset = syscall (SYS_landlock_create_ruleset, &all, sizeof all.handled_access_fs, 0);
  if (ruleset < 0)
    return;
  syscall (SYS_landlock_restrict_self, ruleset, 0);
  close ((int)ruleset);
#endif
}

/* Makes all system calls fail but those listed here. */
static void
forbid_calls (void)
{
  static const int allowed[] = {
      SCMP_SYS (read),          SCMP_SYS (pread64),      SCMP_SYS (readv),
      SCMP_SYS (write),         SCMP_SYS (writev),       SCMP_SYS (lseek),
      SCMP_SYS (_llseek),       SCMP_SYS (close),        SCMP_SYS (fstat),
      SCMP_SYS (fstat64),       SCMP_SYS (brk),          SCMP_SYS (mmap),
      SCMP_SYS (mmap2),         SCMP_SYS (munmap),       SCMP_SYS (mremap),
      SCMP_SYS (mprotect),      SCMP_SYS (madvise),      SCMP_SYS (futex),
      SCMP_SYS (rt_sigreturn),  SCMP_SYS (rt_sigaction), SCMP_SYS (rt_sigprocmask),
      SCMP_SYS (clock_gettime), SCMP_SYS (gettimeofday), SCMP_SYS (getrandom),
      SCMP_SYS (exit),          SCMP_SYS (exit_group),   SCMP_SYS (restart_syscall),
      SCMP_SYS (sched_yield),
  };
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ERRNO (EPERM));
  gboolean ok = filter != NULL;

  for (gsize i = 0; ok && i < G_N_ELEMENTS (allowed); i++)
    ok = seccomp_rule_add (filter, SCMP_ACT_ALLOW, allowed[i], 0) == 0;
  /* glibc's fstat is this system call. */
  ok = ok && seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (newfstatat), 1,
                               SCMP_A3 (SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH)) == 0;
  if (ok)
    seccomp_load (filter);
  if (filter)
    seccomp_release (filter);
}

static void
confine (const V2vLimits *limits)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  prctl (PR_SET_DUMPABLE, 0, 0, 0, 0);
  limit_memory (limits->address_space);
  if (limits->cpu_seconds)
    set_limit (RLIMIT_CPU, limits->cpu_seconds);
  set_limit (RLIMIT_FSIZE, 0);
  set_limit (RLIMIT_CORE, 0);
  set_limit (RLIMIT_NPROC, 0);
  forbid_paths ();
  forbid_calls ();
}
#else
static void
confine (const V2vLimits *limits)
{
  /* Sanitizers reserve terabytes of address space, and like coverage counters make system calls
   * of their own. */
  (void)limits;
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}
#endif

#ifndef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
/* Ends the process without running the exit handlers that its parent registered. */
static _Noreturn void
leave (int status)
{
#ifdef V2V_COVERAGE
  __gcov_dump ();
#endif
  _exit (status);
}
#endif

void
v2v_limited_write (int to, const void *bytes, gsize length)
{
  const char *at = bytes;

  while (length) {
    gssize n = write (to, at, length);

    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0) {
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
      return;
#else
      leave (1);
#endif
    }
    at += n;
    length -= (gsize)n;
  }
}

#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
static gpointer
run_in_thread (gpointer data)
{
  Call *call = data;
  int status;

  signal (SIGPIPE, SIG_IGN);
  status = call->function (call->to, call->data);
  close (call->to);
  g_free (call);
  return GINT_TO_POINTER (status);
}

static gboolean
begin (V2vLimited *limited, const Call *call, const V2vLimits *limits, GError **error)
{
  (void)limits;
  (void)error;
  (void)confine;
  limited->thread = g_thread_new ("limited", run_in_thread, g_memdup2 (call, sizeof *call));
  return TRUE;
}
#else
static gboolean
begin (V2vLimited *limited, const Call *call, const V2vLimits *limits, GError **error)
{
  limited->pid = fork ();
  if (limited->pid < 0) {
    v2v_error_set_errno (error, errno, "cannot create a process");
    (*error)->code = V2V_EXIT_TEMPFAIL;
    close (call->to);
    return FALSE;
  }
  if (limited->pid == 0) {
    close (limited->from);
    confine (limits);
    leave (call->function (call->to, call->data));
  }
  close (call->to);
  return TRUE;
}
#endif

V2vLimited *
v2v_limited_start (V2vLimitedFunc function, gpointer data, const V2vLimits *limits,
                   GError **error)
{
  g_autofree V2vLimited *limited = g_new0 (V2vLimited, 1);
  GError *local = NULL;
  Call call = {function, data, -1};
  int fds[2];

  if (pipe2 (fds, O_CLOEXEC) < 0) {
    v2v_error_set_errno (error, errno, "cannot create a pipe");
    return NULL;
  }
  limited->from = fds[0];
  limited->wall_seconds = limits->wall_seconds;
  call.to = fds[1];
  if (!begin (limited, &call, limits, &local)) {
    close (limited->from);
    g_propagate_error (error, local);
    return NULL;
  }
  return g_steal_pointer (&limited);
}

gssize
v2v_limited_read (V2vLimited *limited, void *buffer, gsize length)
{
  const gint64 end = limited->wall_seconds ? g_get_monotonic_time () +
                                                 (gint64)limited->wall_seconds * G_USEC_PER_SEC
                                           : G_MAXINT64;
  gsize done = 0;

  while (done < length) {
    struct pollfd polled = {limited->from, POLLIN, 0};
    gint64 left = (end - g_get_monotonic_time ()) / 1000;
    gssize n;

    if (left <= 0)
      return -1;
    if (poll (&polled, 1, (int)MIN (left, 60000)) <= 0)
      continue;
    n = read (limited->from, (char *)buffer + done, length - done);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return -1;
    if (n == 0) {
      limited->ended = TRUE;
      break;
    }
    done += (gsize)n;
  }
  return (gssize)done;
}

gboolean
v2v_limited_end (V2vLimited *limited)
{
  gboolean ok = limited->ended;
  int status = 0;

  close (limited->from);
  if (limited->thread) {
    status = GPOINTER_TO_INT (g_thread_join (limited->thread));
  } else {
    if (!limited->ended)
      kill (limited->pid, SIGKILL);
    while (waitpid (limited->pid, &status, 0) < 0 && errno == EINTR)
      ;
  }
  g_free (limited);
  return ok && status == 0;
}

GBytes *
v2v_limited_call (V2vLimitedFunc function, gpointer data, const V2vLimits *limits, gsize max,
                  GError **error)
{
  V2vLimited *limited = v2v_limited_start (function, data, limits, error);
  GByteArray *answer = g_byte_array_new ();
  const gint64 end = g_get_monotonic_time () + (gint64)limits->wall_seconds * G_USEC_PER_SEC;
  gssize n = 0;

  while (limited && answer->len <= max) {
    guint8 buffer[16384];

    n = v2v_limited_read (limited, buffer, sizeof buffer);
    if (n > 0)
      g_byte_array_append (answer, buffer, (guint)n);
    if (n < (gssize)sizeof buffer || (limits->wall_seconds && g_get_monotonic_time () > end))
      break;
  }
  if (limited && v2v_limited_end (limited) && answer->len <= max)
    return g_byte_array_free_to_bytes (answer);
  g_byte_array_unref (answer);
  return NULL;
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a confined process can do, and what happens to its answer.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limited.h"

static const V2vLimits limits = {
    .address_space = 64 << 20, .cpu_seconds = 5, .wall_seconds = 5};

/* What is open before it begins, and a path that is not. */
typedef struct {
  int fd;
  const char *path;
} Given;

/* One byte for each thing that was tried: 1 if it could be done. Only the last one can. */
static int
try_all (int to, gpointer data)
{
  const Given *given = data;
  const char *path = given->path;
  char done[7] = {0};
  pid_t child;
  char byte;

  done[0] = open (path, O_RDONLY) >= 0;
  done[1] = open (path, O_WRONLY | O_CREAT, 0600) >= 0;
  done[2] = unlink (path) == 0;
  done[3] = socket (AF_INET, SOCK_STREAM, 0) >= 0;
  done[4] = kill (getppid (), 0) == 0;
  child = fork ();
  if (child == 0)
    _exit (0);
  done[5] = child > 0;
  execl ("/bin/true", "true", NULL);
  done[6] = pread (given->fd, &byte, 1, 0) == 1;
  v2v_limited_write (to, done, sizeof done);
  return 0;
}

static void
test_confined (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("V2V_TEST_TMPDIR"), "file", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = NULL;
  Given given = {-1, path};
  const char *done;

#ifdef V2V_UNCONFINED
  g_test_skip ("sanitizers and counters need calls of their own, so that nothing is forbidden");
  return;
#endif
  g_assert_true (g_file_set_contents (path, "x", 1, NULL));
  given.fd = open (path, O_RDONLY | O_CLOEXEC);
  answer = v2v_limited_call (try_all, &given, &limits, 100, &error);
  close (given.fd);
  g_assert_no_error (error);
  g_assert_nonnull (answer);
  g_assert_cmpuint (g_bytes_get_size (answer), ==, 7);
  done = g_bytes_get_data (answer, NULL);
  for (int i = 0; i < 6; i++)
    g_assert_cmpint (done[i], ==, 0);
  g_assert_cmpint (done[6], ==, 1);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
}

static int
say_much (int to, gpointer data)
{
  g_autofree char *bytes = g_malloc0 (100000);

  (void)data;
  v2v_limited_write (to, bytes, 100000);
  return 0;
}

static int
fail (int to, gpointer data)
{
  (void)data;
  v2v_limited_write (to, "half", 4);
  return 1;
}

#ifndef V2V_UNCONFINED
static int
take_memory (int to, gpointer data)
{
  gsize size = (gsize)1 << 30;
  char *memory = malloc (size);

  (void)data;
  if (!memory)
    return 1;
  memset (memory, 1, size);
  v2v_limited_write (to, memory, 1);
  free (memory);
  return 0;
}
#endif

static int
never_end (int to, gpointer data)
{
  (void)to;
  (void)data;
  while (pause ())
    continue;
  return 0;
}

static void
test_answers (void)
{
  const V2vLimits second = {.wall_seconds = 1};
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) whole = v2v_limited_call (say_much, NULL, &limits, 100000, &error);

  g_assert_nonnull (whole);
  g_assert_cmpuint (g_bytes_get_size (whole), ==, 100000);
  g_assert_null (v2v_limited_call (say_much, NULL, &limits, 99999, &error));
  g_assert_null (v2v_limited_call (fail, NULL, &limits, 100, &error));
#ifndef V2V_UNCONFINED
  g_assert_null (v2v_limited_call (take_memory, NULL, &limits, 100, &error));
#endif
  g_assert_null (v2v_limited_call (never_end, NULL, &second, 100, &error));
  g_assert_no_error (error);
  /* No process is left, whichever way they ended. */
  g_assert_cmpint (waitpid (-1, NULL, WNOHANG), ==, -1);
  g_assert_cmpint (errno, ==, ECHILD);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/limited/confined", test_confined);
  g_test_add_func ("/limited/answers", test_answers);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Runs what ends the process (base/guard.h).
 */
#pragma once

#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

/* Runs FUNCTION in a process of its own, which has to end with STATUS and a message on standard
 * error that holds PIECE. */
static inline void
assert_ends (void (*function) (void), int status, const char *piece)
{
  g_autofree char *said = NULL;
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("v2v-ends.XXXXXX", &path, NULL);
  int ended = 0;
  pid_t pid;

  g_assert_cmpint (fd, >=, 0);
  fflush (NULL);
  pid = fork ();
  g_assert_cmpint (pid, >=, 0);
  if (pid == 0) {
    dup2 (fd, STDERR_FILENO);
    function ();
    _exit (0);
  }
  g_assert_cmpint (waitpid (pid, &ended, 0), ==, pid);
  close (fd);
  g_assert_true (g_file_get_contents (path, &said, NULL, NULL));
  g_unlink (path);
  if (!WIFEXITED (ended) || WEXITSTATUS (ended) != status || !strstr (said, piece))
    g_error ("it ended with %x and not %d (%s): %s", ended, status, piece, said);
}

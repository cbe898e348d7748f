/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Tests of the machine that is watched, with a script in the emulator's place.
 */
#include "config.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "verify/machine.h"

#include "disk-util.h"

static GArray *killed; /* pid_t */

/* Stands before the C library's: who is killed is noted. */
int
kill (pid_t pid, int number)
{
  if (killed)
    g_array_append_val (killed, pid);
  return (int)syscall (SYS_kill, pid, number);
}

/* Starts a shell script as the emulator. */
static V2vMachine *
start (const char *script)
{
  g_autofree char *dir = test_dir ();
  g_autofree char *program = in (dir, "emulator");
  g_autofree char *serial = in (dir, "serial.log");
  g_autofree char *text = g_strdup_printf ("#!/bin/sh\n%s\n", script);
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  V2vMachine *machine;

  write_file (program, text, -1);
  g_assert_cmpint (chmod (program, 0755), ==, 0);
  g_ptr_array_add (argv, program);
  machine = v2v_machine_start (argv, serial, dir, &error);
  g_assert_no_error (error);
  g_assert_nonnull (machine);
  return machine;
}

#define ANSWER "read -r line <&3; echo '{\"return\": {}}' >&3\n"

/* Its process number may be another's by now. */
static void
test_ended (void)
{
  V2vMachine *machine = start (ANSWER "exit 0");

  for (guint turn = 0; turn < 600 && v2v_machine_listen (machine, 100); turn++)
    ;
  g_assert_false (v2v_machine_listen (machine, 0));
  killed = g_array_new (FALSE, FALSE, sizeof (pid_t));
  v2v_machine_free (machine);
  g_assert_cmpuint (killed->len, ==, 0);
  g_clear_pointer (&killed, g_array_unref);
}

static void
test_running (void)
{
  V2vMachine *machine = start (ANSWER "exec sleep 600");

  g_assert_true (v2v_machine_listen (machine, 0));
  killed = g_array_new (FALSE, FALSE, sizeof (pid_t));
  v2v_machine_free (machine);
  g_assert_cmpuint (killed->len, ==, 1);
  /* It is gone, and was waited for. */
  g_assert_cmpint (kill (g_array_index (killed, pid_t, 0), 0), ==, -1);
  g_clear_pointer (&killed, g_array_unref);
}

/* Without room for what a guest that it fell to could do. */
static void
test_confined (void)
{
  V2vMachine *machine = start ("echo \"$*\" >&2\n" ANSWER "exec sleep 600");
  g_autofree char *said = v2v_machine_messages (machine);

  g_assert_nonnull (strstr (said, "-sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny,"
                                  "resourcecontrol=deny"));
  v2v_machine_free (machine);
}

/* A guest that talks without end. */
static void
test_log (void)
{
  g_autofree char *dir = test_dir ();
  g_autofree char *path = in (dir, "talk.log");
  g_autofree char *piece = g_strnfill (1024 * 1024, 'x');
  FILE *stream = fopen (path, "w");
  struct stat status;

  g_assert_nonnull (stream);
  for (guint i = 0; i < 40; i++) {
    g_assert_cmpint (fwrite (piece, 1, 1024 * 1024, stream), ==, 1024 * 1024);
    fflush (stream);
    v2v_machine_cut_log (path);
    g_assert_cmpint (stat (path, &status), ==, 0);
    g_assert_cmpint (status.st_blocks * 512, <=, 17 * 1024 * 1024);
  }
  fputs ("the end", stream);
  fclose (stream);
  {
    g_autofree char *text = NULL;
    gsize length;

    g_assert_true (g_file_get_contents (path, &text, &length, NULL));
    g_assert_cmpmem (text + length - 7, 7, "the end", 7);
    g_assert_cmpmem (text + length - 1007, 1000, piece, 1000);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/machine/ended", test_ended);
  g_test_add_func ("/machine/running", test_running);
  g_test_add_func ("/machine/confined", test_confined);
  g_test_add_func ("/machine/log", test_log);
  return g_test_run ();
}

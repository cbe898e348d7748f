/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Tests of the machine that is watched, with a script in the emulator's place.
 */
#include "config.h"

#include <signal.h>
#include <string.h>
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

/* Starts a shell script as the emulator, with ARGUMENTS (may be NULL) and its files in DIR. */
static V2vMachine *
start_in (const char *dir, const char *script, const char *const *arguments, GError **error)
{
  g_autofree char *program = in (dir, "emulator");
  g_autofree char *serial = in (dir, "serial.log");
  g_autofree char *text = g_strdup_printf ("#!/bin/sh\n%s\n", script);
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();

  write_file (program, text, -1);
  g_assert_cmpint (chmod (program, 0755), ==, 0);
  g_ptr_array_add (argv, program);
  for (; arguments && *arguments; arguments++)
    g_ptr_array_add (argv, (gpointer)*arguments);
  return v2v_machine_start (argv, serial, dir, error);
}

static V2vMachine *
start (const char *script)
{
  g_autofree char *dir = test_dir ();
  g_autoptr (GError) error = NULL;
  V2vMachine *machine = start_in (dir, script, NULL, &error);

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

/* ---- what it says and shows ---- */

static void
assert_says (char *said, const char *expected)
{
  g_autofree char *owned = said;

  g_assert_cmpstr (owned, ==, expected);
}

static V2vMachine *
start_qemu (const char *dir, const char *const *arguments)
{
  g_autofree char *script = g_strdup_printf ("exec python3 '%s/tests/unit/emulator.py' \"$@\"",
                                             g_getenv ("V2V_TEST_SRCDIR"));
  g_autoptr (GError) error = NULL;
  V2vMachine *machine = start_in (dir, script, arguments, &error);

  g_assert_no_error (error);
  return machine;
}

/* Every port is its own. */
static void
test_ports (void)
{
  g_autofree char *dir = test_dir (), *serial = in (dir, "serial.log");
  g_autofree char *firmware =
      g_strdup_printf ("file,id=v2v-firmware,path=%s/" V2V_MACHINE_FIRMWARE, dir);
  g_autofree char *mark = g_strdup_printf ("file,id=v2v-mark,path=%s/" V2V_MACHINE_MARK, dir);
  const char *const arguments[] = {"-chardev", firmware, "-chardev", mark, NULL};
  V2vMachine *machine = start_qemu (dir, arguments);

  assert_says (v2v_machine_firmware (machine), "this is v2v-firmware\n");
  assert_says (v2v_machine_mark (machine), "this is v2v-mark\n");
  assert_says (v2v_machine_messages (machine), "sandboxed");
  assert_says (v2v_machine_console (machine), "");
  write_file (serial, "\033[1mup\033[0m\r\n", -1);
  assert_says (v2v_machine_console (machine), "up\n");
  v2v_machine_free (machine);
  /* The emulator and the serial port's file are not its own; all else is gone. */
  g_assert_cmpuint (count_names (dir), ==, 1);
}

/* Of a machine without these ports, nothing was said. */
static void
test_other_machine (void)
{
  g_autofree char *dir = test_dir ();
  V2vMachine *machine = start_qemu (dir, NULL);

  assert_says (v2v_machine_firmware (machine), "");
  assert_says (v2v_machine_mark (machine), "");
  v2v_machine_free (machine);
}

static void
test_pictures (void)
{
  g_autofree char *dir = test_dir (), *path = in (dir, "picture.png"), *second = in (dir, "2");
  g_autofree char *text = NULL, *empty = g_strnfill (23, '\n');
  g_autofree char *shown = g_strconcat ("login:\n  x\n", empty, NULL);
  V2vMachine *machine = start_qemu (dir, NULL);
  struct stat status;

  g_assert_cmpuint (v2v_machine_restarts (machine), ==, 0);
  g_assert_true (v2v_machine_photograph (machine, path));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "picture");
  g_assert_cmpint (stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 07777, ==, 0600);
  /* An older picture is not taken for a new one. */
  g_assert_false (v2v_machine_photograph (machine, second));
  g_assert_false (g_file_test (second, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (v2v_machine_restarts (machine), ==, 2);
  g_assert_false (v2v_machine_is_off (machine));
  assert_says (v2v_machine_screen (machine), shown);
  for (guint turn = 0; turn < 100 && !v2v_machine_is_off (machine); turn++)
    v2v_machine_listen (machine, 100);
  g_assert_true (v2v_machine_is_off (machine));
  g_assert_true (v2v_machine_listen (machine, 0));
  v2v_machine_free (machine);
}

/* Once it has ended there is nothing to be seen. */
static void
test_nothing_to_see (void)
{
  g_autofree char *dir = test_dir (), *path = in (dir, "picture.png");
  V2vMachine *machine = start (ANSWER "exit 0");

  for (guint turn = 0; turn < 600 && v2v_machine_listen (machine, 100); turn++)
    ;
  assert_says (v2v_machine_screen (machine), "");
  g_assert_false (v2v_machine_photograph (machine, path));
  v2v_machine_free (machine);
}

static void
test_no_start (void)
{
  static const struct {
    const char *script, *message;
  } cases[] = {
      {"echo 'no such device' >&2; exit 1", "emulator does not start: no such device"},
      {"read -r line <&3; echo '{\"error\": {}}' >&3; sleep 600", "emulator does not start"},
      /* Without an end of its line. */
      {"head -c 1200000 /dev/zero | tr '\\0' x >&3; sleep 600", "emulator does not start"},
  };
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autofree char *dir = test_dir ();
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) local = NULL;

    g_assert_null (start_in (dir, cases[i].script, NULL, &local));
    g_assert_error (local, V2V_ERROR, V2V_EXIT_UNAVAILABLE);
    if (!g_str_has_suffix (local->message, cases[i].message))
      g_error ("no \"%s\" in: %s", cases[i].message, local->message);
  }
  g_ptr_array_add (argv, (gpointer) "no-such-emulator");
  g_assert_null (v2v_machine_start (argv, "/nonexistent/serial", dir, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_UNAVAILABLE);
  g_assert_nonnull (strstr (error->message, "cannot run no-such-emulator: "));
  g_assert_nonnull (strstr (error->message, "install the package that provides it"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/machine/ended", test_ended);
  g_test_add_func ("/machine/running", test_running);
  g_test_add_func ("/machine/confined", test_confined);
  g_test_add_func ("/machine/log", test_log);
  g_test_add_func ("/machine/ports", test_ports);
  g_test_add_func ("/machine/other-machine", test_other_machine);
  g_test_add_func ("/machine/pictures", test_pictures);
  g_test_add_func ("/machine/nothing-to-see", test_nothing_to_see);
  g_test_add_func ("/machine/no-start", test_no_start);
  return g_test_run ();
}

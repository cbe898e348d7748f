/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Tests of base/: errors, options, processes, printable text.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/guard.h"
#include "base/jsontext.h"
#include "base/log.h"
#include "base/options.h"
#include "base/process.h"
#include "base/startup.h"
#include "base/tempfile.h"
#include "ends.h"

static void
test_errno (void)
{
  g_autoptr (GError) error = NULL;

  v2v_error_set_errno (&error, ENOENT, "disk %s", "a.img");
  g_assert_error (error, V2V_ERROR, V2V_EXIT_NOINPUT);
  g_assert_cmpstr (error->message, ==, "disk a.img: No such file or directory");
}

/* What is opened next gets none of the numbers that messages and input go by. */
static void
test_startup_descriptors (void)
{
  for (int closed = 0; closed < 8; closed++) {
    pid_t child = fork ();
    int status;

    if (child == 0) {
      gboolean ok = TRUE;
      int next;

      for (int fd = 0; fd < 3; fd++)
        if (closed & (1 << fd))
          close (fd);
      v2v_startup ();
      for (int fd = 0; fd < 3; fd++) {
        g_autofree char *link = g_strdup_printf ("/proc/self/fd/%d", fd);
        g_autofree char *to = g_file_read_link (link, NULL);

        ok &= to && (!(closed & (1 << fd)) || g_str_equal (to, "/dev/null"));
      }
      next = open ("/", O_RDONLY);
      _exit (ok && next > 2 ? 0 : 1);
    }
    g_assert_cmpint (waitpid (child, &status, 0), ==, child);
    g_assert_cmpint (status, ==, 0);
  }
}

/* An empty name of a directory would be the current one. */
static void
test_startup_environment (void)
{
  static const char *const unset[] = {"TMPDIR", "HOME", "XDG_STATE_HOME", "LIBGUESTFS_CACHEDIR",
                                      "V2V_ENGINE_STATE_DIR"};
  pid_t child = fork ();
  int status;

  if (child == 0) {
    gboolean ok = TRUE;

    for (guint i = 0; i < G_N_ELEMENTS (unset); i++)
      g_setenv (unset[i], "", TRUE);
    g_setenv ("V2V_ENGINE_DATA_DIR", "x", TRUE);
    g_setenv ("SOMETHING_ELSE", "", TRUE);
    v2v_startup ();
    for (guint i = 0; i < G_N_ELEMENTS (unset); i++)
      ok &= !g_getenv (unset[i]);
    ok &= g_getenv ("V2V_ENGINE_DATA_DIR") && g_getenv ("SOMETHING_ELSE");
    _exit (ok ? 0 : 1);
  }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (status, ==, 0);
}

/* Whatever becomes an error's code, a failure never ends with the status of success. */
static void
test_status (void)
{
  static const int codes[] = {0, 1, -1, 63, 256, 65 + 256, 320, 68, 79, G_MAXINT};

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++) {
    g_autoptr (GError) error = g_error_new (V2V_ERROR, codes[i], "odd");

    g_assert_cmpint (v2v_error_exit (error), ==, V2V_EXIT_SOFTWARE);
  }
  for (int code = 0; code < 300; code++) {
    g_autoptr (GError) error = g_error_new (V2V_ERROR, code, "any");

    if (v2v_is_failure (code))
      g_assert_cmpint (v2v_error_exit (error), ==, code);
  }
}

static void
use_time (void)
{
  static volatile guint64 count;

  v2v_guard_begin (1, V2V_EXIT_CONFIG, "counting to %d", 3);
  /* One within it changes nothing. */
  v2v_guard_begin (1000, V2V_EXIT_DATA, "more");
  v2v_guard_end ();
  for (;;)
    count++;
}

static void
use_memory (void)
{
  v2v_guard_out_of_memory (1);
  v2v_guard_begin (1, V2V_EXIT_DATA, "adding \033[31m");
  v2v_guard_out_of_memory (12);
}

static void
tell_supervisor (void)
{
  v2v_log_last_words_to (STDERR_FILENO);
  v2v_guard_begin (1, V2V_EXIT_DATA, "adding\none");
  v2v_guard_out_of_memory (12);
}

static void
take_care (void)
{
  static volatile guint64 count;

  v2v_guard_begin (1, V2V_EXIT_DATA, "nothing");
  v2v_guard_end ();
  for (gint64 start = g_get_monotonic_time (); g_get_monotonic_time () - start < 2000000;)
    count++;
  fputs ("out", stderr);
  fflush (stderr);
}

static void
test_guard (void)
{
  assert_ends (use_time, V2V_EXIT_CONFIG,
               "v2v-engine: error: counting to 3 took more than 1 seconds of processor time\n");
  assert_ends (use_memory, V2V_EXIT_DATA,
               "error: adding \\x1b[31m used more than 12 MiB of memory\n");
  assert_ends (tell_supervisor, V2V_EXIT_DATA,
               "\nEadding\\none used more than 12 MiB of memory\n");
  assert_ends (take_care, 0, "out");
}

static void
test_options (void)
{
  g_autoptr (V2vOptionValues) values = v2v_option_values_new ();

  g_assert_false (v2v_option_is_set (values, "with"));
  g_assert_null (v2v_option_get_all (values, "with")[0]);
  v2v_option_values_add (values, "with", "a");
  v2v_option_values_add (values, "with", "b");
  g_assert_cmpstr (v2v_option_get (values, "with"), ==, "b");
  g_assert_cmpstr (v2v_option_get_all (values, "with")[0], ==, "a");
  g_assert_null (v2v_option_get_all (values, "with")[2]);
}

static void
test_process_output (void)
{
  const char *const argv[] = {"printf", "%s|", "a b", "c", NULL};
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (v2v_process_run (argv, NULL, &output, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (output, ==, "a b|c|");
}

static void
test_process_fails (void)
{
  const char *const argv[] = {"sh", "-c", "echo broken >&2; exit 3", NULL};
  const char *const missing[] = {"v2v-no-such-program", NULL};
  g_autoptr (GError) error = NULL;

  g_assert_false (v2v_process_run (argv, NULL, NULL, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_IOERR);
  g_assert_cmpstr (error->message, ==, "sh failed with status 3: broken");
  g_clear_error (&error);
  g_assert_false (v2v_process_run (missing, NULL, NULL, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_UNAVAILABLE);
}

static void
test_process_limit (void)
{
  const char *const argv[] = {"sleep", "60", NULL};
  V2vLimits limits = {.wall_seconds = 1};
  g_autoptr (GError) error = NULL;
  gint64 began = g_get_monotonic_time ();

  g_assert_false (v2v_process_run (argv, &limits, NULL, &error));
  g_assert_cmpint (g_get_monotonic_time () - began, <, 20 * G_USEC_PER_SEC);
  g_assert_nonnull (strstr (error->message, "did not end within 1 seconds"));
}

static void
add_line (const char *line, gpointer data)
{
  g_string_append_printf (data, "<%s>", line);
}

static void
test_process_lines (void)
{
  const char *const argv[] = {"printf", "a\\rb\\nc", NULL};
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (v2v_process_run_lines (argv, NULL, add_line, lines, &error));
  g_assert_cmpstr (lines->str, ==, "<a><b><c>");
}

static void
test_printable (void)
{
  g_autofree char *kept = v2v_printable ("K\xc3\xb6ln\n\x1b[31m", -1, TRUE);
  g_autofree char *line = v2v_printable ("a\nb\xff\0c", 6, FALSE);
  /* C1, a change of direction, what has no width, ends of lines of some programs, a tab. */
  g_autofree char *odd = v2v_printable ("\xc2\x9b"
                                        "1m\xe2\x80\xae\xe2\x80\x8b\xe2\x80\xa8\xe2\x81\xa6\t",
                                        -1, TRUE);
  g_autofree char *json = v2v_printable_json ("\"\xc2\x9b\xe2\x80\xae\xf3\xa0\x80\x81\"\n");
  g_autofree char *xml = v2v_printable_xml ("<a b='\xc2\x9b'>\xe2\x80\xae</a>\n");
  g_autofree char *much = g_strnfill (V2V_MESSAGE_MAX - 1, 'x');
  g_autofree char *more =
      g_strconcat (much, "xxxxxxxxxxxxxxxxxxxxx", much, "\xc3\xb6yyy; do this", NULL);
  g_autofree char *cut = v2v_printable_message (more, TRUE);
  g_autofree char *whole = v2v_printable_message (much, TRUE);

  g_assert_cmpstr (kept, ==, "K\xc3\xb6ln\n\\x1b[31m");
  g_assert_cmpstr (line, ==, "a\\x0ab\\xff\\x00c");
  g_assert_cmpstr (odd, ==, "\\x9b1m\\u202e\\u200b\\u2028\\u2066\t");
  g_assert_cmpstr (json, ==, "\"\\u009b\\u202e\\udb40\\udc01\"\n");
  g_assert_cmpstr (xml, ==, "<a b='&#x9B;'>&#x202E;</a>\n");
  g_assert_cmpstr (whole, ==, much);
  g_assert_true (g_str_has_prefix (cut, "xxxx"));
  g_assert_true (g_str_has_suffix (cut, "yyy; do this"));
  g_assert_nonnull (strstr (cut, "xx... (16417 more bytes) ...xx"));
  g_assert_cmpuint (strlen (cut), <, V2V_MESSAGE_MAX + 64);
  g_assert_true (g_utf8_validate (cut, -1, NULL));
}

/* Numbers are rounded, what is in strings is not. */
/* A guest for which there is no end of warnings. */
static void
warn_often (void)
{
  for (guint i = 0; i < 3000; i++)
    v2v_warn ("warning %u", i);
  g_assert_cmpuint (v2v_log_warnings ()->len, ==, 1001);
}

static void
test_many_warnings (void)
{
  assert_ends (warn_often, 0, "warning: warning 999\nv2v-engine: warning: further warnings");
}

static void
test_json_text (void)
{
  static const char *const cases[][2] = {
      {"[1.9999999999999999e-06]", "[0.0]"},
      {"[0.1, 2.0, -3.1415926, 1e3, 7, -12]", "[0.1,2.0,-3.142,1000.0,7,-12]"},
      {"{\"a 1.23456\": \"2.71828 \\\" 3.14159\", \"b\": true}",
       "{\"a 1.23456\":\"2.71828 \\\" 3.14159\",\"b\":true}"},
      {"[false, null, 0.00049, 1234567890123]", "[false,null,0.0,1234567890123]"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (JsonNode) root = json_from_string (cases[i][0], NULL);
    g_autofree char *text = v2v_json_text (root, FALSE);

    g_assert_cmpstr (text, ==, cases[i][1]);
  }
}

static GString *numbers;

static void
note_number (const V2vStepState *state, gpointer data G_GNUC_UNUSED)
{
  if (state->name && state->fraction == 0)
    g_string_append_printf (numbers, "%s %u/%u ", state->name, state->number, state->of);
}

/* Steps that are left out are counted, and one that nobody expected is no step back. */
static void
test_step_numbers (void)
{
  static const char *const expected[] = {"a", "b", "c", "a", NULL};

  numbers = g_string_new (NULL);
  v2v_log_setup (V2V_QUIET, -1);
  v2v_step_listen (note_number, NULL);
  v2v_step ("a", "A", 0);
  v2v_steps_expect (expected);
  v2v_step ("a", "A", 0);
  v2v_step ("c", "C", 0);
  v2v_step ("a", "A", 0);
  v2v_step ("d", "D", 0);
  v2v_step_end ();
  v2v_step_listen (NULL, NULL);
  g_assert_cmpstr (numbers->str, ==, "a 0/0 a 1/4 c 3/4 a 4/4 d 5/5 ");
  g_string_free (numbers, TRUE);
}

/* Programs that end late put files into a directory that is being removed. */
static void
test_filled_directory (void)
{
  g_autofree char *directory = g_build_filename (g_getenv ("V2V_TEST_TMPDIR"), "filled", NULL);
  g_autofree char *file = g_build_filename (directory, "late", NULL);

  v2v_temp_add (directory);
  g_assert_cmpint (g_mkdir (directory, 0700), ==, 0);
  g_assert_true (g_file_set_contents (file, "x", 1, NULL));
  v2v_temp_remove_below (directory);
  g_assert_true (g_file_test (directory, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (v2v_temp_list ()->len, ==, 1);
  g_assert_cmpint (g_unlink (file), ==, 0);
  v2v_temp_remove_below (directory);
  g_assert_false (g_file_test (directory, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (v2v_temp_list ()->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/errno", test_errno);
  g_test_add_func ("/base/startup/descriptors", test_startup_descriptors);
  g_test_add_func ("/base/startup/environment", test_startup_environment);
  g_test_add_func ("/base/status", test_status);
  g_test_add_func ("/base/guard", test_guard);
  g_test_add_func ("/base/options", test_options);
  g_test_add_func ("/base/process/output", test_process_output);
  g_test_add_func ("/base/process/fails", test_process_fails);
  g_test_add_func ("/base/process/limit", test_process_limit);
  g_test_add_func ("/base/process/lines", test_process_lines);
  g_test_add_func ("/base/printable", test_printable);
  g_test_add_func ("/base/many-warnings", test_many_warnings);
  g_test_add_func ("/base/json-text", test_json_text);
  g_test_add_func ("/base/step-numbers", test_step_numbers);
  g_test_add_func ("/base/filled-directory", test_filled_directory);
  return g_test_run ();
}

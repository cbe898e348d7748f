/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Diagnostics: order, carets, what is shown of hostile text, suggestions.
 */
#include "config.h"

#include <string.h>

#include "base/diag.h"

static void
add (V2vDiags *diags, const char *file, guint line, guint column, guint length,
     const char *message)
{
  v2v_diags_add (diags, V2V_DIAG_ERROR, 12, (V2vPlace){g_intern_string (file), line, column},
                 length, NULL, "%s", message);
}

static void
test_print (void)
{
  static const char text[] = "v2v-rules 1\r\nrule a {\r\n\twhen x \xc3\xa4 y\n\xe4\xb8\xad z\n";
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  g_autofree char *out = NULL;

  v2v_diags_set_text (diags, "b.v2v", text, strlen (text));
  add (diags, "b.v2v", 4, 3, 1, "fourth");
  v2v_diags_add (diags, V2V_DIAG_WARNING, 7, (V2vPlace){g_intern_string ("b.v2v"), 3, 9}, 3,
                 "did you mean y?", "third %d", 3);
  add (diags, "b.v2v", 2, 6, 99, "second");
  add (diags, "b.v2v", 2, 6, 99, "second");
  add (diags, "b.v2v", 1, 1, 1, "first");
  add (diags, "b.v2v", 0, 0, 1, "whole");
  add (diags, "a.v2v", 7, 1, 1, "no text");
  add (diags, "b.v2v", 99, 1, 1, "beyond");
  out = v2v_diags_to_string (diags);
  g_assert_cmpstr (out, ==,
                   "a.v2v:7:1: error[V2V012]: no text\n"
                   "b.v2v: error[V2V012]: whole\n"
                   "b.v2v:1:1: error[V2V012]: first\n"
                   "    v2v-rules 1\n"
                   "    ^\n"
                   "b.v2v:2:6: error[V2V012]: second\n"
                   "    rule a {\n"
                   "         ^~~\n"
                   "b.v2v:3:9: warning[V2V007]: third 3\n"
                   "    \twhen x \xc3\xa4 y\n"
                   "    \t       ^~~\n"
                   "    did you mean y?\n"
                   "b.v2v:4:3: error[V2V012]: fourth\n"
                   "    \xe4\xb8\xad z\n"
                   "       ^\n"
                   "b.v2v:99:1: error[V2V012]: beyond\n");
  g_assert_cmpuint (v2v_diags_errors (diags), ==, 6);
  g_assert_cmpuint (v2v_diags_list (diags)->len, ==, 7);
}

static void
test_hostile (void)
{
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  g_autofree char *out = NULL;
  static const char text[] = "a\x1b[2J\xff b\n";

  v2v_diags_set_text (diags, "h.v2v", text, strlen (text));
  v2v_diags_add (diags, V2V_DIAG_ERROR, 12, (V2vPlace){g_intern_string ("h.v2v"), 1, 8}, 1,
                 "\x07", "bad \x1b]0;x\n");
  out = v2v_diags_to_string (diags);
  g_assert_cmpstr (out, ==,
                   "h.v2v:1:8: error[V2V012]: bad \\x1b]0;x\\x0a\n"
                   "    a\\x1b[2J\\xff b\n"
                   "                 ^\n"
                   "    \\x07\n");
}

static void
test_long_line (void)
{
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  g_autofree char *text = g_strnfill (100000, 'x');
  const V2vDiag *diag;
  g_autofree char *out = NULL;

  text[50000] = 'Y';
  v2v_diags_set_text (diags, "l.v2v", text, strlen (text));
  add (diags, "l.v2v", 1, 50001, 1, "far");
  diag = g_ptr_array_index (v2v_diags_list (diags), 0);
  g_assert_cmpuint (strlen (diag->source_line), <, 200);
  out = v2v_diags_to_string (diags);
  {
    g_auto (GStrv) lines = g_strsplit (out, "\n", -1);

    g_assert_cmpint (strchr (lines[1], 'Y') - lines[1], ==, strchr (lines[2], '^') - lines[2]);
  }
}

static void
test_many (void)
{
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  g_autofree char *out = NULL;

  for (guint i = 1; i <= 1500; i++)
    add (diags, "m.v2v", i, 1, 1, "again");
  g_assert_cmpuint (v2v_diags_errors (diags), ==, 1500);
  g_assert_cmpuint (v2v_diags_list (diags)->len, ==, 1000);
  out = v2v_diags_to_string (diags);
  g_assert_true (g_str_has_suffix (out, "\n500 more are not shown\n"));
}

static void
test_nearest (void)
{
  static const char *const names[] = {"distro", "describe",       "rhel", "enable_driver",
                                      "id",     "disable_driver", "os",   "vmware"};
  static const struct {
    const char *name, *nearest;
  } cases[] = {
      {"disto", "distro"},
      {"descirbe", "describe"},
      {"enable_drivr", "enable_driver"},
      {"RHEL", "rhel"},
      {"vmwre", "vmware"},
      {"hypervisor", NULL},
      {"x", NULL},
      {"di", "id"},
      {"", NULL},
      {"so", "os"},
      {"diable_driver", "disable_driver"},
  };
  g_autoptr (GPtrArray) candidates = g_ptr_array_new ();
  g_autofree char *huge = g_strnfill (100000, 'a');

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_ptr_array_add (candidates, (gpointer)names[i]);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (v2v_nearest (cases[i].name, candidates), ==, cases[i].nearest);
  g_ptr_array_add (candidates, huge);
  g_assert_null (v2v_nearest (huge, candidates));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/diag/print", test_print);
  g_test_add_func ("/diag/hostile", test_hostile);
  g_test_add_func ("/diag/long-line", test_long_line);
  g_test_add_func ("/diag/many", test_many);
  g_test_add_func ("/diag/nearest", test_nearest);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Rule files that are broken at random: loading one neither crashes nor hangs, and whatever can
 * be formatted is formatted the same again. The seed is fixed, so a failure comes back.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <glib/gstdio.h>

#include "lang/ruleset.h"

#define MUTATIONS 2000

static const char *const pieces[] = {
    " since ", " deprecated ", "function ",
    "{",       "}",        "(",         ")",      "[",         "]",          ",",      ".",
    ":",       "=",        "==",        "!=",     "<",         ">=",         "~",      "\"",
    "'",       "\\",       "#",         "\n",     "\r",        "\t",         ";",      "&&",
    "|",       "!",        "\x01",      "\xff",   "\xc3\xa4",  "-1",         "007",    "4KiB",
    "9.9",     "true",     "rule ",     "fact ",  "enum ",     "let ",       "not ",   " and ",
    " or ",    " in ",     " is ",      "when ",  "each ",     "some ",      "no ",    "do ",
    "lua ",    "xslt ",    "default ",  "fail ",  "override ", "disable ",   "test ",  "given ",
    "expect ", "capture ", "provider ", "probe ", "option ",   "operation ", " also ", " as ",
    " from ",  " key ",    " derived ", "phase ", "\\x00",     "{{",         "os.id"};

static char *
read_source (const char *path, gsize *length_r)
{
  g_autofree char *full = g_build_filename (g_getenv ("V2V_TEST_SRCDIR"), path, NULL);
  char *text = NULL;

  g_assert_true (g_file_get_contents (full, &text, length_r, NULL));
  return text;
}

/* Breaks TEXT in one to four places. */
static void
mutate (GString *text, GRand *rand)
{
  const gint32 times = g_rand_int_range (rand, 1, 5);

  for (gint32 i = 0; i < times && text->len > 1; i++) {
    const gsize at = (gsize)g_rand_int_range (rand, 0, (gint32)text->len);
    const gsize rest = text->len - at;
    const gsize length = (gsize)g_rand_int_range (rand, 1, (gint32)MIN (rest, 200) + 1);
    const char *piece = pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))];

    switch (g_rand_int_range (rand, 0, 7)) {
    case 0:
      g_string_erase (text, (gssize)at, (gssize)length);
      break;
    case 1: {
      g_autofree char *copy = g_strndup (text->str + at, length);

      g_string_insert (text, g_rand_int_range (rand, 0, (gint32)text->len), copy);
      break;
    }
    case 2:
      text->str[at] = (char)g_rand_int_range (rand, 1, 256);
      break;
    case 3:
      text->str[at] = (char)g_rand_int_range (rand, 0x20, 0x7f);
      break;
    case 4:
      g_string_truncate (text, at);
      break;
    default:
      g_string_insert (text, (gssize)at, piece);
      break;
    }
  }
}

/* No need for the care that g_file_set_contents takes. */
static void
write_text (const char *path, const char *text, gsize length)
{
  FILE *file = fopen (path, "w");

  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (text, 1, length, file), ==, length);
  g_assert_cmpint (fclose (file), ==, 0);
}

static void
try_format (const GString *text)
{
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  g_autofree char *once = v2v_format_rules ("mutation", text->str, text->len, diags);
  g_autofree char *twice = NULL;

  g_assert_true ((once == NULL) == (v2v_diags_errors (diags) > 0));
  if (once == NULL)
    return;
  twice = v2v_format_rules ("mutation", once, strlen (once), diags);
  g_assert_cmpstr (once, ==, twice);
}

/* Scripts that the rules name have to be there. */
static void
write_script (const char *path)
{
  g_autofree char *parent = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir (parent, 0700), ==, 0);
  write_text (path, "", 0);
}

static void
remove_script (const char *path)
{
  g_autofree char *parent = g_path_get_dirname (path);

  g_remove (path);
  g_rmdir (parent);
}

static void
mutations (gconstpointer data)
{
  const char *source = data;
  gsize length;
  g_autofree char *text = read_source (source, &length);
  g_autofree char *folder = g_dir_make_tmp ("v2v-mutations-XXXXXX", NULL);
  g_autofree char *rules_dir = g_build_filename (folder, "rules", NULL);
  g_autofree char *file = g_build_filename (rules_dir, "x.v2v", NULL);
  g_autofree char *lua = g_build_filename (folder, "lua", "x.lua", NULL);
  g_autofree char *xslt = g_build_filename (folder, "xslt", "configure-x.xsl", NULL);
  g_autoptr (GPtrArray) trees = NULL;
  g_autoptr (GRand) rand = g_rand_new_with_seed (20240229);
  guint good = 0;

  g_assert_cmpint (g_mkdir (rules_dir, 0700), ==, 0);
  write_script (lua);
  write_script (xslt);
  g_setenv ("V2V_ENGINE_DATA_DIR", folder, TRUE);
  trees = v2v_rule_trees_default (NULL);
  for (guint i = 0; i < MUTATIONS; i++) {
    g_autoptr (GString) broken = g_string_new_len (text, (gssize)length);
    g_autoptr (V2vDiags) diags = v2v_diags_new ();
    g_autoptr (V2vRuleSet) rules = NULL;
    g_autofree char *report = NULL;
    const gint64 begin = g_get_monotonic_time ();

    mutate (broken, rand);
    write_text (file, broken->str, broken->len);
    rules = v2v_ruleset_load (trees, NULL, TRUE, NULL, diags);
    g_assert_true ((rules == NULL) == (v2v_diags_errors (diags) > 0));
    report = v2v_diags_to_string (diags);
    g_assert_true (g_utf8_validate (report, -1, NULL));
    try_format (broken);
    good += rules != NULL;
    /* Each takes about a millisecond; seconds would be a loop that grows with its input. */
    g_assert_cmpint (g_get_monotonic_time () - begin, <, 10 * G_USEC_PER_SEC);
  }
  g_test_message ("%u of %d load", good, MUTATIONS);
  g_assert_cmpuint (good, >, 0);
  g_remove (file);
  g_rmdir (rules_dir);
  remove_script (lua);
  remove_script (xslt);
  g_rmdir (folder);
}

/* Not even text. */
static void
test_garbage (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (guint i = 0; i < MUTATIONS; i++) {
    g_autoptr (GString) text = g_string_new ("v2v-rules 1\n");
    const gint32 length = g_rand_int_range (rand, 0, 400);

    for (gint32 j = 0; j < length; j++)
      if (i % 2 == 0)
        g_string_append_c (text, (char)g_rand_int_range (rand, 0, 256));
      else
        g_string_append (text, pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);
    try_format (text);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  v2v_interface = 2; /* one of the files is made for it */
  g_test_add_data_func ("/mutations/prelude", "rules/prelude.v2v", mutations);
  g_test_add_data_func ("/mutations/everything", "tests/rules/format/everything.v2v",
                        mutations);
  g_test_add_func ("/mutations/garbage", test_garbage);
  return g_test_run ();
}

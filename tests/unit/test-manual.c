/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The manual of the rule language: its examples load, and it names every word of the language.
 */
#include "config.h"

#include "lang/syntax.h"
#include "rules-fixture.h"

static char *manual;

/* What troff makes of TEXT. */
static char *
plain (const char *text)
{
  static const struct {
    const char *written, *meant;
  } escapes[] = {{"\\-", "-"}, {"\\e", "\\"}, {"\\(dq", "\""}, {"\\&", ""}};
  char *result = g_strdup (text);

  for (guint i = 0; i < G_N_ELEMENTS (escapes); i++) {
    g_auto (GStrv) parts = g_strsplit (result, escapes[i].written, -1);

    g_free (result);
    result = g_strjoinv (escapes[i].meant, parts);
  }
  return result;
}

static void
load_example (const char *text)
{
  g_autofree char *folder = fixture_folder ();
  g_autofree char *file = g_build_filename (folder, "example.v2v", NULL);
  const char *files[] = {file, NULL};
  g_autoptr (GPtrArray) trees = NULL;
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  g_autoptr (V2vRuleSet) rules = NULL;
  g_autofree char *report = NULL;
  g_autofree char *formatted = NULL;

  fixture_write (folder, "example.v2v", text, -1);
  g_setenv ("V2V_ENGINE_DATA_DIR", g_getenv ("V2V_TEST_SRCDIR"), TRUE);
  trees = v2v_rule_trees_default (NULL);
  rules = v2v_ruleset_load (trees, files, TRUE, NULL, diags);
  report = v2v_diags_to_string (diags);
  g_assert_cmpstr (report, ==, "");
  /* An example is laid out as the formatter does. */
  formatted = v2v_format_rules ("example", text, strlen (text), diags);
  g_assert_cmpstr (formatted, ==, text);
  fixture_remove (folder);
}

static void
test_examples (void)
{
  g_auto (GStrv) parts = g_strsplit (manual, "\n.EX\n", -1);
  guint examples = 0;

  for (guint i = 1; parts[i] != NULL; i++) {
    char *end = strstr (parts[i], ".EE\n");
    g_autofree char *text = NULL;

    g_assert_nonnull (end);
    *end = '\0';
    text = plain (parts[i]);
    load_example (text);
    examples++;
  }
  g_assert_cmpuint (examples, >=, 2);
}

/* The declarations of doc/interface.md, which are of a later engine. */
static void
test_interface (void)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("V2V_TEST_SRCDIR"), "doc", "interface.md", NULL);
  g_autofree char *folder = fixture_folder ();
  g_autofree char *page = NULL;
  g_autofree char *formatted = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GString) text = g_string_new ("v2v-rules 1.2\n\n"
                                           "enum bootloader-kind { grub2 }\n"
                                           "enum os-id { debian }\n"
                                           "fact option from options { }\n");
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  static const char *const names[] = {"t", NULL};
  const gsize length = text->len;
  const char *begin;

  g_assert_true (g_file_get_contents (path, &page, NULL, NULL));
  begin = strstr (page, "    fact bootloader {");
  g_assert_nonnull (begin);
  lines = g_strsplit (begin, "\n", -1);
  for (guint i = 0; g_str_has_prefix (lines[i], "    "); i++)
    g_string_append_printf (text, "%s\n", lines[i] + 4);
  g_assert_cmpuint (text->len, >, length + 300);

  v2v_interface = 2;
  fixture_write (folder, "t/rules/x.v2v", text->str, -1);
  v2v_ruleset_free (fixture_load (folder, names, NULL, TRUE, NULL));
  formatted = v2v_format_rules ("page", text->str, text->len, diags);
  g_assert_cmpstr (formatted, ==, text->str);
  v2v_interface = V2V_INTERFACE;
  fixture_remove (folder);
}

static void
names (const char *text, const char *word)
{
  g_autofree char *pattern = g_strdup_printf ("\\b%s\\b", word);

  g_test_message ("%s", word);
  g_assert_true (g_regex_match_simple (pattern, text, 0, 0));
}

static void
test_words (void)
{
  static const char *const others[] = {
      "describe",     "when",      "each",       "some",   "no",       "assert",  "default",
      "do",           "fail",      "warn",       "over",   "after",    "reads",   "lua",
      "xslt",         "given",     "expect",     "probed", "asked",    "known",   "metavar",
      "flag",         "was",       "excludes",   "unique", "dispatch", "batch",   "optional",
      "key",          "derived",   "from",       "also",   "request",  "domain",  "set",
      "unset",        "in",        "inspection", "osinfo", "paths",    "options", "with",
      "with-kernels", "mappings",  "host",       "choice", "true",     "false",   "override",
      "since",        "deprecated"};
  g_autofree char *text = plain (manual);

  for (guint i = V2V_DECL_ENUM; i <= V2V_DECL_CAPTURE; i++)
    names (text, v2v_decl_kind_name (i));
  for (guint i = 0; i < V2V_PHASES; i++)
    names (text, v2v_phase_name (i));
  for (guint i = V2V_TYPE_STRING; i <= V2V_TYPE_PLAIN_VERSION; i++)
    names (text, v2v_type_name (i));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    names (text, others[i]);
}

int
main (int argc, char **argv)
{
  g_autofree char *path = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  path = g_build_filename (g_getenv ("V2V_TEST_SRCDIR"), "doc", "v2v-rules.5", NULL);
  g_assert_true (g_file_get_contents (path, &manual, NULL, NULL));
  g_test_add_func ("/manual/examples", test_examples);
  g_test_add_func ("/manual/words", test_words);
  g_test_add_func ("/manual/interface", test_interface);
  status = g_test_run ();
  g_free (manual);
  return status;
}

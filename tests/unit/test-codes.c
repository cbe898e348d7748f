/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The codes of mistakes in rules: each is told about in rules/codes.md, every example there gets
 * exactly its code, and its corrected form gets none.
 */
#include "config.h"

#include "guest/lua.h"
#include "lang/codes.h"
#include "load/load.h"
#include "metadata/domain.h"
#include "plan/plan.h"
#include "rules-fixture.h"

/* Codes that no text of one file shows; tests/unit/test-rule-errors.c does. */
static const V2vCode without_example[] = {
    V2V_CODE_UNREADABLE, V2V_CODE_LINKED_DIRECTORY, V2V_CODE_NO_RULES, V2V_CODE_ENCODING,
    V2V_CODE_CAPTURE,    V2V_CODE_NO_OPTIONS,       V2V_CODE_NO_PROBE, V2V_CODE_UNTESTED};

static V2vCodeTexts *texts;

/* What is said of TEXT, before which the first line is put unless the example RIGHT has it,
 * beside the rules of tests/rules/errors/codes. */
static V2vDiags *
examine (const char *text, const char *right)
{
  static const V2vScriptChecks checks = {
      .lua = v2v_lua_check,
      .xslt = v2v_xslt_check,
      .implies = v2v_provider_implies,
      .deprecated = TRUE,
  };
  g_autofree char *base =
      g_build_filename (g_getenv ("V2V_TEST_SRCDIR"), "tests/rules/errors/codes", NULL);
  g_autofree char *directory = fixture_directory ();
  g_autofree char *full =
      g_strconcat (g_str_has_prefix (right, "v2v-rules") ? "" : "v2v-rules 1\n", text, NULL);
  const char *extra[] = {directory, NULL};
  V2vDiags *diags = v2v_diags_new ();
  g_autoptr (V2vRuleSet) rules = NULL;
  g_autoptr (GPtrArray) trees = NULL;

  fixture_write (directory, "rules/example.v2v", full, -1);
  g_setenv ("V2V_ENGINE_DATA_DIR", base, TRUE);
  trees = v2v_rule_dirs_default (extra);
  rules = v2v_ruleset_load (trees, NULL, TRUE, &checks, diags);
  fixture_remove (directory);
  return diags;
}

static void
test_examples (void)
{
  guint examined = 0;

  for (guint i = 0; i < texts->helps->len; i++) {
    const V2vCodeHelp *help = texts->helps->pdata[i];
    g_autoptr (V2vDiags) wrong = NULL;
    g_autoptr (V2vDiags) right = NULL;
    const GPtrArray *list;

    if (help->wrong == NULL)
      continue;
    examined++;
    wrong = examine (help->wrong, help->right);
    list = v2v_diags_list (wrong);
    if (list->len != 1 || ((V2vDiag *)list->pdata[0])->code != help->code) {
      g_autofree char *report = v2v_diags_to_string (wrong);

      g_test_message ("the wrong example of V2V%03u gets:\n%s", help->code, report);
      g_test_fail ();
    }
    right = examine (help->right, help->right);
    if (v2v_diags_list (right)->len != 0) {
      g_autofree char *report = v2v_diags_to_string (right);

      g_test_message ("the right example of V2V%03u gets:\n%s", help->code, report);
      g_test_fail ();
    }
  }
  g_assert_cmpuint (examined, ==, texts->helps->len - G_N_ELEMENTS (without_example));
}

static void
test_texts (void)
{
  guint before = 0;

  for (guint i = 0; i < texts->helps->len; i++) {
    const V2vCodeHelp *help = texts->helps->pdata[i];
    gboolean listed = FALSE;

    g_assert_cmpuint (help->code, >, before); /* in order, none twice */
    before = help->code;
    g_assert_cmpstr (help->title, !=, "");
    g_assert_nonnull (help->explanation);
    for (guint j = 0; j < G_N_ELEMENTS (without_example); j++)
      listed |= without_example[j] == help->code;
    g_assert_true (listed == (help->wrong == NULL));
    g_assert_true ((help->wrong == NULL) == (help->right == NULL));
  }
  g_assert_null (v2v_code_texts_find (texts, "V2V999"));
  g_assert_null (v2v_code_texts_find (texts, ""));
  g_assert_cmpuint (v2v_code_texts_find (texts, "v2v004")->code, ==, V2V_CODE_HEADER);
}

/* A text of the first tree that has one; that a heading in an example, and a section that tells
 * of no code, are no code. */
static void
test_reading (void)
{
  static const char text[] =
      "# Title\n\nprose\n\n### V2V004: a  title \n\nOne\ntwo.\n\nThree.\n"
      "\nWrong:\n\n```v2v\n### V2V009: x\n\n  y\n```\n\nRight:\n\n```\nz\n"
      "```\n\n## Other\n\nno part of it\n";
  g_autofree char *none = fixture_directory (), *directory = fixture_directory ();
  const char *extra[] = {none, directory, NULL};
  g_autoptr (GPtrArray) trees = v2v_rule_dirs_default (extra);
  g_autoptr (V2vCodeTexts) read = NULL;
  g_autoptr (GError) error = NULL;
  const V2vCodeHelp *help;

  fixture_write (directory, "rules/codes.md", text, -1);
  read = v2v_code_texts_load (trees, &error);
  fixture_remove (directory);
  fixture_remove (none);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (read->path, directory));
  g_assert_cmpuint (read->helps->len, ==, 1);
  help = read->helps->pdata[0];
  g_assert_cmpuint (help->code, ==, 4);
  g_assert_cmpstr (help->title, ==, "a  title");
  g_assert_cmpstr (help->explanation, ==, "One two. Three.");
  g_assert_cmpstr (help->wrong, ==, "### V2V009: x\n\n  y\n");
  g_assert_cmpstr (help->right, ==, "z\n");
}

/* The numbers of codes.h: each constant's name, and its number. */
static GHashTable *
declared_codes (void)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("V2V_TEST_SRCDIR"), "engine/lang/codes.h", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GRegex) regex = g_regex_new ("\\b(V2V_CODE_[A-Z_]+) = ([0-9]+)", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  GHashTable *codes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  for (g_regex_match (regex, text, 0, &match); g_match_info_matches (match);
       g_match_info_next (match, NULL)) {
    g_autofree char *number = g_match_info_fetch (match, 2);

    g_hash_table_insert (codes, g_match_info_fetch (match, 1),
                         GUINT_TO_POINTER (atoi (number)));
  }
  g_assert_cmpuint (g_hash_table_size (codes), >, 80);
  return codes;
}

/* Adds the constants that the file PATH names. */
static void
collect (GHashTable *names, const char *path)
{
  g_autofree char *text = NULL;
  g_autoptr (GRegex) regex = g_regex_new ("\\bV2V_CODE_[A-Z_]+", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  for (g_regex_match (regex, text, 0, &match); g_match_info_matches (match);
       g_match_info_next (match, NULL))
    g_hash_table_add (names, g_match_info_fetch (match, 0));
}

/* The constants that the program reports mistakes with. */
static GHashTable *
reported_codes (void)
{
  static const char *const rooms[] = {"syntax", "check", "load", "ruletest"};
  GHashTable *used = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rooms); i++) {
    g_autofree char *directory =
        g_build_filename (g_getenv ("V2V_TEST_SRCDIR"), "engine", rooms[i], NULL);
    g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
    const char *name;

    while ((name = g_dir_read_name (dir)) != NULL) {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      if (g_str_has_suffix (name, ".c"))
        collect (used, path);
    }
  }
  return used;
}

/* Every code is told about and reported somewhere, and nothing is told about a code that is
 * none. That nothing is reported without a code, the compiler sees to: it is an argument. */
static void
test_sources (void)
{
  g_autoptr (GHashTable) declared = declared_codes ();
  g_autoptr (GHashTable) reported = reported_codes ();
  GHashTableIter iter;
  gpointer name, number;

  g_hash_table_iter_init (&iter, declared);
  while (g_hash_table_iter_next (&iter, &name, &number)) {
    g_autofree char *code = g_strdup_printf ("V2V%03u", GPOINTER_TO_UINT (number));

    if (!v2v_code_texts_find (texts, code) || !g_hash_table_contains (reported, name)) {
      g_test_message ("%s (%s) is %s", (char *)name, code,
                      g_hash_table_contains (reported, name) ? "not explained"
                                                             : "never reported");
      g_test_fail ();
    }
  }
  g_assert_cmpuint (g_hash_table_size (declared), ==, texts->helps->len);
}

/* Those of the source tree. */
static void
load_texts (void)
{
  g_autoptr (GPtrArray) trees = NULL;
  g_autoptr (GError) error = NULL;

  g_setenv ("V2V_ENGINE_DATA_DIR", g_getenv ("V2V_TEST_SRCDIR"), TRUE);
  trees = v2v_rule_dirs_default (NULL);
  texts = v2v_code_texts_load (trees, &error);
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  load_texts ();
  g_test_add_func ("/codes/texts", test_texts);
  g_test_add_func ("/codes/reading", test_reading);
  g_test_add_func ("/codes/sources", test_sources);
  g_test_add_func ("/codes/examples", test_examples);
  status = g_test_run ();
  v2v_code_texts_free (texts);
  return status;
}

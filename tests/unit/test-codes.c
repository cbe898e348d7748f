/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The codes of mistakes in rules: every example in the help gets exactly its code, and its
 * corrected form gets none.
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
    V2V_CODE_UNREADABLE, V2V_CODE_LINKED_DIRECTORY, V2V_CODE_NO_TREE,  V2V_CODE_ENCODING,
    V2V_CODE_CAPTURE,    V2V_CODE_NO_OPTIONS,       V2V_CODE_NO_PROBE, V2V_CODE_UNTESTED};

/* What is said of TEXT beside the rules of tests/rules/errors/codes. */
static V2vDiags *
examine (const char *text, gboolean whole)
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
  g_autofree char *full = g_strconcat (whole ? "" : "v2v-rules 1\n", text, NULL);
  const char *extra[] = {directory, NULL};
  V2vDiags *diags = v2v_diags_new ();
  g_autoptr (V2vRuleSet) rules = NULL;
  g_autoptr (GPtrArray) trees = NULL;

  fixture_write (directory, "rules/example.v2v", full, -1);
  g_setenv ("V2V_ENGINE_DATA_DIR", base, TRUE);
  trees = v2v_rule_trees_default (extra);
  rules = v2v_ruleset_load (trees, NULL, TRUE, &checks, diags);
  fixture_remove (directory);
  return diags;
}

static void
test_examples (void)
{
  for (const V2vCodeHelp *help = v2v_code_help; help->code != 0; help++) {
    g_autoptr (V2vDiags) wrong = NULL;
    g_autoptr (V2vDiags) right = NULL;
    const GPtrArray *list;

    if (help->wrong == NULL)
      continue;
    wrong = examine (help->wrong, help->whole);
    list = v2v_diags_list (wrong);
    if (list->len != 1 || ((V2vDiag *)list->pdata[0])->code != help->code) {
      g_autofree char *report = v2v_diags_to_string (wrong);

      g_test_message ("the wrong example of V2V%03u gets:\n%s", help->code, report);
      g_test_fail ();
    }
    right = examine (help->right, help->whole);
    if (v2v_diags_list (right)->len != 0) {
      g_autofree char *report = v2v_diags_to_string (right);

      g_test_message ("the right example of V2V%03u gets:\n%s", help->code, report);
      g_test_fail ();
    }
  }
}

static void
test_table (void)
{
  guint before = 0;

  for (const V2vCodeHelp *help = v2v_code_help; help->code != 0; help++) {
    gboolean listed = FALSE;

    g_assert_cmpuint (help->code, >, before); /* in order, none twice */
    before = help->code;
    g_assert_nonnull (help->title);
    g_assert_nonnull (help->explanation);
    for (guint i = 0; i < G_N_ELEMENTS (without_example); i++)
      listed |= without_example[i] == help->code;
    g_assert_true (listed == (help->wrong == NULL));
    g_assert_true ((help->wrong == NULL) == (help->right == NULL));
  }
  g_assert_null (v2v_code_find ("V2V999"));
  g_assert_null (v2v_code_find (""));
  g_assert_cmpuint (v2v_code_find ("v2v004")->code, ==, V2V_CODE_HEADER);
}

/* The words CODE_... in TEXT that begin with V2V_, as keys. */
static void
collect (GHashTable *names, const char *text)
{
  static const char prefix[] = "V2V_CODE_";

  for (const char *p = text; (p = strstr (p, prefix)) != NULL;) {
    const char *end = p + strlen (prefix);

    while (g_ascii_isupper (*end) || *end == '_')
      end++;
    g_hash_table_add (names, g_strndup (p, end - p));
    p = end;
  }
}

static GHashTable *
collect_file (GHashTable *names, const char *path)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  collect (names, text);
  return names;
}

/* Every code is told about and reported somewhere. That nothing is reported without a code, the
 * compiler sees to: it is an argument. */
static void
test_sources (void)
{
  static const char *const rooms[] = {"syntax", "check", "load", "ruletest"};
  g_autofree char *engine = g_build_filename (g_getenv ("V2V_TEST_SRCDIR"), "engine", NULL);
  g_autofree char *header = g_build_filename (engine, "lang", "codes.h", NULL);
  g_autofree char *table = g_build_filename (engine, "lang", "codes.c", NULL);
  g_autoptr (GHashTable) declared =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) used = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer key;

  collect_file (declared, header);
  collect_file (told, table);
  for (gsize i = 0; i < G_N_ELEMENTS (rooms); i++) {
    g_autofree char *directory = g_build_filename (engine, rooms[i], NULL);
    g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
    const char *name;

    while ((name = g_dir_read_name (dir)) != NULL) {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      if (g_str_has_suffix (name, ".c"))
        collect_file (used, path);
    }
  }
  g_hash_table_iter_init (&iter, declared);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    if (!g_hash_table_contains (told, key) || !g_hash_table_contains (used, key)) {
      g_test_message ("%s is %s", (char *)key,
                      g_hash_table_contains (told, key) ? "never reported" : "not explained");
      g_test_fail ();
    }
  }
  g_assert_cmpuint (g_hash_table_size (declared), >, 80);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/codes/table", test_table);
  g_test_add_func ("/codes/sources", test_sources);
  g_test_add_func ("/codes/examples", test_examples);
  return g_test_run ();
}

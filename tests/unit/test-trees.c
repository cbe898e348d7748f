/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Trees of rules: which file and which declaration is in effect, and where scripts are found.
 */
#include "config.h"

#include <unistd.h>

#include "rules-fixture.h"

static const char *const three[] = {"high", "middle", "low", NULL};

/* "name=text name=text" of the rules in effect: each warns with a text. */
static char *
effect (const V2vRuleSet *rules)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < rules->rules->len; i++) {
    const V2vRule *rule = g_ptr_array_index (rules->rules, i);
    const V2vHead *head = g_ptr_array_index (rule->heads, 0);

    g_string_append_printf (out, "%s%s=%s", i > 0 ? " " : "", rule->name,
                            (const char *)g_ptr_array_index (head->message->texts, 0));
  }
  return g_string_free (out, FALSE);
}

static void
expect_effect (const char *directory, gboolean with_tests, const char *expected)
{
  g_autofree char *report = NULL;
  g_autoptr (V2vRuleSet) rules = fixture_load (directory, three, NULL, with_tests, &report);
  g_autofree char *found = effect (rules);

  g_assert_cmpstr (found, ==, expected);
}

static void
write_rules (const char *directory, const char *path, const char *text)
{
  g_autofree char *whole = g_strconcat ("v2v-rules 1\n", text, NULL);

  fixture_write (directory, path, whole, -1);
}

static char *
three_trees (void)
{
  char *directory = fixture_directory ();

  write_rules (directory, "low/rules/a.v2v", "rule a { warn \"low\" }");
  write_rules (directory, "low/rules/sub/b.v2v", "rule b { warn \"low\" }");
  write_rules (directory, "middle/rules/c.v2v", "rule c { warn \"middle\" }");
  write_rules (directory, "high/rules/d.v2v", "rule d { warn \"high\" }");
  return directory;
}

static void
test_files (void)
{
  g_autofree char *directory = three_trees ();
  g_autofree char *mask = g_build_filename (directory, "middle/rules/sub/b.v2v", NULL);
  g_autofree char *sub = g_build_filename (directory, "middle/rules/sub", NULL);
  g_autofree char *loop = g_build_filename (directory, "middle/rules/loop", NULL);

  expect_effect (directory, FALSE, "a=low c=middle d=high b=low");
  /* The same relative path hides; another does not. */
  write_rules (directory, "middle/rules/a.v2v", "rule a2 { warn \"middle\" }");
  expect_effect (directory, FALSE, "a2=middle c=middle d=high b=low");
  write_rules (directory, "high/rules/a.v2v", "");
  expect_effect (directory, FALSE, "c=middle d=high b=low");
  /* A link to /dev/null turns off. */
  g_assert_cmpint (g_mkdir_with_parents (sub, 0700), ==, 0);
  g_assert_cmpint (symlink ("/dev/null", mask), ==, 0);
  expect_effect (directory, FALSE, "c=middle d=high");
  /* Other files are not looked at, links to directories not followed, and tests only on request. */
  fixture_write (directory, "high/rules/README", "no rules", -1);
  fixture_write (directory, "high/rules/.hidden.v2v", "no rules", -1);
  g_assert_cmpint (symlink (".", loop), ==, 0);
  write_rules (directory, "high/rules/d.test.v2v", "rule only-in-tests { warn \"x\" }");
  expect_effect (directory, FALSE, "c=middle d=high");
  expect_effect (directory, TRUE, "c=middle only-in-tests=x d=high");
  fixture_remove (directory);
}

static void
test_override (void)
{
  g_autofree char *directory = three_trees ();

  write_rules (directory, "middle/rules/m.v2v", "override rule a { warn \"middle\" }");
  expect_effect (directory, FALSE, "c=middle d=high a=middle b=low");
  write_rules (directory, "high/rules/h.v2v", "override rule a { warn \"high\" }");
  expect_effect (directory, FALSE, "c=middle d=high a=high b=low");
  /* A disable from below does not reach an override above it, one from above does. */
  write_rules (directory, "low/rules/disable.v2v", "disable rule a\ndisable rule d");
  expect_effect (directory, FALSE, "c=middle a=high b=low");
  write_rules (directory, "high/rules/h.v2v", "");
  write_rules (directory, "high/rules/disable.v2v", "disable rule a");
  expect_effect (directory, FALSE, "c=middle d=high b=low");
  fixture_remove (directory);
}

static void
test_was (void)
{
  g_autofree char *directory = three_trees ();
  g_autofree char *report = NULL;
  g_autoptr (V2vRuleSet) rules = NULL;
  g_autofree char *found = NULL;

  write_rules (directory, "low/rules/a.v2v", "rule a was old { warn \"low\" }");
  write_rules (directory, "high/rules/h.v2v", "override rule old { warn \"high\" }");
  rules = fixture_load (directory, three, NULL, FALSE, &report);
  found = effect (rules);
  g_assert_cmpstr (found, ==, "c=middle d=high old=high b=low");
  g_assert_nonnull (strstr (report, "warning[V2V065]: rule old is called a now"));
  write_rules (directory, "high/rules/h.v2v", "disable rule old");
  expect_effect (directory, FALSE, "c=middle d=high b=low");
  fixture_remove (directory);
}

/* Files that are named one by one count as of the highest tree, and once only. */
static void
test_single_files (void)
{
  g_autofree char *directory = three_trees ();
  g_autofree char *more = g_build_filename (directory, "more.v2v", NULL);
  g_autofree char *again = g_build_filename (directory, "low/rules/../rules/a.v2v", NULL);
  const char *files[] = {more, again, NULL};
  g_autoptr (V2vRuleSet) rules = NULL;
  g_autofree char *found = NULL;

  write_rules (directory, "middle/rules/m.v2v", "override rule a { warn \"middle\" }");
  write_rules (directory, "more.v2v",
               "override rule a { warn \"more\" }\nrule z { warn \"z\" }");
  rules = fixture_load (directory, three, files, FALSE, NULL);
  found = effect (rules);
  g_assert_cmpstr (found, ==, "c=middle d=high a=more z=z b=low");
  fixture_remove (directory);
}

static void
test_scripts (void)
{
  g_autofree char *directory = three_trees ();
  g_autofree char *low_rule = g_build_filename (directory, "low/rules/sub/b.v2v", NULL);
  g_autofree char *high_rule = g_build_filename (directory, "high/rules/d.v2v", NULL);
  g_autofree char *apart = g_build_filename (directory, "apart/rules/x.v2v", NULL);
  g_autofree char *low = g_build_filename (directory, "low/lua/s.lua", NULL);
  g_autofree char *middle = g_build_filename (directory, "middle/lua/s.lua", NULL);
  g_autofree char *apart_script = g_build_filename (directory, "apart/lua/s.lua", NULL);
  g_autofree char *sheet = g_build_filename (directory, "middle/xslt/v/s.xsl", NULL);
  g_autoptr (V2vRuleSet) rules = NULL;

  fixture_write (directory, "low/lua/s.lua", "", 0);
  fixture_write (directory, "middle/lua/s.lua", "", 0);
  fixture_write (directory, "apart/lua/s.lua", "", 0);
  fixture_write (directory, "middle/xslt/v/s.xsl", "", 0);
  rules = fixture_load (directory, three, NULL, FALSE, NULL);
  /* Beside the rule's own tree first, then in the highest. */
  g_assert_cmpstr (v2v_ruleset_find_script (rules, low_rule, "lua", "s.lua"), ==, low);
  g_assert_cmpstr (v2v_ruleset_find_script (rules, high_rule, "lua", "s.lua"), ==, middle);
  g_assert_cmpstr (v2v_ruleset_find_script (rules, apart, "lua", "s.lua"), ==, apart_script);
  g_assert_cmpstr (v2v_ruleset_find_script (rules, NULL, "lua", "s.lua"), ==, middle);
  g_assert_cmpstr (v2v_ruleset_find_script (rules, low_rule, "xslt", "v/s.xsl"), ==, sheet);
  g_assert_null (v2v_ruleset_find_script (rules, low_rule, "xslt", "s.lua"));
  g_assert_null (v2v_ruleset_find_script (rules, low_rule, "xslt", "v"));
  fixture_remove (directory);
}

static void
test_defaults (void)
{
  static const char *const extra[] = {"one", "/two", NULL};
  g_autoptr (GPtrArray) trees = NULL;
  g_autofree char *one = g_canonicalize_filename ("one", NULL);
  const V2vRuleDir *tree;

  g_unsetenv ("V2V_ENGINE_DATA_DIR");
  trees = v2v_rule_dirs_default (extra);
  g_assert_cmpuint (trees->len, >=, 4);
  tree = g_ptr_array_index (trees, 0);
  g_assert_cmpstr (tree->path, ==, one);
  g_assert_true (tree->required);
  g_assert_false (tree->shipped);
  tree = g_ptr_array_index (trees, 1);
  g_assert_cmpstr (tree->path, ==, "/two");
  tree = g_ptr_array_index (trees, 2);
  g_assert_cmpstr (tree->path, ==, V2V_SYSCONF_DIR);
  g_assert_false (tree->required);
  tree = g_ptr_array_index (trees, trees->len - 1);
  g_assert_cmpstr (tree->path, ==, V2V_DATA_DIR);
  g_assert_true (tree->required);
  g_assert_true (tree->shipped);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trees/files", test_files);
  g_test_add_func ("/trees/override", test_override);
  g_test_add_func ("/trees/was", test_was);
  g_test_add_func ("/trees/single-files", test_single_files);
  g_test_add_func ("/trees/scripts", test_scripts);
  g_test_add_func ("/trees/defaults", test_defaults);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What rules, providers and probes read and write.
 */
#include "config.h"

#include "lang/uses.h"
#include "rules-fixture.h"

#define FACTS                                                                                  \
  "fact a { x: int  d: int derived  e: int derived }\n"                                        \
  "fact many each { n: int key  m: int derived }\n"                                            \
  "operation act(p: int) phase configure dispatch one optional\n"                              \
  "let big = a.x > 5\n"

static gboolean
append_use (const V2vUse *use, gpointer data)
{
  static const char *const words[] = {"fact", "all",  "request", "read", "domain",
                                      "let",  "sets", "default", "adds", "asks"};
  GString *out = data;

  g_string_append_printf (out, "%s%s%s ", out->len > 0 ? ", " : "", use->negative ? "!" : "",
                          words[use->kind]);
  if (use->field)
    g_string_append_printf (out, "%s.%s", use->field->fact->name, use->field->name);
  else if (use->operand)
    g_string_append (out, use->operand->kind == V2V_OPERAND_CONST ? "constant" : "parameter");
  else if (use->fact)
    g_string_append (out, use->fact->name);
  else if (use->operation)
    g_string_append (out, use->operation->name);
  else if (use->let)
    g_string_append (out, use->let);
  return TRUE;
}

static void
expect_rule (const char *body, const char *expected)
{
  g_autofree char *text = g_strdup_printf (FACTS "rule r {\n%s}\n", body);
  g_autoptr (V2vRuleSet) rules = fixture_load_text (text);
  g_autoptr (GString) out = g_string_new (NULL);

  g_assert_true (v2v_rule_uses (rules->rules->pdata[0], append_use, out));
  g_assert_cmpstr (out->str, ==, expected);
}

static void
test_rules (void)
{
  expect_rule ("  when a.x == 1 and not a.d < 2\n  assert a.e = a.x\n",
               "read a.x, read constant, !read a.d, !read constant, read a.x, sets a.e");
  expect_rule ("  when a.x != 1 or a.d is unset or a.d is set\n  default a.e = 3\n",
               "!read a.x, !read constant, !read a.d, read a.d, read constant, default a.e");
  expect_rule ("  when big\n  each many as k { n > 1 }\n  assert k.m = 2\n",
               "let big, read a.x, read constant, fact many, read many.n, read constant, "
               "read constant, sets many.m");
  expect_rule ("  no many { n == 1 }\n  do act(a.d)\n",
               "!fact many, !read many.n, !read constant, read a.d, asks act");
  expect_rule ("  no request act { p == 1 }\n  fail \"{a.d} is wrong\"\n",
               "!request act, !read parameter, !read constant, read a.d");
  expect_rule ("  when domain \"/domain\"\n  do act(1)\n", "domain , read constant, asks act");
}

static gboolean
stop_at_field (const V2vUse *use, gpointer data)
{
  ++*(guint *)data;
  return use->field == NULL;
}

static void
test_stop (void)
{
  g_autoptr (V2vRuleSet) rules = fixture_load_text (
      FACTS "rule r {\n  some many { n == 1 and m == 2 }\n  do act(a.d)\n}\n");
  guint seen = 0;

  g_assert_false (v2v_rule_uses (rules->rules->pdata[0], stop_at_field, &seen));
  g_assert_cmpuint (seen, ==, 2);
}

static gboolean
count_part (const V2vExpr *part, gpointer data)
{
  g_string_append_printf (data, "%s ",
                          part->kind == V2V_EXPR_LET  ? "let"
                          : part->kind == V2V_EXPR_OR ? "or"
                                                      : "leaf");
  return TRUE;
}

static void
test_parts (void)
{
  g_autoptr (V2vRuleSet) rules = fixture_load_text (
      FACTS
      "let both = big and a.d == 1\n"
      "rule r {\n  when a.x == 1 and (both and (a.d == 2 or a.d == 3))\n  do act(1)\n}\n");
  const V2vRule *rule = rules->rules->pdata[0];
  const V2vExpr *where = ((const V2vClause *)rule->clauses->pdata[0])->where;
  g_autoptr (GString) named = g_string_new (NULL), written = g_string_new (NULL);

  g_assert_true (v2v_expr_parts (where, V2V_EXPR_AND, FALSE, count_part, named));
  g_assert_cmpstr (named->str, ==, "leaf let or ");
  g_assert_true (v2v_expr_parts (where, V2V_EXPR_AND, TRUE, count_part, written));
  g_assert_cmpstr (written->str, ==, "leaf leaf leaf or ");
}

static void
test_origins (void)
{
  static const char text[] =
      "fact disk each from domain \"//disk\" { name: string from \"target/@dev\" key }\n"
      "fact os from inspection \"//os\" { id: string from \"name\" }\n"
      "fact a { d: string derived }\n";
  g_autofree char *reads =
      g_strconcat (text, "rule r {\n  each disk as d\n  assert a.d = d.name\n}\n", NULL);
  g_autoptr (V2vRuleSet) none = fixture_load_text (text);
  g_autoptr (V2vRuleSet) some = fixture_load_text (reads);

  g_assert_false (v2v_rules_read (none, V2V_ORIGIN_DOMAIN));
  g_assert_true (v2v_rules_read (some, V2V_ORIGIN_DOMAIN));
  g_assert_false (v2v_rules_read (some, V2V_ORIGIN_INSPECTION));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/uses/rules", test_rules);
  g_test_add_func ("/uses/stop", test_stop);
  g_test_add_func ("/uses/parts", test_parts);
  g_test_add_func ("/uses/origins", test_origins);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Answers to "why?" that the command line cannot ask for without a guest, and hostile rules.
 * What they print of captures is compared in tests/cli/explain.t.
 */
#include "config.h"

#include <string.h>

#include <libxml/parser.h>

#include "plan-fixture.h"
#include "plan/reasons.h"

static char *
ask (Planning *planning, gboolean why_not, const char *what, guint columns)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (V2vReasons) reasons = v2v_reasons_new (&planning->input, &error);
  g_autoptr (JsonNode) answer = NULL;
  g_autofree char *dir = g_strconcat (planning->dir, "/rules/", NULL), *text = NULL;
  g_auto (GStrv) pieces = NULL;

  g_assert_no_error (error);
  answer = why_not ? v2v_reasons_why_not (reasons, what, &error)
                   : v2v_reasons_explain (reasons, what, &error);
  g_assert_no_error (error);
  text = v2v_reasons_to_text (answer, columns);
  pieces = g_strsplit (text, dir, -1);
  return g_strjoinv ("", pieces);
}

static void
test_domain (void)
{
  const char *rules = "rule a { when domain \"/domain/devices/disk\" do say(\"a\") }\n"
                      "rule b { when domain \"/domain/devices/tape\" do say(\"b\") }\n"
                      "rule c { when not domain \"/domain/devices/tape\" do say(\"c\") }\n";
  g_autoptr (Planning) planning = planning_new (planning_prelude, rules);
  const char *text = "<domain><devices><disk/></devices></domain>";
  xmlDoc *doc = xmlReadMemory (text, (int)strlen (text), "domain.xml", NULL, XML_PARSE_NONET);
  g_autofree char *a = NULL, *b = NULL, *c = NULL;

  planning->input.domain = doc;
  a = ask (planning, FALSE, "say(\"a\")", 0);
  planning_reset (planning);
  planning->input.domain = doc;
  b = ask (planning, TRUE, "b", 0);
  planning_reset (planning);
  planning->input.domain = doc;
  c = ask (planning, FALSE, "say(\"c\")", 0);
  xmlFreeDoc (doc);
  g_assert_cmpstr (a, ==,
                   "say(\"a\"), in phase install\n"
                   "  provider say (prelude.v2v:17) carries it out\n"
                   "  rule a (test.v2v:2) asks for it\n"
                   "    yes  when domain \"/domain/devices/disk\"\n");
  g_assert_cmpstr (b, ==,
                   "rule b (test.v2v:3) did not fire\n"
                   "  no   when domain \"/domain/devices/tape\"\n");
  g_assert_cmpstr (c, ==,
                   "say(\"c\"), in phase install\n"
                   "  provider say (prelude.v2v:17) carries it out\n"
                   "  rule c (test.v2v:4) asks for it\n"
                   "    yes  when not domain \"/domain/devices/tape\"\n");
}

/* Package versions of a guest whose order is known are not said to be compared plainly. */
static void
test_versions (void)
{
  const char *rules =
      "rule a { some package { name == \"p\" and version > \"1.9\" } do say(\"a\") }\n"
      "capture \"c\" { given os { type = linux, package-format = rpm } given package { name = "
      "\"p\", version = \"1.10\" } known os, package }\n";
  g_autoptr (Planning) planning = planning_new (planning_prelude, rules);
  g_autofree char *text = ask (planning, FALSE, "say", 0);

  g_assert_cmpstr (text, ==,
                   "say(\"a\"), in phase install\n"
                   "  provider say (prelude.v2v:17) carries it out\n"
                   "  rule a (test.v2v:2) asks for it\n"
                   "    yes  some package { name == \"p\" and version > \"1.9\" }; there is "
                   "package { name = \"p\" }\n"
                   "      yes  name == \"p\"\n"
                   "      yes  version > \"1.9\"; version is \"1.10\"\n");
}

/* A fact that is not known is neither there nor absent. */
static void
test_unknown (void)
{
  const char *rules =
      "probe kernels provides kernel { when os.type == windows lua \"x.lua\" run() }\n"
      "rule a { when os.id == \"x\" some kernel { } do say(\"a\") }\n"
      "capture \"c\" { given os { type = linux } known os }\n";
  g_autoptr (Planning) planning = planning_new (planning_prelude, rules);
  g_autofree char *text = ask (planning, TRUE, "a", 0);

  g_assert_cmpstr (text, ==,
                   "rule a (test.v2v:3) did not fire\n"
                   "  no   when os.id == \"x\"; os.id is unset\n"
                   "  ?    some kernel { }; kernel is not known: probe kernels (test.v2v:2) "
                   "needs os.type == "
                   "windows; os.type is linux\n");
}

/* What rests on itself only by way of something else is told from what it began with. */
static void
test_recursion (void)
{
  const char *rules =
      "rule first { when os.type == linux assert tag { name = \"z\" } }\n"
      "rule then { some tag { name == \"z\" } assert tag { name = \"y\" } }\n"
      "rule next { some tag { name in [\"a\", \"y\"] } assert tag { name = \"a\" "
      "} }\n"
      "rule last { some tag { name == \"a\" } do say(\"a\") }\n"
      "capture \"c\" { given os { type = linux } known os }\n";
  g_autoptr (Planning) planning = planning_new (planning_prelude, rules);
  g_autofree char *text = ask (planning, FALSE, "say", 0);

  g_assert_cmpstr (
      text, ==,
      "say(\"a\"), in phase install\n"
      "  provider say (prelude.v2v:17) carries it out\n"
      "  rule last (test.v2v:5) asks for it\n"
      "    yes  some tag { name == \"a\" }; there is tag { name = \"a\" }\n"
      "      rule next (test.v2v:4) gives it\n"
      "        yes  some tag { name in [\"a\", \"y\"] }; there is tag { name = "
      "\"y\" } and 1 more\n"
      "          rule then (test.v2v:3) gives it\n"
      "            yes  some tag { name == \"z\" }; there is tag { name = \"z\" }\n"
      "              rule first (test.v2v:2) gives it\n"
      "                yes  when os.type == linux (capture c)\n"
      "              yes  name == \"z\"\n"
      "          yes  name in [\"a\", \"y\"]; name is \"y\"\n"
      "      yes  name == \"a\"\n");
}

/* A guest that is refused is explained all the same. */
static void
test_refused (void)
{
  const char *rules =
      "rule a { when os.type == linux do relabel() }\n"
      "rule b { some request relabel { } fail \"no {os.type} here\" }\n"
      "rule c { when os.type == linux do update() }\n"
      "provider p for update() { when os.type == windows do lua \"x.lua\" run() "
      "}\n"
      "capture \"c\" { given os { type = linux } known os }\n";
  g_autoptr (Planning) planning = planning_new (planning_prelude, rules);
  g_autofree char *text = ask (planning, FALSE, NULL, 0), *why_not = NULL;

  planning_reset (planning);
  why_not = ask (planning, TRUE, "b", 0);
  g_assert_cmpstr (
      text, ==,
      "relabel(), in phase boot\n"
      "  no provider carries it out\n"
      "  rule a (test.v2v:2) asks for it\n"
      "    yes  when os.type == linux (capture c)\n"
      "\n"
      "update(), in phase boot\n"
      "  no provider carries it out\n"
      "  provider p (test.v2v:5) does not fit: it needs os.type == windows; os.type is "
      "linux\n"
      "  rule c (test.v2v:4) asks for it\n"
      "    yes  when os.type == linux (capture c)\n"
      "\n"
      "refused: rule b (test.v2v:3): no linux here\n"
      "\n"
      "warning: skipped: no provider of relabel fits this guest; it is needed for\n"
      "  relabel() by rule a (test.v2v:2)\n"
      "  no rule file has a provider for it\n"
      "\n"
      "there is no whole plan: no provider of update fits this guest; it is needed "
      "for\n"
      "  update() by rule c (test.v2v:4)\n"
      "  provider p (test.v2v:5) needs os.type == windows; os.type is linux\n"
      "  a rule has to give the fact that is missing, or a rule file a provider for "
      "such guests\n");
  g_assert_cmpstr (why_not, ==,
                   "rule b (test.v2v:3) did fire\n"
                   "  fail \"no linux here\"\n");
}

/* Rules may chain without end, and conditions be as long as a file. */
static void
test_long (void)
{
  g_autoptr (GString) rules =
      g_string_new ("capture \"c\" { given os { type = linux } known os }\n"
                    "rule start { when os.type == linux assert tag { name = \"0\" } }\n");
  g_autofree char *text = NULL, *why_not = NULL;

  for (guint i = 1; i <= 2000; i++)
    g_string_append_printf (
        rules, "rule r%u { some tag { name == \"%u\" } assert tag { name = \"%u\" } }\n", i,
        i - 1, i);
  g_string_append (rules, "rule end { some tag { name == \"2000\" } do say(\"end\") }\n"
                          "rule wide { when os.type == windows");
  for (guint i = 0; i < 5000; i++)
    g_string_append (rules, " and os.major > 1");
  g_string_append (rules, " do say(\"wide\") }\n");
  {
    g_autoptr (Planning) planning = planning_new (planning_prelude, rules->str);

    text = ask (planning, FALSE, "say(\"end\")", 0);
    planning_reset (planning);
    why_not = ask (planning, TRUE, "wide", 80);
  }
  g_assert_nonnull (strstr (text, "rule r2000 "));
  g_assert_nonnull (strstr (text, " ..."));
  g_assert_cmpuint (g_strrstr (text, "rule r1900 ") ? 1 : 0, ==, 0);
  g_assert_nonnull (
      strstr (why_not, "\n    no   os.type == windows; os.type is linux (capture c)\n"));
}

static void
test_columns (void)
{
  const char *rules =
      "rule a { describe \"äöü äöü äöü äöü äöü äöü äöü äöü äöü äöü äöü äöü äöü äöü äöü äöü\"\n"
      " when os.type == linux do say(\"a\") }\n"
      "capture \"c\" { given os { type = linux } known os }\n";
  g_autoptr (Planning) planning = planning_new (planning_prelude, rules);
  g_autoptr (GError) error = NULL;
  g_autoptr (V2vReasons) reasons = v2v_reasons_new (&planning->input, &error);
  g_autoptr (JsonNode) answer = v2v_reasons_explain (reasons, "say", &error);
  g_autofree char *text = v2v_reasons_to_text (answer, 60);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint count = 0;

  for (guint i = 0; lines[i]; i++) {
    /* A word cannot be broken: the directory of this test may be long. */
    if (!strstr (lines[i], planning->dir))
      g_assert_cmpint (g_utf8_strlen (lines[i], -1), <=, 60);
    count++;
  }
  g_assert_cmpuint (count, >, 6);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reasons/domain", test_domain);
  g_test_add_func ("/reasons/versions", test_versions);
  g_test_add_func ("/reasons/unknown", test_unknown);
  g_test_add_func ("/reasons/recursion", test_recursion);
  g_test_add_func ("/reasons/refused", test_refused);
  g_test_add_func ("/reasons/long", test_long);
  g_test_add_func ("/reasons/columns", test_columns);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Derivation: what follows from facts and rules, in rule text.
 */
#include "config.h"

#include <time.h>
#include <locale.h>
#include <string.h>

#include "plan-fixture.h"

/* Plans TEXT and gives the value of a field. */
static void
assert_value (const char *text, const char *fact, const char *field, const char *expected)
{
  g_autoptr (Planning) planning = planning_new (planning_prelude, text);
  g_autofree char *result = planning_run (planning), *value = NULL;

  if (!planning->plan)
    g_error ("no plan: %s", result);
  value = planning_value (planning, fact, field);
  g_assert_cmpstr (value, ==, expected);
}

/* In captures of these tests everything is known. */
#define KNOWN "known os, initramfs, package, kernel, module"

static void
test_assert (void)
{
  assert_value ("rule a { when os.id == \"rocky\" assert os.family = rhel }\n"
                "rule b { when os.family == rhel assert os.grade = os.id }\n"
                "capture \"c\" { given os { id = \"rocky\" } " KNOWN " }\n",
                "os", "grade", "rocky");
  assert_value ("rule a { when os.id == \"rocky\" assert os.family = rhel }\n"
                "capture \"c\" { given os { id = \"arch\" } " KNOWN " }\n",
                "os", "family", "");
  /* What is unset asserts nothing. */
  assert_value ("rule a { assert os.grade = os.id }\n"
                "rule b { when os.grade is unset assert os.family = suse }\n",
                "os", "family", "suse");
  /* The same value from two rules is no contradiction. */
  assert_value ("rule a { assert os.family = rhel }\n"
                "rule b { assert os.family = rhel }\n",
                "os", "family", "rhel");
}

static void
test_each (void)
{
  g_autoptr (Planning) planning = planning_new (
      planning_prelude,
      "rule a { each kernel as k { flavour != xen } assert k.usable = true }\n"
      "rule b { each kernel as k { usable == true } each module as p { kernel == k.version }\n"
      "  assert tag { name = p.name } }\n"
      "capture \"c\" { given kernel { version = \"1\" } given kernel { version = \"2\", "
      "flavour = xen }\n"
      "  given kernel { version = \"3\", flavour = plain } given module { name = \"p1\", "
      "kernel = \"1\" }\n"
      "  given module { name = \"p2\", kernel = \"2\" } given module { name = \"p3\", kernel = "
      "\"3\" }\n"
      "  given module { name = \"q3\", kernel = \"3\" } " KNOWN " }\n");
  g_autofree char *result = planning_run (planning);
  guint times[2] = {0, 0};

  g_assert_cmpstr (result, ==, "");
  g_assert_cmpuint (planning_count (planning, "tag"), ==, 3);
  g_assert_cmpuint (planning->plan->fired->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    times[i] = ((V2vFired *)planning->plan->fired->pdata[i])->times;
  g_assert_cmpuint (times[0], ==, 2);
  g_assert_cmpuint (times[1], ==, 3);
}

static void
test_unset (void)
{
  static const struct {
    const char *cond;
    gboolean holds;
  } table[] = {
      {"os.major == 5", FALSE},
      {"os.major != 5", TRUE},
      {"not os.major == 5", TRUE},
      {"not os.major != 5", FALSE},
      {"os.major < 5", FALSE},
      {"not os.major < 5", TRUE},
      {"os.major >= 5", FALSE},
      {"os.major in [5, 6]", FALSE},
      {"not os.major in [5, 6]", TRUE},
      {"os.id ~ \"*\"", FALSE},
      {"not os.id ~ \"*\"", TRUE},
      {"os.major is set", FALSE},
      {"os.major is unset", TRUE},
      {"os.id == os.grade", FALSE},
      {"os.id != os.grade", TRUE},
      {"os.major == 5 or os.major is unset", TRUE},
      {"os.major != 5 and os.id == \"x\"", FALSE},
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autofree char *rule =
        g_strdup_printf ("rule a { when %s assert os.family = rhel }\n", table[i].cond);

    g_test_message ("%s", table[i].cond);
    assert_value (rule, "os", "family", table[i].holds ? "rhel" : "");
  }
}

static void
test_compare (void)
{
  static const struct {
    const char *cond;
    gboolean holds;
  } table[] = {
      {"os.major == 8", TRUE},
      {"os.major != 8", FALSE},
      {"os.major < 9", TRUE},
      {"os.major <= 8", TRUE},
      {"os.major > 8", FALSE},
      {"os.major >= 8", TRUE},
      {"os.major in [7, 8]", TRUE},
      {"os.major in []", FALSE},
      {"os.id ~ \"ro?k*\"", TRUE},
      {"os.id ~ \"x*\"", FALSE},
      {"os.id == \"rocky\" and (os.major == 7 or os.major == 8)", TRUE},
      {"not (os.id == \"rocky\" and os.major == 8)", FALSE},
  };
  static const struct {
    const char *clause;
    gboolean holds;
  } blocks[] = {
      {"some kernel { version == \"2.10\" }", TRUE},
      {"some kernel { version == \"2.010\" }", TRUE},
      {"some kernel { version > \"2.9\" }", TRUE},
      {"some kernel { version < \"2.9\" }", FALSE},
      {"some kernel { version in [\"1\", \"2.10\"] }", TRUE},
      {"no kernel { version == \"2.10\" and flavour == xen }", TRUE},
      {"no kernel", FALSE},
      {"some package", FALSE},
      {"no package { name == \"x\" }", TRUE},
  };

  for (guint i = 0; i < G_N_ELEMENTS (table) + G_N_ELEMENTS (blocks); i++) {
    gboolean cond = i < G_N_ELEMENTS (table);
    const char *text = cond ? table[i].cond : blocks[i - G_N_ELEMENTS (table)].clause;
    gboolean holds = cond ? table[i].holds : blocks[i - G_N_ELEMENTS (table)].holds;
    g_autofree char *rules =
        g_strdup_printf ("rule a { %s %s assert os.family = rhel }\n"
                         "capture \"c\" { given os { id = \"rocky\", major = 8 } given kernel "
                         "{ version = \"2.10\" } " KNOWN " }\n",
                         cond ? "when" : "", text);

    g_test_message ("%s", text);
    assert_value (rules, "os", "family", holds ? "rhel" : "");
  }
}

static void
test_package_versions (void)
{
  const char *format =
      "rule a { some package { version < \"1.0-1\" } assert os.family = debian }\n"
      "capture \"c\" { given os { package-format = %s } given package { name = \"p\", version "
      "= \"1.0~rc1-1\" } " KNOWN " }\n";
  g_autofree char *deb = g_strdup_printf (format, "deb");

  assert_value (deb, "os", "family", "debian");
}

static void
test_default (void)
{
  assert_value ("rule a { default os.family = suse }\n", "os", "family", "suse");
  assert_value ("rule a { default os.family = suse }\n"
                "rule b { when os.id == \"r\" assert os.family = rhel }\n"
                "capture \"c\" { given os { id = \"r\" } " KNOWN " }\n",
                "os", "family", "rhel");
  /* Readers see the default. */
  assert_value ("rule c { when os.family == suse assert os.grade = \"g\" }\n"
                "rule a { default os.family = suse }\n",
                "os", "grade", "g");
  assert_plan (
      "rule a { default os.family = suse }\n"
      "rule b { default os.family = rhel }\n",
      "error 78: os.family has two values: suse by rule a (test.v2v:2), and rhel by rule b "
      "(test.v2v:3); a fact has one value for a field: correct one of the two\n");
}

static void
test_contradiction (void)
{
  const char *text = "rule a { assert os.family = suse }\n"
                     "rule b { assert os.family = rhel }\n";
  const char *expected =
      "error 78: os.family has two values: suse by rule a (test.v2v:2), and rhel by rule b "
      "(test.v2v:3); a fact has one value for a field: correct one of the two\n";
  g_autofree char *shuffled = shuffled_plan (text);

  assert_plan (text, expected);
  g_assert_nonnull (strstr (shuffled, "rule a (test.v2v:2), and rhel by rule b (test.v2v:3)"));
}

/* Each stratum reads what is missing in the one before. */
static void
test_negation (void)
{
  const char *text = "rule e { no tag { name == \"d\" } assert tag { name = \"e\" } }\n";

  g_assert_nonnull (text);
  assert_value ("rule c { when os.grade is unset assert os.family = rhel }\n"
                "rule a { when os.id == \"x\" assert os.grade = \"g\" }\n",
                "os", "family", "rhel");
  assert_value ("rule c { when os.grade != \"g\" assert os.family = rhel }\n"
                "rule a { when os.id == \"x\" assert os.grade = \"g\" }\n"
                "capture \"c\" { given os { id = \"x\" } " KNOWN " }\n",
                "os", "family", "");
  assert_value ("rule c { no kernel { usable == true } assert os.family = rhel }\n"
                "rule a { each kernel as k { flavour != xen } assert k.usable = true }\n"
                "capture \"c\" { given kernel { version = \"1\", flavour = xen } " KNOWN " }\n",
                "os", "family", "rhel");
  assert_value ("rule c { no kernel { usable == true } assert os.family = rhel }\n"
                "rule a { each kernel as k { flavour != xen } assert k.usable = true }\n"
                "capture \"c\" { given kernel { version = \"1\" } " KNOWN " }\n",
                "os", "family", "");
}

/* Rules that feed each other, each written before the one it needs. */
static char *
chain (guint length)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = length; i > 0; i--)
    g_string_append_printf (
        text, "rule r%u { some tag { name == \"t%u\" } assert tag { name = \"t%u\" } }\n", i,
        i - 1, i);
  g_string_append (text, "rule first { assert tag { name = \"t0\" } }\n");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
test_recursion (void)
{
  g_autofree char *rules = chain (50);
  g_autofree char *shuffled = shuffled_plan (rules);
  g_autoptr (Planning) planning = planning_new (planning_prelude, rules);
  g_autofree char *result = planning_run (planning);

  g_assert_cmpstr (result, ==, "");
  g_assert_cmpstr (shuffled, ==, "");
  g_assert_cmpuint (planning_count (planning, "tag"), ==, 51);
}

/* Reachability: a rule that feeds itself through variables. */
static void
test_closure (void)
{
  static const char *const prelude = "v2v-rules 1\n"
                                     "fact edge each { from: string key  to: string key }\n"
                                     "fact reach each derived { node: string key }\n";
  g_autoptr (GString) text = g_string_new ("rule step { each edge as e {} some reach { node == "
                                           "e.from } assert reach { node = e.to } }\n"
                                           "rule start { assert reach { node = \"n0\" } }\n"
                                           "capture \"c\" {\n");
  g_autoptr (Planning) planning = NULL;
  g_autofree char *result = NULL;

  for (guint i = 30; i > 0; i--)
    g_string_append_printf (text, "  given edge { from = \"n%u\", to = \"n%u\" }\n", i - 1, i);
  g_string_append (text, "  given edge { from = \"n30\", to = \"n0\" }\n"
                         "  given edge { from = \"m0\", to = \"m1\" }\n  known edge\n}\n");
  planning = planning_new (prelude, text->str);
  result = planning_run (planning);
  g_assert_cmpstr (result, ==, "");
  g_assert_cmpuint (planning_count (planning, "reach"), ==, 31);
}

/* The work of a chain in the worst order grows with its length, not with its square. */
static void
test_long_chain (void)
{
  double seconds[2];

  for (guint i = 0; i < 2; i++) {
    guint length = i == 0 ? 2000 : 10000;
    g_autofree char *rules = chain (length);
    g_autoptr (Planning) planning = planning_new (planning_prelude, rules);
    g_autofree char *result = NULL;
    clock_t begin = clock ();

    result = planning_run (planning);
    /* processor time: other programs of the machine do not count */
    seconds[i] = (double)(clock () - begin) / CLOCKS_PER_SEC;
    g_assert_cmpstr (result, ==, "");
    g_assert_cmpuint (planning_count (planning, "tag"), ==, length + 1);
  }
  g_test_message ("2000 rules: %.4f s, 10000 rules: %.4f s", seconds[0], seconds[1]);
  /* 5 times the rules: 25 times the work if it were quadratic. Slow machines get some leave. */
  g_assert_cmpfloat (seconds[1], <, seconds[0] * 15 + 0.05);
}

static void
test_shuffle (void)
{
  g_autofree char *result = shuffled_plan (
      "rule t1 { each package as p { name ~ \"a*\" } assert tag { name = p.name } }\n"
      "rule t2 { each package as p { name ~ \"*z\" } assert tag { name = p.name } }\n"
      "rule t3 { each tag as t { name ~ \"a*\" } assert tag { name = \"last\" } }\n"
      "rule f { some tag { name == \"last\" } assert os.family = rhel }\n"
      "rule g { assert os.family = rhel }\n"
      "rule d { default os.grade = \"plain\" }\n"
      "rule s1 { each tag as t {} do say(t.name) }\n"
      "rule s2 { each tag as t { name ~ \"a*\" } when os.grade == \"plain\" do say(t.name) do "
      "say(os.grade) }\n"
      "capture \"c\" { given package { name = \"cz\" } given package { name = \"az\" } given "
      "package { name = \"b\" }\n"
      "  given package { name = \"aa\" } " KNOWN " }\n");

  g_assert_cmpstr (result, ==,
                   "install: say by provider say (prelude.v2v:17)\n"
                   "  say(\"aa\")\n"
                   "    rule s1 (test.v2v:8) for tag { name = \"aa\" }\n"
                   "    rule s2 (test.v2v:9) for tag { name = \"aa\" }\n"
                   "install: say by provider say (prelude.v2v:17)\n"
                   "  say(\"az\")\n"
                   "    rule s1 (test.v2v:8) for tag { name = \"az\" }\n"
                   "    rule s2 (test.v2v:9) for tag { name = \"az\" }\n"
                   "install: say by provider say (prelude.v2v:17)\n"
                   "  say(\"cz\")\n"
                   "    rule s1 (test.v2v:8) for tag { name = \"cz\" }\n"
                   "install: say by provider say (prelude.v2v:17)\n"
                   "  say(\"last\")\n"
                   "    rule s1 (test.v2v:8) for tag { name = \"last\" }\n"
                   "install: say by provider say (prelude.v2v:17)\n"
                   "  say(\"plain\")\n"
                   "    rule s2 (test.v2v:9) for tag { name = \"aa\" }\n"
                   "    rule s2 (test.v2v:9) for tag { name = \"az\" }\n");
}

static void
test_domain (void)
{
  const char *text =
      "rule a { when domain \"/domain/devices/disk\" assert os.family = rhel }\n"
      "rule b { when domain \"count(/domain/devices/disk) > 1\" assert os.grade = \"many\" }\n";
  g_autoptr (Planning) planning = planning_new (planning_prelude, text);
  g_autofree char *result = NULL, *family = NULL, *grade = NULL, *none = NULL;
  const char *xml = "<domain><devices><disk/></devices></domain>";
  xmlDoc *doc = xmlParseMemory (xml, (int)strlen (xml));

  planning->input.domain = doc;
  result = planning_run (planning);
  g_assert_cmpstr (result, ==, "");
  family = planning_value (planning, "os", "family");
  grade = planning_value (planning, "os", "grade");
  g_assert_cmpstr (family, ==, "rhel");
  g_assert_cmpstr (grade, ==, "");
  /* Without a document none is true. */
  planning_reset (planning);
  g_free (planning_run (planning));
  none = planning_value (planning, "os", "family");
  g_assert_cmpstr (none, ==, "");
  xmlFreeDoc (doc);
}

static void
test_endless_xpath (void)
{
  g_autoptr (Planning) planning =
      planning_new (planning_prelude, "rule a { when domain \"count(//*[count(//*[count(//*) > "
                                      "0]) > 0]) > 0\" assert os.family = rhel }\n");
  g_autoptr (GString) xml = g_string_new ("<domain>");
  g_autofree char *result = NULL;
  xmlDoc *doc;

  for (guint i = 0; i < 2000; i++)
    g_string_append (xml, "<a/>");
  g_string_append (xml, "</domain>");
  doc = xmlParseMemory (xml->str, (int)xml->len);
  planning->input.domain = doc;
  result = planning_run (planning);
  g_assert_true (g_str_has_prefix (result, "error 78: rule a (test.v2v:2): test.v2v:2:"));
  g_assert_nonnull (strstr (result, "cannot be evaluated"));
  xmlFreeDoc (doc);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/derive/assert", test_assert);
  g_test_add_func ("/derive/each", test_each);
  g_test_add_func ("/derive/unset", test_unset);
  g_test_add_func ("/derive/compare", test_compare);
  g_test_add_func ("/derive/package-versions", test_package_versions);
  g_test_add_func ("/derive/default", test_default);
  g_test_add_func ("/derive/contradiction", test_contradiction);
  g_test_add_func ("/derive/negation", test_negation);
  g_test_add_func ("/derive/recursion", test_recursion);
  g_test_add_func ("/derive/closure", test_closure);
  g_test_add_func ("/derive/long-chain", test_long_chain);
  g_test_add_func ("/derive/shuffle", test_shuffle);
  g_test_add_func ("/derive/domain", test_domain);
  g_test_add_func ("/derive/endless-xpath", test_endless_xpath);
  return g_test_run ();
}

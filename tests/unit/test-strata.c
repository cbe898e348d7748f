/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Strata: who comes after whom in derivation.
 */
#include "config.h"

#include "rules-fixture.h"

#define FACTS                                                                                  \
  "fact a { x: int  d: int derived  e: int derived  f: int derived }\n"                        \
  "fact b { y: int }\n"                                                                        \
  "fact many each { n: int key  m: int derived }\n"                                            \
  "fact note each derived { t: int key }\n"

/* "1: rule ... probe:...; 2*: ..." (a star: recursive). */
static char *
strata_of (const char *text)
{
  g_autofree char *whole = g_strconcat (FACTS, text, NULL);
  g_autoptr (V2vRuleSet) rules = fixture_load_text (whole);
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < rules->strata->len; i++) {
    const V2vStratum *stratum = g_ptr_array_index (rules->strata, i);

    g_string_append_printf (out, "%s%u%s:", i > 0 ? "; " : "", i + 1,
                            stratum->recursive ? "*" : "");
    for (guint j = 0; j < stratum->rules->len; j++)
      g_string_append_printf (out, " %s",
                              ((V2vRule *)g_ptr_array_index (stratum->rules, j))->name);
    for (guint j = 0; j < stratum->probes->len; j++)
      g_string_append_printf (out, " probe:%s",
                              ((V2vProbe *)g_ptr_array_index (stratum->probes, j))->name);
  }
  return g_string_free (out, FALSE);
}

static void
expect_strata (const char *text, const char *expected)
{
  g_autofree char *strata = strata_of (text);

  g_assert_cmpstr (strata, ==, expected);
}

static void
test_order (void)
{
  expect_strata ("", "");
  expect_strata ("rule r { fail \"x\" }", "");
  /* In the order of reading and writing, whatever the order in the file. */
  expect_strata ("rule last { when a.e == 1 assert a.f = 1 }\n"
                 "rule middle { when a.d == 1 assert a.e = 1 }\n"
                 "rule first { when a.x == 1 assert a.d = 1 }\n"
                 "rule apart { when b.y == 1 assert a.d = 1 }\n",
                 "1: first apart; 2: middle; 3: last");
  /* Negation, through a let too, waits for whoever may write. */
  expect_strata ("let unknown = not a.d == 1\n"
                 "rule two { when unknown assert a.e = 1 }\n"
                 "rule one { assert a.d = 1 }\n",
                 "1: one; 2: two");
  /* What a value is taken from is read as well. */
  expect_strata ("rule two { each many as k assert a.e = k.m }\n"
                 "rule one { each many as k assert k.m = 1 }\n",
                 "1: one; 2: two");
  expect_strata ("rule two { no note { t == 1 } assert a.d = 1 }\n"
                 "rule one { when a.x == 1 assert note { t = a.x } }\n",
                 "1: one; 2: two");
}

static void
test_defaults (void)
{
  expect_strata ("rule reads { when a.d == 1 assert a.e = 1 }\n"
                 "rule falls-back { default a.d = 2 }\n"
                 "rule sets { when a.x == 1 assert a.d = 1 }\n",
                 "1: sets; 2: falls-back; 3: reads");
}

static void
test_recursion (void)
{
  expect_strata ("rule start { when a.x == 1 assert note { t = 1 } }\n"
                 "rule next { some note { t == 1 } assert note { t = 2 } }\n"
                 "rule after { some note { t == 2 } assert a.d = 1 }\n",
                 "1: start; 2*: next; 3: after");
  expect_strata ("rule one { when a.d == 1 assert a.e = 1 }\n"
                 "rule other { when a.e == 1 assert a.d = 1 }\n"
                 "rule aside { assert a.f = 1 }\n",
                 "1: aside; 2*: one other");
}

static void
test_probes (void)
{
  expect_strata ("probe second provides b { when a.d == 1 lua \"x.lua\" f() }\n"
                 "probe first provides a { lua \"x.lua\" f() }\n"
                 "probe third provides many { reads b lua \"x.lua\" f() }\n"
                 "probe fourth provides note { lua \"x.lua\" f(a.e) }\n"
                 "rule between { when a.x == 1 assert a.d = 1 }\n"
                 "rule last { each many as k assert a.e = k.n }\n",
                 "1: probe:first; 2: between; 3: probe:second; 4: probe:third; 5: last; "
                 "6: probe:fourth");
}

/* A chain as long as a file must not overflow the stack. */
static void
test_long (void)
{
  g_autoptr (GString) text = g_string_new ("fact chain {\n");
  g_autoptr (V2vRuleSet) rules = NULL;
  const guint length = 20000;

  for (guint i = 0; i <= length; i++)
    g_string_append_printf (text, "  f%u: int derived\n", i);
  g_string_append (text, "}\n");
  for (guint i = 0; i < length; i++)
    g_string_append_printf (text, "rule r%u { when chain.f%u == 1 assert chain.f%u = 1 }\n", i,
                            i, i + 1);
  rules = fixture_load_text (text->str);
  g_assert_cmpuint (rules->strata->len, ==, length);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/strata/order", test_order);
  g_test_add_func ("/strata/defaults", test_defaults);
  g_test_add_func ("/strata/recursion", test_recursion);
  g_test_add_func ("/strata/probes", test_probes);
  g_test_add_func ("/strata/long", test_long);
  return g_test_run ();
}

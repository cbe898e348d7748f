/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Which provider carries out a request: implication between conditions, ambiguity, choice.
 */
#include "config.h"

#include <locale.h>
#include <string.h>

#include "plan-fixture.h"

static const struct {
  const char *a, *b;
  gboolean implies;
} table[] = {
    /* Nothing is implied by anything; a conjunction implies its parts. */
    {"", "", TRUE},
    {"when os.major == 5", "", TRUE},
    {"", "when os.major == 5", FALSE},
    {"when os.major == 5 and os.id == \"x\"", "when os.id == \"x\"", TRUE},
    {"when os.id == \"x\"", "when os.major == 5 and os.id == \"x\"", FALSE},
    {"when os.major == 5 when os.id == \"x\"", "when os.id == \"x\" and os.major > 4", TRUE},
    /* Equality and "in". */
    {"when os.major == 5", "when os.major == 5", TRUE},
    {"when os.major == 5", "when os.major == 6", FALSE},
    {"when os.major == 5", "when os.major in [4, 5]", TRUE},
    {"when os.major in [4, 5]", "when os.major == 5", FALSE},
    {"when os.major in [4, 5]", "when os.major in [3, 4, 5]", TRUE},
    {"when os.major in [4, 5]", "when os.major in [4, 6]", FALSE},
    {"when os.major == 5", "when os.major != 6", TRUE},
    {"when os.major == 5", "when os.major != 5", FALSE},
    {"when os.major in [4, 5]", "when os.major < 6", TRUE},
    {"when os.major in [4, 7]", "when os.major < 6", FALSE},
    {"when os.family == rhel", "when os.family in [rhel, suse]", TRUE},
    {"when os.family == rhel", "when os.family != suse", TRUE},
    {"when os.family == rhel", "when os.id == \"rhel\"", FALSE},
    /* Ranges. */
    {"when os.major >= 7", "when os.major >= 6", TRUE},
    {"when os.major >= 6", "when os.major >= 7", FALSE},
    {"when os.major > 5", "when os.major >= 6", TRUE},
    {"when os.major >= 6", "when os.major > 5", TRUE},
    {"when os.major > 5", "when os.major > 5", TRUE},
    {"when os.major < 5", "when os.major <= 5", TRUE},
    {"when os.major <= 5", "when os.major < 5", FALSE},
    {"when os.major <= 5", "when os.major < 6", TRUE},
    {"when os.major >= 6", "when os.major <= 9", FALSE},
    {"when os.major >= 6", "when os.major != 5", TRUE},
    {"when os.major >= 6", "when os.major != 6", FALSE},
    {"when os.major > 6", "when os.major != 6", TRUE},
    {"when os.major >= 6", "when os.major == 6", FALSE},
    {"when kernel >= \"2.6.18\"", "when kernel >= \"2.6.9\"", TRUE},
    {"when kernel >= \"2.6.9\"", "when kernel >= \"2.6.18\"", FALSE},
    {"when kernel > \"2.6.9\"", "when kernel >= \"2.6.9\"", TRUE},
    {"when kernel >= \"2.6.9\"", "when kernel > \"2.6.9\"", FALSE},
    {"when kernel == \"2.6.18\"", "when kernel > \"2.6.9\"", TRUE},
    {"when package >= \"2\"", "when package >= \"1\"", FALSE},
    {"when package >= \"2\"", "when package >= \"2\"", TRUE},
    /* Set and unset. */
    {"when os.major == 5", "when os.major is set", TRUE},
    {"when os.major < 5", "when os.major is set", TRUE},
    {"when os.major != 5", "when os.major is set", FALSE},
    {"when os.id ~ \"a*\"", "when os.id is set", TRUE},
    {"when os.major is unset", "when os.major != 5", TRUE},
    {"when os.major is unset", "when os.major < 5", FALSE},
    {"when os.major is set", "when os.major is unset", FALSE},
    {"when not os.major is set", "when os.major is unset", TRUE},
    {"when not os.major == 5", "when os.major != 5", TRUE},
    {"when not os.major != 5", "when os.major < 6", TRUE},
    /* Globs, "some", "no", "domain": identical text only. */
    {"when os.id ~ \"a*\"", "when os.id ~ \"a*\"", TRUE},
    {"when os.id ~ \"ab*\"", "when os.id ~ \"a*\"", FALSE},
    {"when os.id == \"abc\"", "when os.id ~ \"a*\"", TRUE},
    {"some kernel { flavour == xen }", "some kernel { flavour == xen }", TRUE},
    {"some kernel { flavour == xen }", "some kernel {}", FALSE},
    {"no kernel { flavour == xen }", "some kernel { flavour == xen }", FALSE},
    {"no kernel { flavour == xen }", "no kernel { flavour == xen }", TRUE},
    {"when domain \"/a\"", "when domain \"/a\"", TRUE},
    {"when domain \"/a\"", "when domain \"/b\"", FALSE},
    /* "or" implies nothing and is implied by nothing. */
    {"when os.major == 5 or os.major == 6", "when os.major == 5 or os.major == 6", FALSE},
    {"when os.major == 5", "when os.major == 5 or os.major == 6", FALSE},
    {"when (os.major == 5 or os.major == 6) and os.id == \"x\"", "when os.id == \"x\"", TRUE},
    /* Names of conditions are seen through. */
    {"when five", "when os.major > 4", TRUE},
    {"when five", "when five", TRUE},
    {"when not five", "when os.major != 5", TRUE},
    /* Values that are no constants: the same text. */
    {"when os.id == os.grade", "when os.id == os.grade", TRUE},
    {"when os.id == os.grade", "when os.id == driver", FALSE},
};

static void
test_implication (void)
{
  g_autoptr (GString) text = g_string_new ("let five = os.major == 5\n");
  g_autoptr (Planning) planning = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    g_string_append_printf (
        text,
        "operation op%u(driver: string, kernel: plain-version, package: package-version)"
        " phase boot dispatch all\n",
        i);
    for (guint j = 0; j < 2; j++)
      g_string_append_printf (
          text, "provider %c%u for op%u(driver, kernel, package) { %s do lua \"x.lua\" f() }\n",
          j == 0 ? 'a' : 'b', i, i, j == 0 ? table[i].a : table[i].b);
  }
  planning = planning_new (planning_prelude, text->str);
  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autofree char *name = g_strdup_printf ("op%u", i);
    const V2vOperation *operation =
        g_hash_table_lookup (planning->rules->operations_by_name, v2v_intern (name));

    g_test_message ("%s  =>  %s", table[i].a, table[i].b);
    g_assert_cmpuint (operation->providers->len, ==, 2);
    g_assert_cmpint (
        !!v2v_provider_implies (operation->providers->pdata[0], operation->providers->pdata[1]),
        ==, table[i].implies);
  }
}

#define ENABLE "rule r { do enable_driver(\"virtio_blk\", \"6.1\") }\n"

static void
test_one (void)
{
  assert_steps (ENABLE "provider old for enable_driver(driver, kernel) { when os.major >= 6 do "
                       "lua \"x.lua\" f(driver, kernel) }\n"
                       "provider new for enable_driver(driver, kernel) { when os.major >= 7 do "
                       "lua \"x.lua\" f(kernel) }\n"
                       "provider other for enable_driver(driver, kernel) { when os.id == \"y\" "
                       "do lua \"x.lua\" f(kernel) }\n"
                       "capture \"c\" { given os { id = \"x\", major = 8 } known os }\n",
                "new enable_driver(\"virtio_blk\", \"6.1\")\n");
  assert_steps (ENABLE "provider old for enable_driver(driver, kernel) { when os.major >= 6 do "
                       "lua \"x.lua\" f(driver, kernel) }\n"
                       "provider new for enable_driver(driver, kernel) { when os.major >= 7 do "
                       "lua \"x.lua\" f(kernel) }\n"
                       "capture \"c\" { given os { major = 6 } known os }\n",
                "old enable_driver(\"virtio_blk\", \"6.1\")\n");
  /* The parameters decide as well. */
  assert_steps (
      "rule r { do enable_driver(\"a\", \"1\") do enable_driver(\"b\", \"1\") }\n"
      "provider plain for enable_driver(driver, kernel) { do lua \"x.lua\" f(driver) }\n"
      "provider special for enable_driver(driver, kernel) { when driver == \"b\" do lua "
      "\"x.lua\" f(driver) }\n",
      "plain enable_driver(\"a\", \"1\")\n"
      "special enable_driver(\"b\", \"1\")\n");
}

static void
test_over (void)
{
  static const char *const providers =
      "provider a for enable_driver(driver, kernel) { when os.major == 8 do lua \"x.lua\" f() "
      "}\n"
      "provider b for enable_driver(driver, kernel) { when os.id == \"x\" over a do lua "
      "\"x.lua\" f() }\n"
      "provider c for enable_driver(driver, kernel) { when os.family is unset over b do lua "
      "\"x.lua\" f() }\n"
      "capture \"c\" { given os { id = \"x\", major = 8 } known os }\n";
  g_autofree char *text = g_strconcat (ENABLE, providers, NULL);

  assert_steps (text, "c enable_driver(\"virtio_blk\", \"6.1\")\n");
}

static const char *const two = ENABLE
    "provider a for enable_driver(driver, kernel) { when os.major == 8 do lua \"x.lua\" f() }\n"
    "provider b for enable_driver(driver, kernel) { when os.id == \"x\" do lua \"x.lua\" f() "
    "}\n"
    "provider z for enable_driver(driver, kernel) { when os.id == \"z\" do lua \"x.lua\" f() "
    "}\n"
    "capture \"c\" { given os { id = \"x\", major = 8 } known os }\n";

static void
test_ambiguous (void)
{
  assert_plan (
      two,
      "error 78: several providers fit this guest and none is more specific than all others, "
      "for\n"
      "  enable_driver(\"virtio_blk\", \"6.1\") by rule r (test.v2v:2)\n"
      "  provider a (test.v2v:3)\n"
      "  provider b (test.v2v:4)\n"
      "  choose by --provider enable_driver=a, or let one of them say \"over\" the other\n");
}

static char *
choose (const char *text, const char *operation, const char *provider)
{
  g_autoptr (Planning) planning = planning_new (planning_prelude, text);
  g_autoptr (GHashTable) chosen = g_hash_table_new (g_str_hash, g_str_equal);
  char *result;

  g_hash_table_insert (chosen, (gpointer)operation, (gpointer)provider);
  planning->input.providers = chosen;
  result = planning_run (planning);
  return result;
}

static void
test_choice (void)
{
  g_autofree char *chosen = choose (two, "enable_driver", "b");
  g_autofree char *unfit = choose (two, "enable_driver", "z");
  g_autofree char *none = choose (two, "enable_driver", "y");
  g_autofree char *nothing = choose (two, "enable", "a");

  g_assert_cmpstr (chosen, ==,
                   "configure: enable_driver by provider b (test.v2v:4)\n"
                   "  enable_driver(\"virtio_blk\", \"6.1\")\n"
                   "    rule r (test.v2v:2)\n");
  g_assert_cmpstr (
      unfit, ==,
      "error 64: --provider enable_driver=z: this provider does not fit the guest: provider z "
      "(test.v2v:5) needs os.id == \"z\"; os.id is \"x\"\n");
  g_assert_cmpstr (none, ==,
                   "error 64: --provider enable_driver=y: enable_driver has no provider y; it "
                   "has a, b, z\n");
  g_assert_cmpstr (
      nothing, ==,
      "error 64: --provider enable=a: there is no operation enable; see v2v-operations(7)\n");
}

static void
test_choice_of_all (void)
{
  g_autofree char *result =
      choose ("rule r { do remap(\"a\", \"b\") }\n"
              "provider one for remap(old, new) { do lua \"x.lua\" f(old, new) }\n"
              "provider two for remap(old, new) { do lua \"x.lua\" f(new) }\n",
              "remap", "two");

  g_assert_cmpstr (result, ==,
                   "configure: remap by provider two (test.v2v:4)\n"
                   "  remap(\"a\", \"b\")\n"
                   "    rule r (test.v2v:2)\n");
}

static void
test_missing (void)
{
  assert_plan (
      ENABLE
      "provider a for enable_driver(driver, kernel) { when initramfs.tool == dracut do lua "
      "\"x.lua\" f() }\n"
      "provider b for enable_driver(driver, kernel) { when os.id == \"x\" some kernel { "
      "flavour == xen }\n"
      "  do lua \"x.lua\" f() }\n"
      "provider c for enable_driver(driver, kernel) { when os.id == \"x\" and os.major >= 9\n"
      "  do lua \"x.lua\" f() }\n"
      "capture \"c\" { given os { id = \"x\", major = 8 } known os, initramfs, kernel }\n",
      "error 65: no provider of enable_driver fits this guest; it is needed for\n"
      "  enable_driver(\"virtio_blk\", \"6.1\") by rule r (test.v2v:2)\n"
      "  provider a (test.v2v:3) needs initramfs.tool == dracut; initramfs.tool is unset\n"
      "  provider b (test.v2v:4) needs some kernel { flavour == xen }; there is none\n"
      "  provider c (test.v2v:6) needs os.major >= 9; os.major is 8\n"
      "  a rule has to give the fact that is missing, or a rule file a provider for such "
      "guests\n");
}

static void
test_optional (void)
{
  assert_plan ("rule r { do relabel() do say(\"x\") }\n"
               "provider a for relabel() { when os.id == \"x\" do lua \"x.lua\" f() }\n",
               "install: say by provider say (prelude.v2v:17)\n"
               "  say(\"x\")\n"
               "    rule r (test.v2v:2)\n"
               "warning: skipped: no provider of relabel fits this guest; it is needed for\n"
               "  relabel() by rule r (test.v2v:2)\n"
               "  provider a (test.v2v:3) needs os.id == \"x\"; os.id is unset\n");
}

static void
test_all (void)
{
  assert_steps ("rule r { do remap(\"a\", \"b\") do remap(\"b\", \"c\") }\n"
                "provider one for remap(old, new) { do lua \"x.lua\" f(old, new) }\n"
                "provider never for remap(old, new) { when os.id == \"x\" do lua \"x.lua\" "
                "f(old, new) }\n"
                "provider two for remap(old, new) { do lua \"x.lua\" f(new) }\n",
                "one remap(\"a\", \"b\") remap(\"b\", \"c\")\n"
                "two remap(\"a\", \"b\") remap(\"b\", \"c\")\n");
}

/* The arguments that a call gets are the provider's. */
static void
test_call_arguments (void)
{
  static const char *const expected[][3] = {
      {"me", "x", "6.1"}, {"b", "a", NULL}, {"c", "b", NULL}};
  g_autoptr (Planning) planning = planning_new (
      planning_prelude,
      "rule r { do prepare(\"6.1\") do remap(\"a\", \"b\") do remap(\"b\", \"c\") }\n"
      "provider one for remap(old, new) { do lua \"x.lua\" f(new, old) phase boot after "
      "prepare }\n"
      "provider pre for prepare(kernel) { do lua \"x.lua\" f(os.id, \"x\", kernel) }\n"
      "capture \"c\" { given os { id = \"me\" } known os }\n");
  g_autofree char *result = planning_run (planning);
  guint call = 0;

  g_assert_nonnull (result);
  g_assert_nonnull (planning->plan);
  g_assert_cmpuint (planning->plan->steps->len, ==, 2);
  for (guint i = 0; i < 2; i++) {
    const V2vStep *step = planning->plan->steps->pdata[i];

    g_assert_cmpuint (step->args->len, ==, i + 1);
    for (guint j = 0; j < step->args->len; j++, call++) {
      const GArray *args = step->args->pdata[j];

      g_assert_cmpuint (args->len, ==, call == 0 ? 3 : 2);
      for (guint k = 0; k < args->len; k++)
        g_assert_cmpstr (g_array_index (args, V2vValue, k).text, ==, expected[call][k]);
    }
  }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dispatch/implication", test_implication);
  g_test_add_func ("/dispatch/one", test_one);
  g_test_add_func ("/dispatch/over", test_over);
  g_test_add_func ("/dispatch/ambiguous", test_ambiguous);
  g_test_add_func ("/dispatch/choice", test_choice);
  g_test_add_func ("/dispatch/choice-of-all", test_choice_of_all);
  g_test_add_func ("/dispatch/missing", test_missing);
  g_test_add_func ("/dispatch/optional", test_optional);
  g_test_add_func ("/dispatch/all", test_all);
  g_test_add_func ("/dispatch/call-arguments", test_call_arguments);
  return g_test_run ();
}

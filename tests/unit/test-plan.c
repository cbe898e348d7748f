/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Plans: requests and their reasons, conflicts, refusals, what is not known, order, captures.
 */
#include "config.h"

#include <locale.h>
#include <string.h>

#include <glib/gstdio.h>

#include "load/load.h"
#include "plan-fixture.h"
#include "ruletest/ruletest.h"

#define DRIVERS                                                                                \
  "provider on for enable_driver(driver, kernel) { do lua \"x.lua\" f(driver, kernel) }\n"     \
  "provider off for disable_driver(driver, kernel) { do lua \"x.lua\" f(driver, kernel) }\n"

/* ---- requests ---- */

static void
test_merge (void)
{
  assert_plan ("rule a { each kernel as k {} do enable_driver(\"virtio_blk\", k.version) }\n"
               "rule b { do enable_driver(\"virtio_blk\", \"6.1\") do "
               "enable_driver(\"virtio_net\", \"6.1\") }\n" DRIVERS
               "capture \"c\" { given kernel { version = \"6.1\" } given kernel { version = "
               "\"5.10\" } known kernel }\n",
               "configure: enable_driver by provider on (test.v2v:4)\n"
               "  enable_driver(\"virtio_blk\", \"6.1\")\n"
               "    rule a (test.v2v:2) for kernel { version = \"6.1\" }\n"
               "    rule b (test.v2v:3)\n"
               "  enable_driver(\"virtio_blk\", \"5.10\")\n"
               "    rule a (test.v2v:2) for kernel { version = \"5.10\" }\n"
               "  enable_driver(\"virtio_net\", \"6.1\")\n"
               "    rule b (test.v2v:3)\n");
}

static void
test_unset_argument (void)
{
  assert_steps ("rule a { do say(os.id) }\n", "say say(unset)\n");
}

static void
test_direct (void)
{
  assert_plan ("rule a { do lua \"x.lua\" first(\"q\", os.id) }\n"
               "rule b { do xslt \"configure-x.xsl\" do xslt \"unconfigure-x.xsl\" }\n"
               "rule c { do xslt \"configure-x.xsl\" do lua \"x.lua\" boot() in boot }\n"
               "capture \"c\" { given os { id = \"me\" } known os }\n",
               "configure: lua \"x.lua\"\n"
               "  lua \"x.lua\" first(\"q\", \"me\")\n"
               "    rule a (test.v2v:2)\n"
               "boot: lua \"x.lua\"\n"
               "  lua \"x.lua\" boot()\n"
               "    rule c (test.v2v:4)\n"
               "unconfigure-metadata: xslt \"unconfigure-x.xsl\"\n"
               "  xslt \"unconfigure-x.xsl\"\n"
               "    rule b (test.v2v:3)\n"
               "configure-metadata: xslt \"configure-x.xsl\"\n"
               "  xslt \"configure-x.xsl\"\n"
               "    rule b (test.v2v:3)\n"
               "    rule c (test.v2v:4)\n");
}

/* ---- conflicts ---- */

static void
test_excludes (void)
{
  const char *text =
      "rule a { do enable_driver(\"x\", \"1\") do enable_driver(\"y\", \"1\") }\n"
      "rule b { do disable_driver(\"x\", \"1\") do disable_driver(\"x\", \"2\") }\n"
      "rule c { do disable_driver(\"x\", \"1\") }\n" DRIVERS;
  g_autofree char *shuffled = shuffled_plan (text);

  assert_plan (text,
               "error 78: requests of disable_driver and enable_driver contradict each other: "
               "one excludes the "
               "other (prelude.v2v:11)\n"
               "  disable_driver(\"x\", \"1\") by rule b (test.v2v:3), rule c (test.v2v:4)\n"
               "  enable_driver(\"x\", \"1\") by rule a (test.v2v:2)\n"
               "  make one of the rules exclude the case of the other\n");
  g_assert_true (g_str_has_prefix (shuffled, "error 78: requests of"));
  assert_steps (
      "rule a { do enable_driver(\"x\", \"1\") }\n"
      "rule b { do disable_driver(\"x\", \"2\") do disable_driver(\"y\", \"1\") }\n" DRIVERS,
      "on enable_driver(\"x\", \"1\")\n"
      "off disable_driver(\"x\", \"2\") disable_driver(\"y\", \"1\")\n");
}

static void
test_unique (void)
{
  assert_plan ("rule a { do remap(\"a\", \"b\") }\n"
               "rule b { do remap(\"b\", \"c\") do remap(\"a\", \"c\") }\n"
               "rule c { do remap(\"a\", \"b\") }\n"
               "provider p for remap(old, new) { do lua \"x.lua\" f() }\n",
               "error 78: two requests of remap contradict each other: it is unique on (old) "
               "(prelude.v2v:12)\n"
               "  remap(\"a\", \"b\") by rule a (test.v2v:2), rule c (test.v2v:4)\n"
               "  remap(\"a\", \"c\") by rule b (test.v2v:3)\n"
               "  make one of the rules exclude the case of the other\n");
  assert_steps ("rule a { do remap(\"a\", \"b\") do remap(\"b\", \"a\") }\n"
                "rule c { do remap(\"a\", \"b\") }\n"
                "provider p for remap(old, new) { do lua \"x.lua\" f() }\n",
                "p remap(\"a\", \"b\") remap(\"b\", \"a\")\n");
}

/* ---- fail and warn ---- */

static void
test_fail (void)
{
  assert_plan (
      "rule a { when os.type == windows fail \"no {os.type} guest, {os.id}\" }\n"
      "rule b { each kernel as k { flavour == xen } fail \"kernel {k.version} is for Xen\" }\n"
      "rule c { do say(\"x\") }\n"
      "capture \"c\" { given os { type = windows } given kernel { version = \"1\", flavour = "
      "xen }\n"
      "  given kernel { version = \"2\", flavour = xen } given kernel { version = \"3\" } "
      "known os, kernel }\n",
      "error 65: the rules refuse this guest:\n"
      "  rule a (test.v2v:2): no windows guest, (unset)\n"
      "  rule b (test.v2v:3): kernel 1 is for Xen\n"
      "  rule b (test.v2v:3): kernel 2 is for Xen\n");
}

static void
test_requests_read (void)
{
  static const char *const rules =
      "rule a { each kernel as k { flavour == xen } do disable_driver(\"x\", k.version) }\n"
      "rule last { no kernel { flavour != xen } some request disable_driver { driver == \"x\" "
      "}\n"
      "  fail \"no kernel would remain\" }\n"
      "rule each { each kernel as k { flavour != xen } no request disable_driver { kernel == "
      "k.version }\n"
      "  warn \"{k.version} stays\" }\n" DRIVERS
      "capture \"c\" { given kernel { version = \"1\", flavour = xen } %s known kernel }\n";
  g_autofree char *refused = g_strdup_printf (rules, "");
  g_autofree char *fine = g_strdup_printf (rules, "given kernel { version = \"2\" }");

  assert_plan (refused, "error 65: the rules refuse this guest:\n"
                        "  rule last (test.v2v:3): no kernel would remain\n");
  assert_steps (fine, "off disable_driver(\"x\", \"1\")\n"
                      "warning: rule each (test.v2v:5): 2 stays\n");
}

static void
test_hostile_message (void)
{
  assert_plan ("rule a { fail \"id {os.id}\" }\n"
               "capture \"c\" { given os { id = \"a\\nb\" } known os }\n",
               "error 65: the rules refuse this guest:\n"
               "  rule a (test.v2v:2): id a\\x0ab\n");
}

/* ---- what is not known ---- */

#define PROBES                                                                                 \
  "probe os provides os { lua \"x.lua\" os() }\n"                                              \
  "probe kernels provides kernel { when os.type == linux lua \"x.lua\" kernels(os.id) }\n"     \
  "probe tools provides initramfs { some kernel lua \"x.lua\" tools() }\n"

typedef struct {
  const char *type;
  guint runs;
  gboolean broken;
  char *seen; /* the argument that the probe of kernels got */
} Guest;

static gboolean
run_probe (const V2vProbe *probe, const V2vValue *args, V2vStore *store, gpointer data,
           GError **error)
{
  Guest *guest = data;
  const V2vFactDecl *decl = probe->provides->pdata[0];
  g_autofree V2vValue *values = g_new0 (V2vValue, decl->fields->len);

  guest->runs++;
  if (strcmp (probe->name, "os") == 0) {
    values[0] = v2v_value_text (guest->type);
    values[1] = v2v_value_text ("me");
  } else if (guest->broken) {
    g_set_error_literal (error, V2V_ERROR, V2V_EXIT_DATA, "it is broken");
    return FALSE;
  } else if (strcmp (probe->name, "kernels") == 0) {
    g_free (guest->seen);
    guest->seen = v2v_value_to_text (args[0]);
    values[0] = v2v_value_text ("6.1");
  } else {
    values[0] = v2v_value_text ("dracut");
  }
  return v2v_store_add (store, decl, values, "probe", NULL, error) != NULL;
}

static char *
probe_and_plan (const char *text, Guest *guest)
{
  g_autoptr (Planning) planning = planning_new (planning_prelude, text);

  planning->input.closed_world = FALSE;
  planning->input.run_probe = run_probe;
  planning->input.data = guest;
  return planning_run (planning);
}

static void
test_probes (void)
{
  Guest guest = {.type = "linux"};
  g_autofree char *result = probe_and_plan (
      PROBES "rule a { when os.type == linux each kernel as k {} do tell(k.version) }\n"
             "rule b { when initramfs.tool == dracut do say(\"dracut\") }\n",
      &guest);

  g_assert_cmpstr (result, ==,
                   "install: tell by provider tell (prelude.v2v:17)\n"
                   "  tell(\"6.1\")\n"
                   "    rule a (test.v2v:5) for kernel { version = \"6.1\" }\n"
                   "install: say by provider say (prelude.v2v:17)\n"
                   "  say(\"dracut\")\n"
                   "    rule b (test.v2v:6)\n");
  g_assert_cmpuint (guest.runs, ==, 3);
  g_assert_cmpstr (guest.seen, ==, "me");
  g_free (guest.seen);
}

static void
test_probe_fails (void)
{
  Guest guest = {.type = "linux", .broken = TRUE};
  g_autofree char *result = probe_and_plan (PROBES, &guest);

  g_assert_cmpstr (result, ==, "error 65: probe kernels (test.v2v:3): it is broken\n");
}

static void
test_unknown (void)
{
  Guest guest = {.type = "windows"};
  g_autofree char *excluded = probe_and_plan (
      PROBES
      "rule a { when os.type == linux each kernel as k {} do tell(k.version) }\n"
      "rule b { when os.type == linux and initramfs.tool == dracut do say(\"dracut\") }\n"
      "rule c { when initramfs.tool == dracut and os.type == linux do say(\"dracut\") }\n"
      "rule d { some kernel when os.type == linux do say(\"order of the clauses does not "
      "matter\") }\n",
      &guest);
  g_autofree char *read =
      probe_and_plan (PROBES "rule a { each kernel as k {} do tell(k.version) }\n"
                             "rule b { when initramfs.tool != dracut do say(\"no dracut\") }\n",
                      &guest);
  g_autofree char *no_probe =
      probe_and_plan ("rule a { each kernel as k {} do tell(k.version) }\n", &guest);

  g_assert_cmpstr (excluded, ==, "");
  g_assert_cmpuint (guest.runs, ==, 2);
  g_assert_cmpstr (
      read, ==,
      "error 78: rule a (test.v2v:5) reads kernel at test.v2v:5:25, but kernel is not known: "
      "probe "
      "kernels (test.v2v:3) needs os.type == linux; os.type is windows; exclude such guests by "
      "a "
      "\"when\" in the rule\n"
      "rule b (test.v2v:6) reads initramfs at test.v2v:6:15, but initramfs is not known: probe "
      "tools "
      "(test.v2v:4) needs some kernel { }: kernel is not known: probe kernels (test.v2v:3) "
      "needs os.type == "
      "linux; os.type is windows; exclude such guests by a \"when\" in the rule\n");
  /* Only rules could give kernels, and they are complete. */
  g_assert_cmpstr (no_probe, ==, "");
}

static void
test_unknown_in_capture (void)
{
  assert_plan (
      PROBES "rule a { when os.type == linux each kernel as k {} do tell(k.version) }\n"
             "capture \"c\" { given os { type = linux } probed os }\n",
      "error 65: rule a (test.v2v:5) reads kernel at test.v2v:5:47, but kernel is not "
      "known: probe kernels "
      "(test.v2v:3) did not run when the facts were captured; capture the facts of "
      "the guest again with "
      "these rules, or, if the capture was written by hand, say in it what was looked at "
      "(probed, asked, known)\n");
  assert_steps (PROBES "rule a { when os.type == linux no kernel do say(\"none\") }\n"
                       "capture \"c\" { given os { type = linux } probed os, kernels }\n",
                "say say(\"none\")\n");
}

static void
test_unknown_in_provider (void)
{
  Guest guest = {.type = "windows"};
  g_autofree char *result = probe_and_plan (
      PROBES "rule a { do update() }\n"
             "provider p for update() { when initramfs.tool == dracut do lua \"x.lua\" f() }\n",
      &guest);
  g_autofree char *excluded = probe_and_plan (
      PROBES "rule a { do update() }\n"
             "provider p for update() { when initramfs.tool == dracut and os.type == linux do "
             "lua \"x.lua\" f() }\n"
             "provider q for update() { when os.type == windows do lua \"x.lua\" f() }\n",
      &guest);

  g_assert_true (g_str_has_prefix (
      result, "error 78: provider p (test.v2v:6) reads initramfs at test.v2v:6:"));
  g_assert_cmpstr (excluded, ==,
                   "boot: update by provider q (test.v2v:7)\n"
                   "  update()\n"
                   "    rule a (test.v2v:5)\n");
}

static void
test_paths (void)
{
  static const char *const prelude =
      "v2v-rules 1\n"
      "fact file each from paths { path: path key  size: size }\n"
      "operation say(text: string) phase install dispatch one\n"
      "provider say for say(text) { do lua \"x.lua\" say(text) }\n";
  static const char *const format =
      "rule a { some file { path == \"/etc/a\" } do say(\"a\") }\n"
      "rule b { no file { path == \"/etc/b\" and size > 1KiB } do say(\"b\") }\n"
      "capture \"c\" { given file { path = \"/etc/a\", size = 1KiB } asked %s known file }\n";
  g_autofree char *all = g_strdup_printf (format, "\"/etc/a\", \"/etc/b\"");
  g_autofree char *some = g_strdup_printf (format, "\"/etc/a\"");
  g_autoptr (Planning) known = planning_new (prelude, all),
                       unknown = planning_new (prelude, some);
  g_autofree char *steps = planning_run (known), *error = planning_run (unknown);

  g_assert_nonnull (strstr (steps, "say(\"a\")"));
  g_assert_nonnull (strstr (steps, "say(\"b\")"));
  g_assert_cmpstr (
      error, ==,
      "error 65: rule b (test.v2v:3) reads file at test.v2v:3:28, but nothing "
      "asked the guest for the "
      "path \"/etc/b\"; capture the facts of the guest again with these rules, "
      "or, if the capture was written by hand, say in it what was looked at (probed, "
      "asked, known)\n");
}

/* ---- order ---- */

static void
test_phases (void)
{
  assert_steps ("rule a { do update() do prepare(\"1\") do relabel() do enable_driver(\"d\", "
                "\"1\") do say(\"x\") }\n"
                "provider up for update() { do lua \"x.lua\" f() }\n"
                "provider re for relabel() { do lua \"x.lua\" f() }\n"
                "provider pre for prepare(kernel) { do lua \"x.lua\" f() }\n" DRIVERS,
                "say say(\"x\")\n"
                "on enable_driver(\"d\", \"1\")\n"
                "pre prepare(\"1\")\n"
                "up update()\n"
                "re relabel()\n");
}

/* relabel comes after update, and that after prepare: so it is when nothing asks for update. */
static void
test_after_absent (void)
{
  assert_steps ("rule a { do relabel() do prepare(\"1\") do prepare(\"2\") }\n"
                "provider re for relabel() { do lua \"x.lua\" f() }\n"
                "provider pre for prepare(kernel) { do lua \"x.lua\" f() }\n",
                "pre prepare(\"1\")\n"
                "pre prepare(\"2\")\n"
                "re relabel()\n");
}

static void
test_provider_after (void)
{
  assert_steps ("rule a { do remap(\"a\", \"b\") }\n"
                "provider one for remap(old, new) { after three do lua \"x.lua\" f() }\n"
                "provider two for remap(old, new) { do lua \"x.lua\" f() }\n"
                "provider three for remap(old, new) { do lua \"x.lua\" f() }\n",
                "two remap(\"a\", \"b\")\n"
                "three remap(\"a\", \"b\")\n"
                "one remap(\"a\", \"b\")\n");
}

static void
test_provider_phase (void)
{
  assert_steps (
      "rule a { do remap(\"a\", \"b\") do prepare(\"1\") do update() }\n"
      "provider late for remap(old, new) { phase boot after update do lua \"x.lua\" f() }\n"
      "provider early for remap(old, new) { do lua \"x.lua\" f() }\n"
      "provider up for update() { do lua \"x.lua\" f() }\n"
      "provider pre for prepare(kernel) { do lua \"x.lua\" f() }\n",
      "early remap(\"a\", \"b\")\n"
      "pre prepare(\"1\")\n"
      "up update()\n"
      "late remap(\"a\", \"b\")\n");
}

static void
test_circle (void)
{
  assert_plan_begins (
      "rule a { do remap(\"a\", \"b\") do enable_driver(\"d\", \"1\") }\n"
      "provider one for remap(old, new) { after enable_driver do lua \"x.lua\" f() }\n"
      "provider two for enable_driver(driver, kernel) { after remap do lua \"x.lua\" f() }\n",
      "error 78: the steps of phase configure cannot be put in order: ");
}

static void
test_many_steps (void)
{
  g_autoptr (GString) text = g_string_new (NULL), expected = g_string_new (NULL);

  for (guint i = 500; i > 0; i--)
    g_string_append_printf (text, "rule r%u { do update() do prepare(\"%u\") }\n", i, i);
  g_string_append (text, "provider up for update() { do lua \"x.lua\" f() }\n"
                         "provider pre for prepare(kernel) { do lua \"x.lua\" f() }\n");
  for (guint i = 500; i > 0; i--)
    g_string_append_printf (expected, "pre prepare(\"%u\")\n", i);
  g_string_append (expected, "up update()\n");
  assert_steps (text->str, expected->str);
}

/* Rules of others may be of any length. */
static void
test_long_rules (void)
{
  g_autoptr (GString) text = g_string_new ("rule a {\n");

  for (guint i = 0; i < 100000; i++)
    g_string_append (text, "each kernel {}\n");
  g_string_append (text, "do say(\"x\") do o0() }\n");
  for (guint i = 0; i < 100000; i++)
    g_string_append_printf (text, "operation o%u() phase boot dispatch one { after o%u }\n", i,
                            i + 1);
  g_string_append (text, "operation o100000() phase boot dispatch one\n"
                         "provider o for o0() { do lua \"x.lua\" f() }\n"
                         "capture \"c\" { given kernel { version = \"1\" } known kernel }\n");
  assert_steps (text->str, "say say(\"x\")\n"
                           "o o0()\n");
}

/* ---- captures ---- */

static void
test_round_trip (void)
{
  g_autoptr (Planning) planning = planning_new (
      planning_prelude,
      PROBES "rule a { when os.id == \"me\" assert os.family = rhel }\n"
             "rule t { each package as p {} assert tag { name = p.name } }\n"
             "rule s { when os.family == rhel each kernel as k { flavour != xen } each tag as "
             "t {} do say(t.name) }\n"
             "rule u { each kernel as k { flavour != xen } assert k.usable = true do "
             "prepare(k.version) }\n"
             "provider pre for prepare(kernel) { do lua \"x.lua\" f(kernel) }\n"
             "capture \"first\" { given os { type = linux, id = \"me\", major = 8 } given "
             "package { name = \"q\\\"\", version = \"1:2\" }\n"
             "  given package { name = \"b\" } given kernel { version = \"6.1\" } given kernel "
             "{ version = \"5\", flavour = xen }\n"
             "  given initramfs { tool = dracut } probed os, kernels, tools known package }\n");
  g_autofree char *first = planning_run (planning), *rules = NULL, *path = NULL, *again = NULL,
                  *second = NULL;
  g_autofree char *json = NULL, *text = NULL;
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  g_autoptr (JsonNode) node = NULL;
  const V2vCapture *capture;

  g_assert_nonnull (planning->plan);
  g_assert_nonnull (strstr (first, "say(\"q\\\"\")"));
  rules = v2v_store_to_rules (planning->store, "second");
  path = g_build_filename (planning->dir, "capture.v2v", NULL);
  g_assert_true (g_file_set_contents (path, rules, -1, NULL));
  capture = v2v_ruleset_read_capture (planning->rules, path, diags);
  text = v2v_diags_to_string (diags);
  g_assert_cmpstr (text, ==, "");
  g_assert_nonnull (capture);
  g_clear_pointer (&planning->store, v2v_store_free);
  planning->store = v2v_store_new (planning->rules->schema);
  planning->input.store = planning->store;
  g_assert_true (v2v_capture_apply (capture, planning->store, &planning->error));
  second = planning_run (planning);
  g_assert_cmpstr (second, ==, first);
  again = v2v_store_to_rules (planning->store, "second");
  g_assert_cmpstr (again, ==, rules);
  node = v2v_plan_to_json (planning->plan);
  json = json_to_string (node, FALSE);
  g_assert_nonnull (strstr (json, "\"provider\":{\"name\":\"pre\""));
  g_assert_nonnull (strstr (json, "\"bindings\":[\"kernel { version = \\\"6.1\\\" }\"]"));
  g_assert_cmpint (g_remove (path), ==, 0);
}

/* ---- tests in rule files ---- */

static void
assert_rule_test (Planning *planning, const char *name, const char *expected)
{
  for (guint i = 0; i < planning->rules->tests->len; i++) {
    const V2vTest *test = planning->rules->tests->pdata[i];
    g_autofree char *why = NULL;
    gboolean ok;

    if (strcmp (test->name, name) != 0)
      continue;
    ok = v2v_rule_test_run (planning->rules, test, &(V2vTestRun){0}, &why);
    g_test_message ("%s", name);
    g_assert_cmpint (ok, ==, expected == NULL);
    if (expected && !strstr (why, expected))
      g_assert_cmpstr (why, ==, expected);
    return;
  }
  g_error ("there is no test %s", name);
}

static void
test_rule_tests (void)
{
  g_autoptr (Planning) planning = planning_new (
      planning_prelude,
      "rule a { when os.id == \"me\" assert os.family = rhel do enable_driver(\"d\", \"1\") do "
      "say(\"x\") }\n"
      "rule w { when os.id == \"me\" warn \"take care of {os.id}\" }\n"
      "rule f { when os.type == windows fail \"no windows\" }\n"
      "rule u { when os.id == \"twice\" assert os.grade = \"1\" }\n"
      "rule v { when os.id == \"twice\" assert os.grade = \"2\" }\n"
      "provider dr for enable_driver(driver, kernel) { when initramfs.tool == dracut do lua "
      "\"x.lua\" f() }\n"
      "provider mk for enable_driver(driver, kernel) { when initramfs.tool == mkinitrd do lua "
      "\"x.lua\" f() }\n"
      "test \"yes\" { given os { id = \"me\" } given initramfs.tool = dracut expect "
      "enable_driver(\"d\", \"1\")\n"
      "  expect enable_driver expect no prepare expect no say(\"y\") expect no fail expect "
      "warn \"*care*\"\n"
      "  expect provider dr for enable_driver expect os.family == rhel expect no kernel }\n"
      "test \"request\" { expect say }\n"
      "test \"args\" { given os.id = \"me\" expect say(\"y\") }\n"
      "test \"no request\" { given os.id = \"me\" expect no say }\n"
      "test \"lenient\" { given os.id = \"me\" given os.type = windows expect say }\n"
      "test \"refused\" { given os.type = windows expect fail \"no win*\" }\n"
      "test \"no refusal\" { given os.type = windows expect no fail }\n"
      "test \"no provider\" { given os.id = \"me\" expect no fail }\n"
      "test \"other refusal\" { given os.type = windows expect fail \"x\" }\n"
      "test \"quiet\" { expect warn }\n"
      "test \"not quiet\" { given os.id = \"me\" expect no warn }\n"
      "test \"other provider\" { given os.id = \"me\" given initramfs.tool = dracut expect "
      "provider mk for enable_driver }\n"
      "test \"unbound\" { given os.id = \"me\" expect provider mk for enable_driver }\n"
      "test \"condition\" { given os.id = \"me\" expect os.family == suse }\n"
      "test \"some\" { expect some kernel { version == \"1\" } }\n"
      "test \"contradiction\" { given os.id = \"twice\" expect no say }\n"
      "test \"contradiction expected\" { given os.id = \"twice\" expect fail \"*two values*\" "
      "}\n");

  assert_rule_test (planning, "yes", NULL);
  assert_rule_test (planning, "request",
                    "expected say, but there is no such request:\n  no rule requests say");
  assert_rule_test (
      planning, "args",
      "expected say(\"y\"), but there is no such request:\n  say(\"x\") by rule a (");
  assert_rule_test (planning, "no request",
                    "expected no say, but there is:\n  say(\"x\") by rule a (");
  assert_rule_test (planning, "lenient", NULL);
  assert_rule_test (planning, "refused", NULL);
  assert_rule_test (planning, "no refusal", "expected no fail, but there is:\n  no windows");
  assert_rule_test (planning, "no provider",
                    "expected no fail, but no provider of enable_driver fits this guest");
  assert_rule_test (planning, "other refusal",
                    "expected fail \"x\", but there is:\n  no windows");
  assert_rule_test (planning, "quiet", "expected warn, but there is none");
  assert_rule_test (planning, "not quiet",
                    "expected no warn, but there is:\n  take care of me");
  assert_rule_test (planning, "other provider",
                    "expected provider mk for enable_driver, but it is provider dr (");
  assert_rule_test (planning, "unbound", "initramfs.tool is unset");
  assert_rule_test (planning, "condition",
                    "does not hold: it needs os.family == suse; os.family is rhel");
  assert_rule_test (planning, "some",
                    "expected some kernel { version == \"1\" }, but it does not hold");
  assert_rule_test (planning, "contradiction", "planning fails: os.grade has two values");
  assert_rule_test (planning, "contradiction expected", NULL);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plan/merge", test_merge);
  g_test_add_func ("/plan/unset-argument", test_unset_argument);
  g_test_add_func ("/plan/direct", test_direct);
  g_test_add_func ("/plan/excludes", test_excludes);
  g_test_add_func ("/plan/unique", test_unique);
  g_test_add_func ("/plan/fail", test_fail);
  g_test_add_func ("/plan/requests-read", test_requests_read);
  g_test_add_func ("/plan/hostile-message", test_hostile_message);
  g_test_add_func ("/plan/probes", test_probes);
  g_test_add_func ("/plan/probe-fails", test_probe_fails);
  g_test_add_func ("/plan/unknown", test_unknown);
  g_test_add_func ("/plan/unknown-in-capture", test_unknown_in_capture);
  g_test_add_func ("/plan/unknown-in-provider", test_unknown_in_provider);
  g_test_add_func ("/plan/paths", test_paths);
  g_test_add_func ("/order/phases", test_phases);
  g_test_add_func ("/order/after-absent", test_after_absent);
  g_test_add_func ("/order/provider-after", test_provider_after);
  g_test_add_func ("/order/provider-phase", test_provider_phase);
  g_test_add_func ("/order/circle", test_circle);
  g_test_add_func ("/order/many-steps", test_many_steps);
  g_test_add_func ("/order/long-rules", test_long_rules);
  g_test_add_func ("/capture/round-trip", test_round_trip);
  g_test_add_func ("/rule-tests/all", test_rule_tests);
  return g_test_run ();
}

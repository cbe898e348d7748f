/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Loads rule text and plans from it.
 */
#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "load/load.h"
#include "plan-fixture.h"

const char *const planning_prelude =
    "v2v-rules 1\n"
    "enum tool { dracut mkinitrd initramfs-tools }\n"
    "fact os { type: enum(linux, windows)  id: string  major: int  family: enum(rhel, debian, "
    "suse) derived\n"
    "  grade: string derived  package-format: enum(rpm, deb) }\n"
    "fact initramfs { tool: tool }\n"
    "fact package each { name: string key  version: package-version }\n"
    "fact kernel each { version: plain-version key  flavour: enum(plain, xen)  usable: bool "
    "derived }\n"
    "fact tag each derived { name: string key } fact module each { kernel: plain-version key  "
    "name: string key }\n"
    "operation enable_driver(driver: string, kernel: plain-version) phase configure dispatch "
    "one batch\n"
    "operation disable_driver(driver: string, kernel: plain-version) phase configure dispatch "
    "one batch\n"
    "  { excludes enable_driver on (driver, kernel) }\n"
    "operation remap(old: string, new: string) phase configure dispatch all batch { unique on "
    "(old) }\n"
    "operation prepare(kernel: plain-version) phase boot dispatch one\n"
    "operation update() phase boot dispatch one { after prepare }\n"
    "operation relabel() phase boot dispatch one optional { after update }\n"
    "operation say(text: string) phase install dispatch one { } operation tell(version: "
    "plain-version) phase install dispatch one\n"
    "provider say for say(text) { do lua \"x.lua\" say(text) } provider tell for tell(version) "
    "{ do lua \"x.lua\" tell(version) }\n";

static void
write_file (const char *dir, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static void
remove_file (const char *dir, const char *name)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);

  g_assert_cmpint (g_remove (path), ==, 0);
}

static const char *const files[] = {"lua/x.lua", "xslt/configure-x.xsl",
                                    "xslt/unconfigure-x.xsl", "rules/prelude.v2v",
                                    "rules/test.v2v"};
static const char *const directories[] = {"lua", "xslt", "rules", ""};

static void
tree_free (gpointer data)
{
  g_free (((V2vRuleDir *)data)->path);
  g_free (data);
}

Planning *
planning_new (const char *prelude, const char *text)
{
  Planning *planning = g_new0 (Planning, 1);
  g_autoptr (GPtrArray) trees = g_ptr_array_new_with_free_func (tree_free);
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  g_autofree char *all = g_strconcat ("v2v-rules 1\n", text, NULL);
  g_autofree char *found = NULL;
  V2vRuleDir *tree = g_new0 (V2vRuleDir, 1);
  g_autoptr (GError) error = NULL;

  planning->dir = g_dir_make_tmp ("planning-XXXXXX", &error);
  g_assert_no_error (error);
  write_file (planning->dir, files[0], "return {}\n");
  for (guint i = 1; i < 3; i++)
    write_file (planning->dir, files[i], "<x/>\n");
  write_file (planning->dir, files[3], prelude ? prelude : "v2v-rules 1\n");
  write_file (planning->dir, files[4], all);
  tree->path = g_strdup (planning->dir);
  tree->shipped = TRUE;
  g_ptr_array_add (trees, tree);
  planning->rules = v2v_ruleset_load (g_steal_pointer (&trees), NULL, TRUE, NULL, diags);
  found = v2v_diags_to_string (diags);
  if (!planning->rules)
    g_error ("the rules of this test have errors:\n%s", found);
  planning_reset (planning);
  return planning;
}

void
planning_reset (Planning *planning)
{
  g_clear_pointer (&planning->plan, v2v_plan_free);
  g_clear_pointer (&planning->store, v2v_store_free);
  g_clear_error (&planning->error);
  planning->store = v2v_store_new (planning->rules->schema);
  planning->input = (V2vPlanInput){.rules = planning->rules, .store = planning->store};
  if (planning->rules->captures->len > 0) {
    v2v_capture_apply (planning->rules->captures->pdata[0], planning->store, &planning->error);
    g_assert_no_error (planning->error);
  } else {
    planning->input.closed_world = TRUE;
  }
}

void
planning_free (Planning *planning)
{
  v2v_plan_free (planning->plan);
  v2v_store_free (planning->store);
  v2v_ruleset_free (planning->rules);
  g_clear_error (&planning->error);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    remove_file (planning->dir, files[i]);
  for (guint i = 0; i < G_N_ELEMENTS (directories); i++)
    remove_file (planning->dir, directories[i]);
  g_free (planning->dir);
  g_free (planning);
}

/* TEXT without the directory of the rules: places differ from run to run otherwise. */
static char *
without_dir (const Planning *planning, const char *text)
{
  g_autofree char *dir = g_strconcat (planning->dir, "/rules/", NULL);
  g_auto (GStrv) pieces = g_strsplit (text, dir, -1);

  return g_strjoinv ("", pieces);
}

char *
planning_run (Planning *planning)
{
  g_autofree char *text = NULL;

  g_clear_pointer (&planning->plan, v2v_plan_free);
  g_clear_error (&planning->error);
  planning->plan = v2v_plan_make (&planning->input, &planning->error);
  if (planning->plan)
    text = v2v_plan_to_text (planning->plan);
  else
    text = g_strdup_printf ("error %d: %s\n", planning->error->code, planning->error->message);
  return without_dir (planning, text);
}

char *
planning_value (Planning *planning, const char *fact, const char *field)
{
  const V2vFactDecl *decl = v2v_schema_fact (planning->rules->schema, fact);

  return v2v_value_to_text (v2v_store_single (planning->store, decl)
                                ->values[v2v_fact_decl_field (decl, field)->index]);
}

guint
planning_count (Planning *planning, const char *fact)
{
  return v2v_store_facts (planning->store, v2v_schema_fact (planning->rules->schema, fact))
      ->len;
}

static char *
steps_text (const V2vPlan *plan)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < plan->steps->len; i++) {
    const V2vStep *step = g_ptr_array_index (plan->steps, i);

    g_string_append (text, step->provider ? step->provider->name : "direct");
    for (guint j = 0; j < step->requests->len; j++) {
      g_autofree char *request = v2v_request_text (step->requests->pdata[j]);

      g_string_append_printf (text, " %s", request);
    }
    g_string_append_c (text, '\n');
  }
  for (guint i = 0; i < plan->warnings->len; i++)
    g_string_append_printf (text, "warning: %s\n", (char *)plan->warnings->pdata[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

void
assert_steps (const char *text, const char *expected)
{
  g_autoptr (Planning) planning = planning_new (planning_prelude, text);
  g_autofree char *result = planning_run (planning);

  if (planning->plan) {
    g_autofree char *steps = steps_text (planning->plan),
                    *plain = without_dir (planning, steps);

    g_assert_cmpstr (plain, ==, expected);
  } else {
    g_assert_cmpstr (result, ==, expected);
  }
}

void
assert_plan (const char *text, const char *expected)
{
  g_autoptr (Planning) planning = planning_new (planning_prelude, text);
  g_autofree char *result = planning_run (planning);

  g_assert_cmpstr (result, ==, expected);
}

void
assert_plan_begins (const char *text, const char *expected)
{
  g_autoptr (Planning) planning = planning_new (planning_prelude, text);
  g_autofree char *result = planning_run (planning);

  if (!g_str_has_prefix (result, expected))
    g_assert_cmpstr (result, ==, expected);
}

char *
shuffled_plan (const char *text)
{
  g_autoptr (Planning) planning = planning_new (planning_prelude, text);
  g_autofree char *first = planning_run (planning);
  g_autofree char *facts = v2v_store_to_text (planning->store);

  for (guint seed = 1; seed <= 200; seed++) {
    g_autofree char *result = NULL, *now = NULL;

    planning_reset (planning);
    planning->input.shuffle = seed;
    result = planning_run (planning);
    now = v2v_store_to_text (planning->store);
    g_assert_cmpstr (result, ==, first);
    if (planning->plan)
      g_assert_cmpstr (now, ==, facts);
  }
  return g_steal_pointer (&first);
}

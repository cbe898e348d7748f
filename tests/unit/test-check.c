/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The checker: what the rules mean after loading.
 */
#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "lang/ruleset.h"

/* The rules of this source tree, and TEXT as one more file. */
static V2vRuleSet *
load (const char *text, V2vDiags *diags)
{
  const char *tmp = g_getenv ("V2V_TEST_TMPDIR");
  g_autofree char *path =
      g_build_filename (tmp != NULL ? tmp : g_get_tmp_dir (), "test-check.v2v", NULL);
  const char *files[] = {path, NULL};
  g_autoptr (GPtrArray) trees = NULL;
  V2vRuleSet *rules;

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  trees = v2v_rule_trees_default (NULL);
  rules = v2v_ruleset_load (trees, files, TRUE, NULL, diags);
  g_unlink (path);
  return rules;
}

static V2vRuleSet *
load_good (const char *text)
{
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  V2vRuleSet *rules = load (text, diags);
  g_autofree char *all = v2v_diags_to_string (diags);

  g_assert_cmpstr (all, ==, "");
  g_assert_nonnull (rules);
  return rules;
}

static V2vRule *
find_rule (const V2vRuleSet *rules, const char *name)
{
  for (guint i = 0; i < rules->rules->len; i++) {
    V2vRule *rule = g_ptr_array_index (rules->rules, i);

    if (strcmp (rule->name, name) == 0)
      return rule;
  }
  return NULL;
}

static void
test_shipped (void)
{
  g_autoptr (V2vRuleSet) rules = load_good ("v2v-rules 1\n");
  const V2vFactDecl *disk = v2v_schema_fact (rules->schema, "disk");

  g_assert_nonnull (disk);
  g_assert_true (disk->multiple);
  g_assert_cmpint (disk->origin, ==, V2V_ORIGIN_DOMAIN);
  g_assert_cmpstr (v2v_fact_decl_field (disk, "target")->from, ==, "target/@dev");
  g_assert_true (v2v_fact_decl_field (disk, "target")->key);
  g_assert_nonnull (g_hash_table_lookup (rules->operations_by_name, "enable_driver"));
}

static void
test_rule (void)
{
  static const char text[] = "v2v-rules 1\n"
                             "let test.xen = source.hypervisor == xen and source.virt == pv\n"
                             "rule test.one {\n"
                             "  describe \"why\"\n"
                             "  when test.xen or os.arch in [amd64, i686]\n"
                             "  each kernel as k { flavour != xen and image is set }\n"
                             "  no file { path == \"/etc/fstab\" and size > 4KiB }\n"
                             "  some package { version >= \"1.0\" }\n"
                             "  assert k.usable = true\n"
                             "  default target.disk-bus = virtio\n"
                             "  warn \"{{{k.version} of {os.id}}}\"\n"
                             "}\n";
  g_autoptr (V2vRuleSet) rules = load_good (text);
  const V2vRule *rule = find_rule (rules, "test.one");
  static const char *const clauses[] = {"when test.xen or os.arch in [x86_64, i386]",
                                        "each kernel as k { flavour != xen and image is set }",
                                        "no file { path == \"/etc/fstab\" and size > 4KiB }",
                                        "some package { version >= \"1.0\" }"};
  const V2vHead *head;

  g_assert_nonnull (rule);
  g_assert_cmpstr (rule->describe, ==, "why");
  g_assert_cmpstr (rule->origin, ==, "test-check.v2v");
  g_assert_cmpuint (rule->place.line, ==, 3);
  g_assert_cmpuint (rule->variables, ==, 1);
  g_assert_cmpuint (rule->clauses->len, ==, G_N_ELEMENTS (clauses));
  for (guint i = 0; i < rule->clauses->len; i++) {
    g_autofree char *clause = v2v_clause_text (g_ptr_array_index (rule->clauses, i));

    g_assert_cmpstr (clause, ==, clauses[i]);
  }
  head = g_ptr_array_index (rule->heads, 0);
  g_assert_cmpint (head->kind, ==, V2V_HEAD_ASSERT_FIELD);
  g_assert_true (head->on_variable);
  g_assert_cmpstr (head->field->name, ==, "usable");
  head = g_ptr_array_index (rule->heads, 1);
  g_assert_cmpint (head->kind, ==, V2V_HEAD_DEFAULT);
  g_assert_cmpstr (head->value.value.text, ==, "virtio");
  head = g_ptr_array_index (rule->heads, 2);
  g_assert_cmpuint (head->message->operands->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (head->message->texts, 0), ==, "{");
  g_assert_cmpstr (g_ptr_array_index (head->message->texts, 1), ==, " of ");
  g_assert_cmpstr (g_ptr_array_index (head->message->texts, 2), ==, "}");
  g_assert_cmpint (g_array_index (head->message->operands, V2vOperand, 0).kind, ==,
                   V2V_OPERAND_VAR);

  for (guint i = 0; i < rules->paths->len; i++)
    if (strcmp (g_ptr_array_index (rules->paths, i), "/etc/fstab") == 0)
      return;
  g_assert_not_reached ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_setenv ("V2V_ENGINE_DATA_DIR", g_getenv ("V2V_TEST_SRCDIR"), TRUE);
  g_test_add_func ("/check/shipped", test_shipped);
  g_test_add_func ("/check/rule", test_rule);
  return g_test_run ();
}

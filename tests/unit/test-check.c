/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The checker: what the rules mean after loading.
 */
#include "config.h"

#include <time.h>

#include "load/load.h"
#include "rules-fixture.h"

/* The rules of this source tree, and TEXT (after its header) as one more file. */
static V2vRuleSet *
load_good (const char *text)
{
  g_autofree char *directory = fixture_directory ();
  g_autofree char *path = g_build_filename (directory, "test-check.v2v", NULL);
  g_autofree char *whole = g_strconcat ("v2v-rules 1\n", text, NULL);
  const char *files[] = {path, NULL};
  g_autoptr (GPtrArray) trees = NULL;
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  V2vRuleSet *rules;
  g_autofree char *report = NULL;

  fixture_write (directory, "test-check.v2v", whole, -1);
  g_setenv ("V2V_ENGINE_DATA_DIR", g_getenv ("V2V_TEST_SRCDIR"), TRUE);
  trees = v2v_rule_dirs_default (NULL);
  rules = v2v_ruleset_load (trees, files, TRUE, NULL, diags);
  report = v2v_diags_to_string (diags);
  g_assert_cmpstr (report, ==, "");
  g_assert_nonnull (rules);
  fixture_remove (directory);
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
  g_autoptr (V2vRuleSet) rules = load_good ("");
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
  static const char text[] = "let test.xen = source.hypervisor == xen and source.virt == pv\n"
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

#define FACTS                                                                                  \
  "fact a { x: int  d: string derived  v: plain-version  e: enum(one, two) from-rules: bool "  \
  "derived }\n"                                                                                \
  "fact many each { n: string key  v: plain-version }\n"                                       \
  "fact made each derived { t: string key  u: int }\n"                                         \
  "fact file each from paths { path: path key  size: size }\n"                                 \
  "fact option from options { }\n"                                                             \
  "operation one(name: string, version: plain-version) phase configure dispatch one batch {\n" \
  "  \"does one\" excludes two on (name) unique on () }\n"                                     \
  "operation two(what: int, name: string) phase boot dispatch all optional { after one }\n"    \
  "provider p for one(name, version) { when a.e == two and name == \"x\"\n"                    \
  "  some many { n == name and v >= version } do lua \"x.lua\" f(version, name) }\n"           \
  "provider q for one(name, version) { over p after two phase boot do lua \"x.lua\" g() }\n"   \
  "provider q for two(what, name) { after q do lua \"x.lua\" h(what, a.v, \"text\", 5) }\n"

static void
test_operations (void)
{
  g_autoptr (V2vRuleSet) rules = fixture_load_text (FACTS);
  const V2vOperation *one = g_hash_table_lookup (rules->operations_by_name, "one");
  const V2vOperation *two = g_hash_table_lookup (rules->operations_by_name, "two");
  const GPtrArray *named = g_hash_table_lookup (rules->providers_by_name, "q");
  const V2vConflict *conflict;
  const V2vProvider *p, *q;
  const V2vExpr *where;

  g_assert_cmpstr (one->doc, ==, "does one");
  g_assert_true (one->batch && !one->optional && one->dispatch == V2V_DISPATCH_ONE);
  g_assert_true (!two->batch && two->optional && two->dispatch == V2V_DISPATCH_ALL);
  g_assert_cmpint (two->phase, ==, V2V_PHASE_BOOT);
  g_assert_true (g_ptr_array_index (two->after_operations, 0) == one);
  conflict = g_ptr_array_index (one->conflicts, 0);
  g_assert_true (conflict->other == two && !conflict->unique);
  g_assert_cmpuint (g_array_index (conflict->params, guint, 0), ==, 0);
  g_assert_cmpuint (g_array_index (conflict->other_params, guint, 0), ==, 1);
  conflict = g_ptr_array_index (one->conflicts, 1);
  g_assert_true (conflict->other == one && conflict->unique && conflict->params->len == 0);

  g_assert_cmpuint (named->len, ==, 2);
  g_assert_cmpuint (one->providers->len, ==, 2);
  p = g_ptr_array_index (one->providers, 0);
  q = g_ptr_array_index (one->providers, 1);
  g_assert_true (g_ptr_array_index (q->over, 0) == p);
  g_assert_true (g_ptr_array_index (q->after_operations, 0) == two);
  g_assert_cmpint (p->phase, ==, V2V_PHASE_CONFIGURE);
  g_assert_cmpint (q->phase, ==, V2V_PHASE_BOOT);
  g_assert_cmpstr (p->call->function, ==, "f");
  g_assert_true (g_str_has_suffix (p->call->path, "/t/lua/x.lua"));
  g_assert_cmpstr (g_ptr_array_index (p->call->arg_names, 0), ==, "version");
  g_assert_cmpuint (g_array_index (p->call->args, V2vOperand, 0).slot, ==, 1);
  /* In a provider, a parameter wins over words; on the left of a block, the field. */
  where = ((V2vClause *)g_ptr_array_index (p->clauses, 1))->where->left;
  g_assert_cmpint (where->subject.kind, ==, V2V_OPERAND_SELF);
  g_assert_cmpint (g_array_index (where->values, V2vOperand, 0).kind, ==, V2V_OPERAND_PARAM);
  q = g_ptr_array_index (two->providers, 0);
  /* Of its own name it comes after the other one only. */
  g_assert_cmpuint (q->after_providers->len, ==, 1);
  g_assert_null (g_ptr_array_index (q->call->arg_names, 1));
  g_assert_cmpint (g_array_index (q->call->args, V2vOperand, 1).kind, ==, V2V_OPERAND_FIELD);
  g_assert_cmpint (g_array_index (q->call->args, V2vOperand, 3).value.number, ==, 5);
}

/* Equal calls are one operation, so that requests merge. */
static void
test_direct (void)
{
  g_autoptr (V2vRuleSet) rules = fixture_load_text (
      FACTS
      "rule a { do lua \"x.lua\" f(a.d) do lua \"x.lua\" f(\"x\") do lua \"x.lua\" f(a.x)\n"
      "  do lua \"x.lua\" f(\"x\") in boot do lua \"x.lua\" g(\"x\")\n"
      "  do xslt \"configure-x.xsl\" }\n"
      "rule b { do xslt \"configure-x.xsl\" do xslt \"configure-x.xsl\" in "
      "unconfigure-metadata }\n");
  const V2vRule *a = find_rule (rules, "a"), *b = find_rule (rules, "b");
#define OPERATION(rule, number)                                                                \
  (((V2vHead *)g_ptr_array_index ((rule)->heads, number))->operation)
  const V2vOperation *first = OPERATION (a, 0);

  g_assert_cmpstr (first->name, ==, "lua \"x.lua\" f");
  g_assert_cmpint (first->phase, ==, V2V_PHASE_CONFIGURE);
  g_assert_cmpstr (first->direct->function, ==, "f");
  g_assert_cmpuint (first->params->len, ==, 1);
  g_assert_cmpint (g_array_index (first->direct->args, V2vOperand, 0).kind, ==,
                   V2V_OPERAND_PARAM);
  g_assert_true (OPERATION (a, 1) == first);
  g_assert_true (OPERATION (a, 2) != first);
  g_assert_true (OPERATION (a, 3) != first);
  g_assert_cmpint (OPERATION (a, 3)->phase, ==, V2V_PHASE_BOOT);
  g_assert_true (OPERATION (a, 4) != first);
  g_assert_true (OPERATION (a, 5) == OPERATION (b, 0));
  g_assert_true (OPERATION (a, 5)->is_xslt);
  g_assert_cmpint (OPERATION (b, 0)->phase, ==, V2V_PHASE_CONFIGURE_METADATA);
  g_assert_cmpint (OPERATION (b, 1)->phase, ==, V2V_PHASE_UNCONFIGURE_METADATA);
#undef OPERATION
}

static void
test_options (void)
{
  g_autoptr (V2vRuleSet) rules =
      fixture_load_text (FACTS "option quick flag { describe \"be quick\" }\n"
                               "option how enum(one, two) { metavar \"HOW\" }\n"
                               "option many int\n"
                               "rule r { when option.quick == true and option.how == two and "
                               "option.many > 3 warn \"x\" }\n");
  const V2vOption *quick = g_ptr_array_index (rules->options, 0);
  const V2vOption *how = g_ptr_array_index (rules->options, 1);

  g_assert_cmpuint (rules->options->len, ==, 3);
  g_assert_cmpint (quick->kind, ==, V2V_OPTION_FLAG);
  g_assert_cmpint (quick->field->type.kind, ==, V2V_TYPE_BOOL);
  g_assert_cmpstr (quick->describe, ==, "be quick");
  g_assert_cmpint (how->kind, ==, V2V_OPTION_VALUE);
  g_assert_cmpstr (how->metavar, ==, "HOW");
  g_assert_true (v2v_enum_has (how->field->type.words, "two"));
}

static void
test_paths (void)
{
  g_autoptr (V2vRuleSet) rules = fixture_load_text (
      FACTS "rule r { some file { path == \"/b\" } no file { path in [\"/c\", \"/a\"] and size "
            "> 1KiB }\n"
            "  each file as f { path == \"/d\" or path == \"/a\" } warn \"{f.path}\" }\n"
            "test \"not asked\" { expect some file { path ~ \"/e*\" } }\n");

  g_assert_cmpuint (rules->paths->len, ==, 4);
  g_assert_cmpstr (g_ptr_array_index (rules->paths, 0), ==, "/a");
  g_assert_cmpstr (g_ptr_array_index (rules->paths, 3), ==, "/d");
}

static void
test_names (void)
{
  g_autoptr (V2vRuleSet) rules =
      fixture_load_text (FACTS "enum colour { red green }\n"
                               "fact c { colour: colour }\n"
                               "name colour blue also azure \"as the sky\"\n"
                               "name colour red also crimson\n"
                               "name a.e 3rd\n"
                               "rule r { when c.colour == azure and a.e == 3rd warn \"x\" }\n");
  const V2vRule *rule = find_rule (rules, "r");
  g_autofree char *clause = v2v_clause_text (g_ptr_array_index (rule->clauses, 0));
  const V2vEnum *colour = g_hash_table_lookup (rules->schema->enums, "colour");

  g_assert_cmpstr (clause, ==, "when c.colour == blue and a.e == \"3rd\"");
  g_assert_cmpstr (v2v_enum_canonical (colour, "crimson"), ==, "red");
  g_assert_cmpstr (g_hash_table_lookup (colour->docs, "blue"), ==, "as the sky");
}

static void
test_tests (void)
{
  g_autoptr (V2vRuleSet) rules =
      fixture_load_text (FACTS "let is-one = a.e == one\n"
                               "test \"t\" {\n"
                               "  given a { e = \"unheard of\", x = 5 }\n"
                               "  given a.v = \"1\"\n"
                               "  expect one\n"
                               "  expect two(5, \"x\")\n"
                               "  expect no two\n"
                               "  expect no many\n"
                               "  expect is-one\n"
                               "  expect provider q for two\n"
                               "  expect no warn \"*\"\n"
                               "}\n");
  const V2vTest *test = g_ptr_array_index (rules->tests, 0);
  const V2vGiven *given = g_ptr_array_index (test->given, 0);
  static const V2vExpectKind kinds[] = {
      V2V_EXPECT_REQUEST,   V2V_EXPECT_REQUEST,  V2V_EXPECT_NO_REQUEST, V2V_EXPECT_CONDITION,
      V2V_EXPECT_CONDITION, V2V_EXPECT_PROVIDER, V2V_EXPECT_NO_WARN};
  const V2vExpect *expect;

  g_assert_cmpstr (test->name, ==, "t");
  g_assert_cmpuint (test->given->len, ==, 2);
  g_assert_cmpuint (given->values->len, ==, given->fact->fields->len);
  g_assert_cmpstr (g_array_index (given->values, V2vValue, 3).text, ==, "unheard of");
  g_assert_cmpuint (test->expect->len, ==, G_N_ELEMENTS (kinds));
  for (guint i = 0; i < test->expect->len; i++)
    g_assert_cmpint (((V2vExpect *)g_ptr_array_index (test->expect, i))->kind, ==, kinds[i]);
  expect = g_ptr_array_index (test->expect, 0);
  g_assert_true (expect->any_args);
  expect = g_ptr_array_index (test->expect, 1);
  g_assert_false (expect->any_args);
  g_assert_cmpint (g_array_index (expect->args, V2vValue, 0).number, ==, 5);
  expect = g_ptr_array_index (test->expect, 3);
  g_assert_cmpint (expect->clause->kind, ==, V2V_CLAUSE_NO);
  g_assert_cmpstr (expect->clause->fact->name, ==, "many");
  expect = g_ptr_array_index (test->expect, 4);
  g_assert_cmpint (expect->clause->where->kind, ==, V2V_EXPR_LET);
}

static void
test_capture (void)
{
  g_autoptr (V2vRuleSet) rules = fixture_load_text (FACTS);
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  g_autofree char *directory = fixture_directory ();
  g_autofree char *path = g_build_filename (directory, "c.v2v", NULL);
  const V2vCapture *capture;
  const V2vGiven *given;

  fixture_write (directory, "c.v2v",
                 "v2v-rules 1\ncapture \"guest\" {\n  given a { e = unheard-of, x = -5 }\n"
                 "  given many { n = \"\\x1b[\\xff\" }\n  probed some.probe, other\n"
                 "  asked \"/a\", \"/b\"\n  known many\n}\n",
                 -1);
  capture = v2v_ruleset_read_capture (rules, path, diags);
  g_assert_cmpuint (v2v_diags_list (diags)->len, ==, 0);
  g_assert_cmpstr (capture->name, ==, "guest");
  given = g_ptr_array_index (capture->given, 0);
  g_assert_cmpstr (g_array_index (given->values, V2vValue, 3).text, ==, "unheard-of");
  g_assert_cmpint (g_array_index (given->values, V2vValue, 0).number, ==, -5);
  given = g_ptr_array_index (capture->given, 1);
  g_assert_cmpstr (g_array_index (given->values, V2vValue, 0).text, ==, "\x1b[\xff");
  g_assert_cmpstr (g_ptr_array_index (capture->probed, 0), ==, "some.probe");
  g_assert_cmpstr (g_ptr_array_index (capture->asked, 1), ==, "/b");
  g_assert_true (g_ptr_array_index (capture->known, 0) == given->fact);
  fixture_remove (directory);
}

/* A long chain is no deep tree: walks over conditions are recursive. */
static guint
depth_of (const V2vExpr *expr)
{
  return expr == NULL ? 0 : 1 + MAX (depth_of (expr->left), depth_of (expr->right));
}

static void
test_chain (void)
{
  g_autoptr (GString) text = g_string_new (FACTS "rule r { when a.x == 0");
  g_autoptr (V2vRuleSet) rules = NULL;
  const V2vRule *rule;

  for (guint i = 1; i < 5000; i++)
    g_string_append_printf (text, "%s a.x == %u", i % 2 ? " or" : " and", i);
  g_string_append (text, " warn \"x\" }");
  rules = fixture_load_text (text->str);
  rule = find_rule (rules, "r");
  g_assert_cmpuint (depth_of (((V2vClause *)g_ptr_array_index (rule->clauses, 0))->where), <,
                    20);
}

static void
test_labels (void)
{
  g_autoptr (V2vRuleSet) rules = fixture_load_text (FACTS "rule r { warn \"x\" }");
  const V2vRule *rule = find_rule (rules, "r");

  g_assert_true (g_str_has_prefix (v2v_rule_label (rule), "rule r ("));
  g_assert_true (g_str_has_suffix (v2v_rule_label (rule), "/t/rules/x.v2v:14)"));
  g_assert_true (v2v_rule_label (rule) == v2v_rule_label (rule));
  g_assert_true (g_str_has_prefix (v2v_provider_label (g_ptr_array_index (rules->providers, 0)),
                                   "provider p ("));
}

/* ---- how the time grows ---- */

/* Processor time: other programs run as well. Microseconds. */
static gint64
now (void)
{
  struct timespec time;

  g_assert_cmpint (clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &time), ==, 0);
  return (gint64)time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

static gint64
time_of (guint count)
{
  g_autoptr (GString) text = g_string_new (FACTS);
  gint64 least = G_MAXINT64;

  for (guint i = 0; i < count; i++)
    g_string_append_printf (
        text,
        "rule r.number-%u {\n  describe \"the rule %u\"\n"
        "  when a.x == %u and a.e == one\n"
        "  some many { n == \"name-%u\" and v >= \"%u.1\" }\n"
        "  no many { n == \"other-%u\" }\n"
        "  assert made { t = \"fact-%u\", u = %u }\n  do one(\"x%u\", \"1\")\n}\n",
        i, i, i % 7, i, i % 5, i, i, i, i);
  for (guint round = 0; round < 3; round++) {
    const gint64 begin = now ();
    g_autoptr (V2vRuleSet) rules = fixture_load_text (text->str);
    const gint64 taken = now () - begin;

    g_assert_cmpuint (rules->rules->len, ==, count);
    least = MIN (least, taken);
  }
  return least;
}

static void
test_time (void)
{
  const gint64 some = time_of (1000), many = time_of (10000);

  g_test_message ("1000 rules: %" G_GINT64_FORMAT " us, 10000 rules: %" G_GINT64_FORMAT " us",
                  some, many);
  /* Ten times as many take ten times as long; a hundred times would be a loop inside a loop. */
  g_assert_cmpint (many, <, MAX (some, 2000) * 25);
}

/* The same of errors: each looks for the name that was meant. */
static void
test_time_of_errors (void)
{
  g_autoptr (GString) text = g_string_new ("v2v-rules 1\n");
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  g_autofree char *directory = fixture_directory ();
  static const char *const names[] = {"t", NULL};
  g_autoptr (GPtrArray) trees = NULL;
  gint64 begin;

  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (
        text,
        "fact fact-number-%u { a: int }\nrule r%u { when fact-numbre-%u.b == c "
        "and nothing do nothing() }\n",
        i, i, i);
  fixture_write (directory, "t/rules/x.v2v", text->str, -1);
  trees = fixture_trees (directory, names);
  begin = now ();
  g_assert_null (v2v_ruleset_load (trees, NULL, TRUE, NULL, diags));
  g_assert_cmpint (now () - begin, <, 20 * G_USEC_PER_SEC);
  g_assert_cmpuint (v2v_diags_errors (diags), ==, 60000);
  fixture_remove (directory);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/check/shipped", test_shipped);
  g_test_add_func ("/check/rule", test_rule);
  g_test_add_func ("/check/operations", test_operations);
  g_test_add_func ("/check/direct", test_direct);
  g_test_add_func ("/check/options", test_options);
  g_test_add_func ("/check/paths", test_paths);
  g_test_add_func ("/check/names", test_names);
  g_test_add_func ("/check/tests", test_tests);
  g_test_add_func ("/check/capture", test_capture);
  g_test_add_func ("/check/chain", test_chain);
  g_test_add_func ("/check/labels", test_labels);
  g_test_add_func ("/check/time", test_time);
  g_test_add_func ("/check/time-of-errors", test_time_of_errors);
  return g_test_run ();
}

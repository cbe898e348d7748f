/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The manual of the rule language: its examples load, it names every word of the language, and its
 * limits are those of the code. What shipped rules declare is described.
 */
#include "config.h"

#include "guest/sandbox.h"
#include "lang/limits.h"
#include "load/load.h"
#include "syntax/syntax.h"
#include "rules-fixture.h"
#include "syntax/format.h"

static char *manual;

/* What troff makes of TEXT. */
static char *
plain (const char *text)
{
  static const struct {
    const char *written, *meant;
  } escapes[] = {{"\\-", "-"}, {"\\e", "\\"}, {"\\(dq", "\""}, {"\\&", ""},
                 {"\\fB", ""}, {"\\fI", ""},  {"\\fP", ""},    {"\\fR", ""}};
  char *result = g_strdup (text);

  for (guint i = 0; i < G_N_ELEMENTS (escapes); i++) {
    g_auto (GStrv) parts = g_strsplit (result, escapes[i].written, -1);

    g_free (result);
    result = g_strjoinv (escapes[i].meant, parts);
  }
  return result;
}

static void
load_example (const char *text)
{
  g_autofree char *directory = fixture_directory ();
  g_autofree char *file = g_build_filename (directory, "example.v2v", NULL);
  const char *files[] = {file, NULL};
  g_autoptr (GPtrArray) trees = NULL;
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  g_autoptr (V2vRuleSet) rules = NULL;
  g_autofree char *report = NULL;
  g_autofree char *formatted = NULL;

  fixture_write (directory, "example.v2v", text, -1);
  g_setenv ("V2V_ENGINE_DATA_DIR", g_getenv ("V2V_TEST_SRCDIR"), TRUE);
  trees = v2v_rule_dirs_default (NULL);
  rules = v2v_ruleset_load (trees, files, TRUE, NULL, diags);
  report = v2v_diags_to_string (diags);
  g_assert_cmpstr (report, ==, "");
  /* An example is laid out as the formatter does. */
  formatted = v2v_format_rules ("example", text, strlen (text), diags);
  g_assert_cmpstr (formatted, ==, text);
  fixture_remove (directory);
}

static void
test_examples (void)
{
  g_auto (GStrv) parts = g_strsplit (manual, "\n.EX\n", -1);
  guint examples = 0;

  for (guint i = 1; parts[i] != NULL; i++) {
    char *end = strstr (parts[i], ".EE\n");
    g_autofree char *text = NULL;

    g_assert_nonnull (end);
    *end = '\0';
    text = plain (parts[i]);
    load_example (text);
    examples++;
  }
  g_assert_cmpuint (examples, >=, 2);
}

/* The declarations of doc/interface.md, which are of a later engine. */
static void
test_interface (void)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("V2V_TEST_SRCDIR"), "doc", "interface.md", NULL);
  g_autofree char *directory = fixture_directory ();
  g_autofree char *page = NULL;
  g_autofree char *formatted = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GString) text = g_string_new ("v2v-rules 1.2\n\n"
                                           "enum bootloader-kind { grub2 }\n"
                                           "enum os-id { debian }\n"
                                           "fact option from options { }\n");
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  static const char *const names[] = {"t", NULL};
  const gsize length = text->len;
  const char *begin;

  g_assert_true (g_file_get_contents (path, &page, NULL, NULL));
  begin = strstr (page, "    fact bootloader {");
  g_assert_nonnull (begin);
  lines = g_strsplit (begin, "\n", -1);
  for (guint i = 0; g_str_has_prefix (lines[i], "    "); i++)
    g_string_append_printf (text, "%s\n", lines[i] + 4);
  g_assert_cmpuint (text->len, >, length + 300);

  v2v_interface = 2;
  fixture_write (directory, "t/rules/x.v2v", text->str, -1);
  v2v_ruleset_free (fixture_load (directory, names, NULL, TRUE, NULL));
  formatted = v2v_format_rules ("page", text->str, text->len, diags);
  g_assert_cmpstr (formatted, ==, text->str);
  v2v_interface = V2V_INTERFACE;
  fixture_remove (directory);
}

static void
names (const char *text, const char *word)
{
  g_autofree char *pattern = g_strdup_printf ("\\b%s\\b", word);

  g_test_message ("%s", word);
  g_assert_true (g_regex_match_simple (pattern, text, 0, 0));
}

/* TEXT stands in the manual. */
static void
holds (const char *manual_text, const char *text)
{
  if (strstr (manual_text, text) == NULL)
    g_error ("the manual does not have %s", text);
}

static void
test_words (void)
{
  static const char *const others[] = {
      "flag",   "was",      "dispatch", "batch",  "optional", "key",      "derived", "from",
      "also",   "on",       "request",  "set",    "unset",    "in",       "true",    "override",
      "for",    "provides", "and",      "or",     "not",      "as",       "false",   "file",
      "domain", "xslt",     "private",  "public", "tree",     "unchanged"};
  g_autofree char *text = plain (manual);

  for (guint i = V2V_DECL_ENUM; i <= V2V_DECL_CAPTURE; i++)
    names (text, v2v_decl_kind_name (i));
  for (guint i = 0; v2v_statement_keywords[i] != NULL; i++)
    names (text, v2v_statement_keywords[i]);
  for (guint i = 0; i < V2V_PHASES; i++)
    names (text, v2v_phase_name (i));
  for (guint i = V2V_TYPE_STRING; i <= V2V_TYPE_PLAIN_VERSION; i++)
    names (text, v2v_type_name (i));
  for (guint i = V2V_ORIGIN_DOMAIN; i <= V2V_ORIGIN_CHOICE; i++)
    names (text, v2v_origin_name (i));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    names (text, others[i]);
}

/* Operators in the list of conditions, units, and limits. */
static void
test_signs (void)
{
  static const char *const units[] = {"B",  "kB",  "KB",  "MB",  "GB",  "TB",
                                      "PB", "KiB", "MiB", "GiB", "TiB", "PiB"};
  g_autofree char *text = plain (manual);
  g_autofree char *file_max = g_strdup_printf ("at most %d MiB", V2V_RULE_FILE_MAX >> 20);
  g_autofree char *depth_max = g_strdup_printf ("at most %d levels", V2V_RULE_DEPTH_MAX);
  g_autofree char *word_max = g_strdup_printf ("At most %d characters", V2V_RULE_WORD_MAX);
  g_autofree char *condition_max =
      g_strdup_printf ("at most %d comparisons", V2V_RULE_CONDITION_MAX);
  g_autofree char *string_max = g_strdup_printf ("At most %d bytes", V2V_RULE_STRING_MAX);

  for (guint i = V2V_TOKEN_EQ; i <= V2V_TOKEN_TILDE; i++) {
    g_autofree char *line = g_strdup_printf (".IB \"FIELD \" %s \"", v2v_token_kind_name (i));

    holds (text, line);
  }
  for (guint i = 0; i < G_N_ELEMENTS (units); i++) {
    g_autofree char *written = g_strdup_printf ("3%s", units[i]);
    V2vValue value;

    g_assert_true (v2v_value_parse (V2V_TYPE_SIZE, written, &value));
    names (text, units[i]);
  }
  holds (text, file_max);
  holds (text, depth_max);
  holds (text, word_max);
  holds (text, string_max);
  holds (text, condition_max);
}

/* Limits of scripts, in v2v-lua(3). */
static void
test_scripts (void)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("V2V_TEST_SRCDIR"), "doc", "v2v-lua.3.in", NULL);
  g_autofree char *memory = g_strdup_printf ("%d MiB of memory", V2V_SANDBOX_MEMORY_MAX >> 20);
  g_autofree char *length = g_strdup_printf ("%d MiB of text", V2V_SCRIPT_FILE_MAX >> 20);
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  holds (text, memory);
  holds (text, length);
}

/* ---- the shipped rules ---- */

static void
need (const char *doc, const char *kind, const char *owner, const char *name, V2vPlace place)
{
  if (doc == NULL || *doc == '\0') {
    g_test_message ("%s %s%s%s has no description (%s:%u)", kind, owner, *owner ? "." : "",
                    name, place.file, place.line);
    g_test_fail ();
  }
}

/* Everything that shipped rules declare says what it is, for v2v-engine doc. */
static void
test_described (void)
{
  g_autoptr (GPtrArray) trees = NULL;
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  g_autoptr (V2vRuleSet) rules = NULL;
  GHashTableIter iter;
  gpointer key, value;

  g_setenv ("V2V_ENGINE_DATA_DIR", g_getenv ("V2V_TEST_SRCDIR"), TRUE);
  trees = v2v_rule_dirs_default (NULL);
  rules = v2v_ruleset_load (trees, NULL, FALSE, NULL, diags);
  g_assert_nonnull (rules);
  for (guint i = 0; i < rules->schema->facts->len; i++) {
    const V2vFactDecl *fact = rules->schema->facts->pdata[i];

    need (fact->doc, "fact", "", fact->name, fact->place);
    for (guint j = 0; j < fact->fields->len; j++) {
      const V2vField *field = fact->fields->pdata[j];

      need (field->doc, "field", fact->name, field->name, field->place);
    }
  }
  g_hash_table_iter_init (&iter, rules->schema->enums);
  while (g_hash_table_iter_next (&iter, &key, &value)) {
    const V2vEnum *words = value;

    /* Words that are declared in place are described with the field. */
    if (strchr (words->name, '.') != NULL)
      continue;
    need (words->doc, "enum", "", words->name, words->place);
    for (guint j = 0; j < words->values->len; j++)
      need (g_hash_table_lookup (words->docs, words->values->pdata[j]), "word", words->name,
            words->values->pdata[j], words->place);
  }
  for (guint i = 0; i < rules->operations->len; i++) {
    const V2vOperation *operation = rules->operations->pdata[i];

    need (operation->doc, "operation", "", operation->name, operation->place);
    for (guint j = 0; j < operation->params->len; j++) {
      const V2vParam *param = operation->params->pdata[j];

      need (param->doc, "parameter", operation->name, param->name, param->place);
    }
  }
  for (guint i = 0; i < rules->rules->len; i++) {
    const V2vRule *rule = rules->rules->pdata[i];

    need (rule->describe, "rule", "", rule->name, rule->place);
  }
  for (guint i = 0; i < rules->providers->len; i++) {
    const V2vProvider *provider = rules->providers->pdata[i];

    need (provider->describe, "provider", provider->operation->name, provider->name,
          provider->place);
  }
  for (guint i = 0; i < rules->probes->len; i++) {
    const V2vProbe *probe = rules->probes->pdata[i];

    need (probe->describe, "probe", "", probe->name, probe->place);
  }
  for (guint i = 0; i < rules->options->len; i++) {
    const V2vOption *option = rules->options->pdata[i];

    need (option->describe, "option", "", option->name, option->place);
  }
}

int
main (int argc, char **argv)
{
  g_autofree char *path = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  path = g_build_filename (g_getenv ("V2V_TEST_SRCDIR"), "doc", "v2v-rules.5", NULL);
  g_assert_true (g_file_get_contents (path, &manual, NULL, NULL));
  g_test_add_func ("/manual/examples", test_examples);
  g_test_add_func ("/manual/words", test_words);
  g_test_add_func ("/manual/interface", test_interface);
  g_test_add_func ("/manual/signs", test_signs);
  g_test_add_func ("/manual/scripts", test_scripts);
  g_test_add_func ("/manual/described", test_described);
  status = g_test_run ();
  g_free (manual);
  return status;
}

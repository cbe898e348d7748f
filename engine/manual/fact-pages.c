/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * v2v-facts(7): the facts that rules know, their fields and their words.
 */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "syntax/syntax.h"
#include "manual/manual.h"

/* ---- shared by the pages ---- */

gboolean
v2v_manual_wants (const char *const *names, const char *name)
{
  return names[0] == NULL || g_strv_contains (names, name);
}

gboolean
v2v_manual_names (const char *const *names, const GPtrArray *known, const char *kind,
                  GError **error)
{
  for (guint i = 0; names[i] != NULL; i++) {
    const char *nearest;

    if (g_ptr_array_find_with_equal_func ((GPtrArray *)known, names[i], g_str_equal, NULL))
      continue;
    nearest = v2v_nearest (names[i], known);
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE, "there is no %s \"%s\"%s%s%s", kind,
                 names[i],
                 nearest != NULL ? ": did you mean " : "; without a name, all are shown",
                 nearest != NULL ? nearest : "", nearest != NULL ? "?" : "");
    return FALSE;
  }
  return TRUE;
}

char *
v2v_manual_file (const V2vRuleSet *rules, V2vPlace place)
{
  for (guint i = 0; i < rules->trees->len; i++) {
    const V2vRuleTree *tree = rules->trees->pdata[i];
    g_autofree char *prefix = g_build_filename (tree->dir, "/", NULL);

    if (g_str_has_prefix (place.file, prefix))
      return g_strdup (place.file + strlen (prefix));
  }
  return g_strdup (place.file);
}

void
v2v_manual_sentence (V2vPage *page, const char *doc)
{
  g_autofree char *first = NULL;

  if (doc == NULL || *doc == '\0')
    return;
  first = g_strndup (doc, (gsize)(g_utf8_next_char (doc) - doc));
  /* One word alone is a name. */
  if (strchr (doc, ' ') != NULL) {
    g_autofree char *upper = g_utf8_strup (first, -1);

    v2v_page_add (page, V2V_ROMAN, upper);
  } else {
    v2v_page_add (page, V2V_ROMAN, first);
  }
  v2v_page_add (page, V2V_ROMAN, g_utf8_next_char (doc));
  v2v_page_add (page, V2V_ROMAN, strchr (".!?", doc[strlen (doc) - 1]) != NULL ? "" : ".");
}

/* Enums that are declared in place are called FACT.FIELD. */
static gboolean
is_in_place (const V2vEnum *words)
{
  return strchr (words->name, '.') != NULL;
}

void
v2v_manual_type (V2vPage *page, const V2vType *type)
{
  if (type->kind != V2V_TYPE_ENUM || type->words == NULL) {
    v2v_page_add (page, V2V_ITALIC, v2v_type_name (type->kind));
    return;
  }
  if (!is_in_place (type->words)) {
    v2v_page_add (page, V2V_ITALIC, type->words->name);
    return;
  }
  for (guint i = 0; i < type->words->values->len; i++) {
    v2v_page_add (page, V2V_ROMAN, i > 0 ? ", " : "");
    v2v_page_add (page, V2V_BOLD, type->words->values->pdata[i]);
  }
}

/* ---- who says what ---- */

static void
add_origin (V2vPage *page, const V2vFactDecl *fact)
{
  static const struct {
    V2vOrigin origin;
    const char *text;
  } origins[] = {
      {V2V_ORIGIN_RULES, NULL},
      {V2V_ORIGIN_DOMAIN, "From the source's domain document"},
      {V2V_ORIGIN_INSPECTION, "From the inspection of the guest"},
      {V2V_ORIGIN_OSINFO, "From libosinfo's database"},
      {V2V_ORIGIN_PATHS, "From the guest, for each path that a rule names"},
      {V2V_ORIGIN_OPTIONS, "From the options that rules declare"},
      {V2V_ORIGIN_WITH, "From `--with`"},
      {V2V_ORIGIN_WITH_KERNELS, "From the guest, and from packages given with `--with`"},
      {V2V_ORIGIN_MAPPINGS, "From `--network`, `--bridge` and `--mac`"},
      {V2V_ORIGIN_HOST, "From the host that converts"},
      {V2V_ORIGIN_CHOICE, "From the command line"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (origins); i++)
    if (origins[i].origin == fact->origin && origins[i].text != NULL) {
      v2v_page_say (page, origins[i].text);
      if (fact->from != NULL) {
        v2v_page_say (page, ": ");
        v2v_page_add (page, V2V_BOLD, fact->from);
      }
      v2v_page_say (page, ". ");
    }
}

/* "LABEL a, b." for the names; nothing for none. */
static void
add_names (V2vPage *page, const char *label, const GPtrArray *names)
{
  if (names->len == 0)
    return;
  v2v_page_say (page, label);
  for (guint i = 0; i < names->len; i++) {
    v2v_page_say (page, i == 0 ? " " : ", ");
    v2v_page_add (page, V2V_BOLD, names->pdata[i]);
  }
  v2v_page_say (page, ". ");
}

/* Names of the rules that set FIELD or, if it is NULL, add facts of the kind. */
static GPtrArray *
rules_for (const V2vRuleSet *rules, const V2vFactDecl *fact, const V2vField *field)
{
  GPtrArray *names = g_ptr_array_new ();

  for (guint i = 0; i < rules->rules->len; i++) {
    const V2vRule *rule = rules->rules->pdata[i];

    for (guint j = 0; j < rule->heads->len; j++) {
      const V2vHead *head = rule->heads->pdata[j];
      const gboolean sets =
          field != NULL
              ? (head->kind == V2V_HEAD_ASSERT_FIELD || head->kind == V2V_HEAD_DEFAULT) &&
                    head->field == field
              : head->kind == V2V_HEAD_ASSERT_FACT && head->fact == fact;

      if (!sets)
        continue;
      g_ptr_array_add (names, (gpointer)rule->name);
      break;
    }
  }
  return names;
}

static GPtrArray *
probes_for (const V2vRuleSet *rules, const V2vFactDecl *fact)
{
  GPtrArray *names = g_ptr_array_new ();

  for (guint i = 0; i < rules->probes->len; i++) {
    const V2vProbe *probe = rules->probes->pdata[i];

    for (guint j = 0; j < probe->provides->len; j++)
      if (probe->provides->pdata[j] == fact)
        g_ptr_array_add (names, (gpointer)probe->name);
  }
  return names;
}

/* ---- facts ---- */

static void
print_field (V2vPage *page, const V2vRuleSet *rules, const V2vField *field)
{
  v2v_page_item (page);
  v2v_page_add (page, V2V_BOLD, field->name);
  v2v_page_say (page, ": ");
  v2v_manual_type (page, &field->type);
  v2v_page_say (page, field->key ? " (key)" : field->derived ? " (derived)" : "");
  v2v_page_body (page);
  v2v_manual_sentence (page, field->doc);
  if (field->from != NULL) {
    v2v_page_say (page, field->doc != NULL ? " From " : "From ");
    v2v_page_add (page, V2V_BOLD, field->from);
    v2v_page_say (page, ".");
  }
  if (field->derived) {
    g_autoptr (GPtrArray) names = rules_for (rules, field->fact, field);

    v2v_page_say (page, field->doc != NULL ? " " : "");
    add_names (page, "Set by", names);
  }
}

static void
print_fact (V2vPage *page, const V2vRuleSet *rules, const V2vFactDecl *fact)
{
  g_autoptr (GPtrArray) adding = rules_for (rules, fact, NULL);
  g_autoptr (GPtrArray) probes = probes_for (rules, fact);
  g_autofree char *file = v2v_manual_file (rules, fact->place);

  v2v_page_subheading (page, fact->name);
  v2v_page_paragraph (page);
  v2v_manual_sentence (page, fact->doc);
  v2v_page_break (page);
  v2v_page_say (page, fact->multiple ? "Any number. " : "One. ");
  add_origin (page, fact);
  add_names (page, probes->len == 1 ? "Found by the probe" : "Found by the probes", probes);
  add_names (page, "Added by", adding);
  v2v_page_say (page, "Declared in ");
  v2v_page_add (page, V2V_ITALIC, file);
  v2v_page_say (page, ".");
  for (guint i = 0; i < fact->fields->len; i++)
    print_field (page, rules, fact->fields->pdata[i]);
}

/* ---- words ---- */

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *
enum_names (const V2vRuleSet *rules)
{
  GPtrArray *names = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer name, words;

  g_hash_table_iter_init (&iter, rules->schema->enums);
  while (g_hash_table_iter_next (&iter, &name, &words))
    if (!is_in_place (words))
      g_ptr_array_add (names, name);
  g_ptr_array_sort (names, compare_names);
  return names;
}

/* Other words for WORD, sorted. */
static GPtrArray *
synonyms (const V2vEnum *words, const char *word)
{
  GPtrArray *names = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer name, canonical;

  g_hash_table_iter_init (&iter, words->canonical);
  while (g_hash_table_iter_next (&iter, &name, &canonical))
    if (canonical == word && name != word)
      g_ptr_array_add (names, name);
  g_ptr_array_sort (names, compare_names);
  return names;
}

static void
print_enum (V2vPage *page, const V2vRuleSet *rules, const V2vEnum *words)
{
  g_autofree char *file = v2v_manual_file (rules, words->place);

  v2v_page_subheading (page, words->name);
  v2v_page_paragraph (page);
  v2v_manual_sentence (page, words->doc);
  v2v_page_break (page);
  v2v_page_say (page, "Declared in ");
  v2v_page_add (page, V2V_ITALIC, file);
  v2v_page_say (page, ".");
  for (guint i = 0; i < words->values->len; i++) {
    const char *word = words->values->pdata[i];
    const char *doc = g_hash_table_lookup (words->docs, word);
    g_autoptr (GPtrArray) also = synonyms (words, word);

    v2v_page_item (page);
    v2v_page_add (page, V2V_BOLD, word);
    for (guint j = 0; j < also->len; j++) {
      v2v_page_say (page, j == 0 ? ", also " : ", ");
      v2v_page_add (page, V2V_BOLD, also->pdata[j]);
    }
    v2v_page_body (page);
    v2v_manual_sentence (page, doc != NULL ? doc : word);
  }
}

/* ---- the page ---- */

char *
v2v_manual_facts (const V2vRuleSet *rules, V2vPageFormat format, const char *const *names,
                  GError **error)
{
  g_autoptr (GPtrArray) enums = enum_names (rules);
  g_autoptr (GPtrArray) known = g_ptr_array_new ();
  gboolean any = FALSE;
  V2vPage *page;

  for (guint i = 0; i < rules->schema->facts->len; i++)
    g_ptr_array_add (known, (gpointer)((V2vFactDecl *)rules->schema->facts->pdata[i])->name);
  g_ptr_array_extend (known, enums, NULL, NULL);
  if (!v2v_manual_names (names, known, "fact or enum", error))
    return NULL;
  page = v2v_page_new (format, "v2v-facts", 7, "facts that the rules of v2v-engine know");
  if (names[0] == NULL) {
    v2v_page_heading (page, "Description");
    v2v_page_say (page, "What rules can ask about a guest and about what was asked for. Each "
                        "kind of fact has fields with a type; `key` fields tell the facts of "
                        "one kind apart, `derived` ones are set by rules and by nothing "
                        "else. A field that nothing is known for is unset. `v2v-engine "
                        "facts` shows the facts of a guest, `v2v-rules`(5) says how rules "
                        "use them.");
    v2v_page_paragraph (page);
    v2v_page_say (
        page,
        "This page is made from what rule files declare: `v2v-engine doc facts` shows it "
        "with the rules that are in effect, those of `--rules-dir` included, and `v2v-engine "
        "doc facts NAME` a part of it.");
  }
  for (guint i = 0; i < rules->schema->facts->len; i++) {
    const V2vFactDecl *fact = rules->schema->facts->pdata[i];

    if (!v2v_manual_wants (names, fact->name))
      continue;
    if (!any)
      v2v_page_heading (page, "Facts");
    any = TRUE;
    print_fact (page, rules, fact);
  }
  any = FALSE;
  for (guint i = 0; i < enums->len; i++) {
    if (!v2v_manual_wants (names, enums->pdata[i]))
      continue;
    if (!any)
      v2v_page_heading (page, "Words");
    any = TRUE;
    print_enum (page, rules, g_hash_table_lookup (rules->schema->enums, enums->pdata[i]));
  }
  if (names[0] == NULL)
    v2v_page_see_also (page,
                       "`v2v-engine`(1), `v2v-lua`(3), `v2v-rules`(5), `v2v-operations`(7)");
  return v2v_page_end (page);
}

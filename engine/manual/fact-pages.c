/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Collects the data of v2v-facts(7): the facts that rules can read, their fields and their
 * words.
 */
#include "config.h"

#include <string.h>

#include "manual/manual.h"
#include "syntax/syntax.h"

/* An enum declared in place is called FACT.FIELD. */
static gboolean
is_in_place (const V2vEnum *words)
{
  return strchr (words->name, '.') != NULL;
}

/* Adds the rules that set FIELD; if it is NULL, those that add facts of this kind. */
static void
add_rules (xmlNode *node, const V2vRuleSet *rules, const V2vFactDecl *fact,
           const V2vField *field)
{
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
      v2v_manual_add (node, "rule", rule->name);
      break;
    }
  }
}

static void
add_probes (xmlNode *node, const V2vRuleSet *rules, const V2vFactDecl *fact)
{
  for (guint i = 0; i < rules->probes->len; i++) {
    const V2vProbe *probe = rules->probes->pdata[i];

    for (guint j = 0; j < probe->provides->len; j++)
      if (probe->provides->pdata[j] == fact)
        v2v_manual_add (node, "probe", probe->name);
  }
}

/* ---- facts ---- */

static void
add_field (xmlNode *parent, const V2vRuleSet *rules, const V2vField *field)
{
  xmlNode *node = v2v_manual_add (parent, "field", field->name);

  v2v_manual_set (node, "from", field->from);
  v2v_manual_flag (node, "key", field->key);
  v2v_manual_flag (node, "derived", field->derived);
  v2v_manual_sentence (node, field->doc);
  v2v_manual_type (node, &field->type);
  if (field->derived)
    add_rules (node, rules, field->fact, field);
}

static void
add_fact (xmlNode *manual, const V2vRuleSet *rules, const V2vFactDecl *fact)
{
  xmlNode *node = v2v_manual_add (manual, "fact", fact->name);

  v2v_manual_file (node, rules, fact->place);
  v2v_manual_flag (node, "multiple", fact->multiple);
  v2v_manual_set (node, "origin", v2v_origin_name (fact->origin));
  v2v_manual_set (node, "from", fact->from);
  v2v_manual_sentence (node, fact->doc);
  add_probes (node, rules, fact);
  add_rules (node, rules, fact, NULL);
  for (guint i = 0; i < fact->fields->len; i++)
    add_field (node, rules, fact->fields->pdata[i]);
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

/* The synonyms of WORD, sorted. */
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
add_enum (xmlNode *manual, const V2vRuleSet *rules, const V2vEnum *words)
{
  xmlNode *node = v2v_manual_add (manual, "enum", words->name);

  v2v_manual_file (node, rules, words->place);
  v2v_manual_sentence (node, words->doc);
  for (guint i = 0; i < words->values->len; i++) {
    const char *word = words->values->pdata[i];
    const char *doc = g_hash_table_lookup (words->docs, word);
    g_autoptr (GPtrArray) also = synonyms (words, word);
    xmlNode *child = v2v_manual_add (node, "word", word);

    for (guint j = 0; j < also->len; j++)
      v2v_manual_add (child, "also", also->pdata[j]);
    v2v_manual_sentence (child, doc != NULL ? doc : word);
  }
}

/* ---- the page ---- */

xmlDoc *
v2v_manual_facts (const V2vRuleSet *rules, const char *const *names, GError **error)
{
  g_autoptr (GPtrArray) enums = enum_names (rules);
  g_autoptr (GPtrArray) known = g_ptr_array_new ();
  xmlDoc *doc;
  xmlNode *manual;

  for (guint i = 0; i < rules->schema->facts->len; i++)
    g_ptr_array_add (known, (gpointer)((V2vFactDecl *)rules->schema->facts->pdata[i])->name);
  g_ptr_array_extend (known, enums, NULL, NULL);
  if (!v2v_manual_names (names, known, "fact or enum", error))
    return NULL;
  doc = v2v_manual_new (names[0] == NULL);
  manual = xmlDocGetRootElement (doc);
  for (guint i = 0; i < rules->schema->facts->len; i++) {
    const V2vFactDecl *fact = rules->schema->facts->pdata[i];

    if (v2v_manual_wants (names, fact->name))
      add_fact (manual, rules, fact);
  }
  for (guint i = 0; i < enums->len; i++)
    if (v2v_manual_wants (names, enums->pdata[i]))
      add_enum (manual, rules, g_hash_table_lookup (rules->schema->enums, enums->pdata[i]));
  return doc;
}

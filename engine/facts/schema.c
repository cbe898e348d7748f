/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Kinds of facts, their fields, and enums.
 */
#include "config.h"

#include <string.h>

#include "facts/schema.h"

static void
enum_free (gpointer data)
{
  V2vEnum *words = data;

  g_ptr_array_unref (words->values);
  g_hash_table_unref (words->canonical);
  g_hash_table_unref (words->docs);
  g_hash_table_unref (words->statuses);
  g_free (words);
}

static void
field_free (gpointer data)
{
  V2vField *field = data;

  g_free (field->from);
  g_free (field->doc);
  g_free (field);
}

static void
fact_decl_free (gpointer data)
{
  V2vFactDecl *fact = data;

  g_ptr_array_unref (fact->fields);
  g_hash_table_unref (fact->by_name);
  g_free (fact->from);
  g_free (fact->doc);
  g_free (fact);
}

V2vSchema *
v2v_schema_new (void)
{
  V2vSchema *schema = g_new0 (V2vSchema, 1);

  schema->facts = g_ptr_array_new_with_free_func (fact_decl_free);
  /* Hash by content, not by address: names are interned, but callers may look up any text. */
  schema->facts_by_name = g_hash_table_new (g_str_hash, g_str_equal);
  schema->enums = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, enum_free);
  return schema;
}

void
v2v_schema_free (V2vSchema *schema)
{
  if (schema == NULL)
    return;
  g_hash_table_unref (schema->facts_by_name);
  g_ptr_array_unref (schema->facts);
  g_hash_table_unref (schema->enums);
  g_free (schema);
}

static const char *const privacies[V2V_PRIVACIES] = {
    [V2V_PRIVACY_NAME] = "name", [V2V_PRIVACY_ADDRESS] = "address", [V2V_PRIVACY_MAC] = "mac",
    [V2V_PRIVACY_UUID] = "uuid", [V2V_PRIVACY_SERIAL] = "serial",   [V2V_PRIVACY_PATH] = "path",
};

const char *
v2v_privacy_name (V2vPrivacy privacy)
{
  return privacies[privacy];
}

gboolean
v2v_privacy_from_name (const char *name, V2vPrivacy *privacy_r)
{
  for (guint i = 0; i < V2V_PRIVACIES; i++)
    if (privacies[i] && strcmp (privacies[i], name) == 0) {
      *privacy_r = i;
      return TRUE;
    }
  return FALSE;
}

V2vFactDecl *
v2v_schema_add_fact (V2vSchema *schema, const char *name, V2vPlace place)
{
  V2vFactDecl *fact;

  if (g_hash_table_contains (schema->facts_by_name, name))
    return NULL;
  fact = g_new0 (V2vFactDecl, 1);
  fact->name = v2v_intern (name);
  fact->index = schema->facts->len;
  fact->fields = g_ptr_array_new_with_free_func (field_free);
  fact->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  fact->place = place;
  g_ptr_array_add (schema->facts, fact);
  g_hash_table_insert (schema->facts_by_name, (gpointer)fact->name, fact);
  return fact;
}

V2vField *
v2v_fact_decl_add_field (V2vFactDecl *fact, const char *name, V2vType type, V2vPlace place)
{
  V2vField *field;

  if (g_hash_table_contains (fact->by_name, name))
    return NULL;
  field = g_new0 (V2vField, 1);
  field->name = v2v_intern (name);
  field->fact = fact;
  field->index = fact->fields->len;
  field->type = type;
  field->place = place;
  g_ptr_array_add (fact->fields, field);
  g_hash_table_insert (fact->by_name, (gpointer)field->name, field);
  return field;
}

V2vEnum *
v2v_schema_add_enum (V2vSchema *schema, const char *name, V2vPlace place)
{
  V2vEnum *words;

  if (g_hash_table_contains (schema->enums, name))
    return NULL;
  words = g_new0 (V2vEnum, 1);
  words->name = v2v_intern (name);
  words->values = g_ptr_array_new ();
  words->canonical = g_hash_table_new (g_str_hash, g_str_equal);
  words->docs = g_hash_table_new (g_str_hash, g_str_equal);
  words->statuses = g_hash_table_new (g_str_hash, g_str_equal);
  words->place = place;
  g_hash_table_insert (schema->enums, (gpointer)words->name, words);
  return words;
}

gboolean
v2v_enum_add (V2vEnum *words, const char *word, const char *synonym)
{
  const char *const canonical = v2v_intern (word);
  const char *const known = g_hash_table_lookup (words->canonical, canonical);

  if (known == NULL) {
    g_ptr_array_add (words->values, (gpointer)canonical);
    g_hash_table_insert (words->canonical, (gpointer)canonical, (gpointer)canonical);
  } else if (known != canonical) {
    return FALSE;
  }
  if (synonym != NULL) {
    const char *const other = v2v_intern (synonym);
    const char *const stands_for = g_hash_table_lookup (words->canonical, other);

    if (stands_for != NULL)
      return stands_for == canonical;
    g_hash_table_insert (words->canonical, (gpointer)other, (gpointer)canonical);
  }
  return TRUE;
}

V2vFactDecl *
v2v_schema_fact (const V2vSchema *schema, const char *name)
{
  return g_hash_table_lookup (schema->facts_by_name, name);
}

V2vField *
v2v_fact_decl_field (const V2vFactDecl *fact, const char *name)
{
  return g_hash_table_lookup (fact->by_name, name);
}

const char *
v2v_enum_canonical (const V2vEnum *words, const char *text)
{
  const char *const canonical = g_hash_table_lookup (words->canonical, text);

  return canonical != NULL ? canonical : v2v_intern (text);
}

gboolean
v2v_enum_has (const V2vEnum *words, const char *text)
{
  return g_hash_table_contains (words->canonical, text);
}

gboolean
v2v_field_parse (const V2vField *field, const char *text, V2vValue *value_r)
{
  if (!v2v_value_parse (field->type.kind, text, value_r))
    return FALSE;
  if (field->type.kind == V2V_TYPE_ENUM && value_r->kind == V2V_TEXT)
    value_r->text = v2v_enum_canonical (field->type.words, value_r->text);
  return TRUE;
}

const V2vFactDecl *
v2v_schema_find_origin (const V2vSchema *schema, V2vOrigin origin)
{
  for (guint i = 0; i < schema->facts->len; i++) {
    const V2vFactDecl *decl = schema->facts->pdata[i];

    if (decl->origin == origin)
      return decl;
  }
  return NULL;
}

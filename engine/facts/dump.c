/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Writes facts as readable text, as rule text (a capture), as JSON and as XML.
 */
#include "config.h"

#include <string.h>

#include "base/log.h"
#include "facts/store.h"

static inline const V2vField *
field_at (const V2vFactDecl *decl, guint i)
{
  return g_ptr_array_index (decl->fields, i);
}

static inline const V2vFactDecl *
decl_at (V2vStore *store, guint i)
{
  return g_ptr_array_index (v2v_store_schema (store)->facts, i);
}

gboolean
v2v_fact_is_derived (const V2vFact *fact, guint i)
{
  return fact->by[i] && g_str_has_prefix (fact->by[i], "rule ");
}

static gboolean
has_value (const V2vFact *fact)
{
  for (guint i = 0; i < fact->decl->fields->len; i++)
    if (v2v_value_is_set (fact->values[i]))
      return TRUE;
  return FALSE;
}

typedef enum { ALL_FIELDS, KEY_FIELDS, BASE_FIELDS } Which;

/* Appends "KIND { field = value, ... }". Returns FALSE and appends nothing if no such field is
 * set. */
static gboolean
append_fact (GString *text, const char *before, const V2vFact *fact, Which which)
{
  const char *separator = " { ";
  gsize start = text->len;

  g_string_append (text, before);
  g_string_append (text, fact->decl->name);
  for (guint i = 0; i < fact->decl->fields->len; i++) {
    const V2vField *field = field_at (fact->decl, i);
    g_autofree char *value = NULL;

    if (!v2v_value_is_set (fact->values[i]) || (which == KEY_FIELDS && !field->key) ||
        (which == BASE_FIELDS && v2v_fact_is_derived (fact, i)))
      continue;
    value = v2v_value_to_rule_text (field->type.kind, fact->values[i]);
    g_string_append_printf (text, "%s%s = %s", separator, field->name, value);
    separator = ", ";
  }
  if (separator[0] != ',') {
    g_string_truncate (text, start);
    return FALSE;
  }
  g_string_append (text, " }");
  return TRUE;
}

char *
v2v_fact_text (const V2vFact *fact)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (!fact->decl->multiple)
    return g_strdup (fact->decl->name);
  if (!append_fact (text, "", fact, KEY_FIELDS) && !append_fact (text, "", fact, ALL_FIELDS))
    return g_strdup (fact->decl->name);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
v2v_store_to_text (V2vStore *store)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) unknown = g_string_new (NULL);

  for (guint d = 0; d < v2v_store_schema (store)->facts->len; d++) {
    const V2vFactDecl *decl = decl_at (store, d);
    const GPtrArray *facts = v2v_store_facts (store, decl);

    for (guint f = 0; f < facts->len; f++) {
      const V2vFact *fact = g_ptr_array_index (facts, f);

      if (decl->multiple) {
        if (append_fact (text, "", fact, ALL_FIELDS))
          g_string_append_c (text, '\n');
        continue;
      }
      for (guint i = 0; i < decl->fields->len; i++) {
        const V2vField *field = field_at (decl, i);
        g_autofree char *name = NULL, *value = NULL;

        if (!v2v_value_is_set (fact->values[i]))
          continue;
        name = g_strdup_printf ("%s.%s", decl->name, field->name);
        value = v2v_value_to_rule_text (field->type.kind, fact->values[i]);
        g_string_append_printf (text, "%-28s = %-24s", name, value);
        if (fact->by[i])
          g_string_append_printf (text, "  # %s", fact->by[i]);
        while (text->str[text->len - 1] == ' ')
          g_string_truncate (text, text->len - 1);
        g_string_append_c (text, '\n');
      }
    }
    if (!v2v_store_is_known (store, decl) && (facts->len == 0 || !has_value (facts->pdata[0])))
      g_string_append_printf (unknown, "%s%s", unknown->len > 0 ? ", " : "", decl->name);
  }
  if (unknown->len > 0)
    g_string_append_printf (text, "# not known: %s\n", unknown->str);
  return v2v_printable (text->str, (gssize)text->len, TRUE);
}

/* Appends KEYWORD and a list of words or quoted strings, separated by commas and broken into
 * lines. */
static void
append_list (GString *text, const char *keyword, const GPtrArray *names, gboolean quote)
{
  gsize line = text->len;

  if (names->len == 0)
    return;
  g_string_append_printf (text, "  %s", keyword);
  for (guint i = 0; i < names->len; i++) {
    const char *name = g_ptr_array_index (names, i);
    g_autofree char *word =
        quote ? v2v_value_to_rule_text (V2V_TYPE_STRING, v2v_value_text (name))
              : g_strdup (name);

    if (i > 0)
      g_string_append_c (text, ',');
    if (i > 0 && text->len - line + strlen (word) > 90) {
      g_string_append (text, "\n   ");
      line = text->len - 4;
    }
    g_string_append_printf (text, " %s", word);
  }
  g_string_append_c (text, '\n');
}

char *
v2v_store_to_rules (V2vStore *store, const char *name)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *quoted = v2v_value_to_rule_text (V2V_TYPE_STRING, v2v_value_text (name));
  g_autoptr (GPtrArray) probed = v2v_store_probed (store), asked = v2v_store_asked (store);
  g_autoptr (GPtrArray) known = g_ptr_array_new ();

  /* The capture names this engine's interface, because an engine with a lower one may not know
   * all of these facts. */
  g_string_append_printf (text, "v2v-rules %d", V2V_LANGUAGE);
  if (V2V_INTERFACE > 0)
    g_string_append_printf (text, ".%d", V2V_INTERFACE);
  g_string_append_printf (text, "\n\ncapture %s {\n", quoted);
  for (guint d = 0; d < v2v_store_schema (store)->facts->len; d++) {
    const V2vFactDecl *decl = decl_at (store, d);
    const GPtrArray *facts = v2v_store_facts (store, decl);

    for (guint f = 0; f < facts->len; f++)
      if (append_fact (text, "  given ", g_ptr_array_index (facts, f), BASE_FIELDS))
        g_string_append_c (text, '\n');
    if (v2v_store_is_known (store, decl))
      g_ptr_array_add (known, (gpointer)decl->name);
  }
  append_list (text, "probed", probed, FALSE);
  append_list (text, "asked", asked, TRUE);
  append_list (text, "known", known, FALSE);
  g_string_append (text, "}\n");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static JsonNode *
value_to_json (V2vValue value)
{
  JsonNode *node = json_node_alloc ();

  switch (value.kind) {
  case V2V_TEXT: {
    g_autofree char *text = g_utf8_make_valid (value.text, -1);

    return json_node_init_string (node, text);
  }
  case V2V_NUMBER:
    return json_node_init_int (node, value.number);
  case V2V_TRUTH:
    return json_node_init_boolean (node, value.number != 0);
  case V2V_UNSET:
    break;
  }
  return json_node_init_null (node);
}

static JsonObject *
fact_to_json (const V2vFact *fact)
{
  JsonObject *object = json_object_new ();

  for (guint i = 0; i < fact->decl->fields->len; i++)
    if (v2v_value_is_set (fact->values[i]))
      json_object_set_member (object, field_at (fact->decl, i)->name,
                              value_to_json (fact->values[i]));
  return object;
}

JsonNode *
v2v_store_to_json (V2vStore *store)
{
  JsonObject *root = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  for (guint d = 0; d < v2v_store_schema (store)->facts->len; d++) {
    const V2vFactDecl *decl = decl_at (store, d);
    const GPtrArray *facts = v2v_store_facts (store, decl);

    if (decl->multiple) {
      JsonArray *array = json_array_sized_new (facts->len);

      for (guint f = 0; f < facts->len; f++)
        json_array_add_object_element (array, fact_to_json (g_ptr_array_index (facts, f)));
      json_object_set_array_member (root, decl->name, array);
    } else {
      json_object_set_object_member (root, decl->name, fact_to_json (facts->pdata[0]));
    }
  }
  json_node_take_object (node, root);
  return node;
}

/* Returns TEXT without the characters that XML documents cannot contain. */
static char *
xml_text (const char *text)
{
  char *valid = g_utf8_make_valid (text, -1);

  for (char *c = valid; *c; c++)
    if ((guchar)*c < 0x20 && *c != '\t' && *c != '\n' && *c != '\r')
      *c = '?';
  return valid;
}

xmlDoc *
v2v_store_to_xml (V2vStore *store)
{
  xmlDoc *doc = xmlNewDoc (BAD_CAST "1.0");
  xmlNode *root = xmlNewNode (NULL, BAD_CAST "facts");

  xmlDocSetRootElement (doc, root);
  for (guint d = 0; d < v2v_store_schema (store)->facts->len; d++) {
    const V2vFactDecl *decl = decl_at (store, d);
    const GPtrArray *facts = v2v_store_facts (store, decl);

    for (guint f = 0; f < facts->len; f++) {
      const V2vFact *fact = g_ptr_array_index (facts, f);
      xmlNode *element;

      if (!decl->multiple && !has_value (fact))
        continue;
      element = xmlNewChild (root, NULL, BAD_CAST decl->name, NULL);
      for (guint i = 0; i < decl->fields->len; i++)
        if (v2v_value_is_set (fact->values[i])) {
          g_autofree char *value = v2v_value_to_text (fact->values[i]);
          g_autofree char *clean = xml_text (value);

          xmlNewProp (element, BAD_CAST field_at (decl, i)->name, BAD_CAST clean);
        }
    }
  }
  return doc;
}

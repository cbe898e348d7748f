/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The store of facts, with a hash index for each field that is looked up by value.
 *
 * Facts of a kind are the same fact if they have equal key fields and all key fields are set.
 * If a key field is unset, they are the same if all values that they were added with are
 * equal; so facts that their key cannot tell apart, such as two interfaces without an address,
 * remain two facts.
 */
#include "config.h"

#include <string.h>

#include "base/log.h"
#include "facts/store.h"

/* How the origin of a fact begins that a probe provided. */
#define PROBE "probe "

typedef struct {
  GPtrArray *facts;      /* V2vFact */
  GHashTable *by_key;    /* set of V2vFact, hashed by key fields */
  GHashTable *by_values; /* V2vFact with the values it was added with -> V2vFact */
  GHashTable **indexes;  /* per field: V2vValue -> GPtrArray of V2vFact; NULL: not yet used */
  guint fields;
  gboolean has_key;
  gboolean known;
} Kind;

struct V2vStore {
  const V2vSchema *schema;
  V2vPackageFormat format;
  GPtrArray *kinds;          /* Kind, indexed as the declarations; created when first used */
  GHashTable *asked;         /* set of interned paths */
  GPtrArray *asked_patterns; /* the asked paths that contain a * */
  GHashTable *probed;        /* set of interned names */
  guint64 changes;
};

/* ---- hashing ---- */

static guint
value_hash (gconstpointer data)
{
  return v2v_value_hash (*(const V2vValue *)data);
}

static gboolean
value_equal (gconstpointer a, gconstpointer b)
{
  return v2v_value_equal (*(const V2vValue *)a, *(const V2vValue *)b);
}

static inline const V2vField *
field_at (const V2vFactDecl *decl, guint i)
{
  return g_ptr_array_index (decl->fields, i);
}

static guint
key_hash (gconstpointer data)
{
  const V2vFact *fact = data;
  guint hash = 5381;

  for (guint i = 0; i < fact->decl->fields->len; i++)
    if (field_at (fact->decl, i)->key)
      hash = hash * 33 + v2v_value_hash (fact->values[i]);
  return hash;
}

static gboolean
key_equal (gconstpointer one, gconstpointer other)
{
  const V2vFact *a = one, *b = other;

  for (guint i = 0; i < a->decl->fields->len; i++)
    if (field_at (a->decl, i)->key && !v2v_value_equal (a->values[i], b->values[i]))
      return FALSE;
  return TRUE;
}

static guint
values_hash (gconstpointer data)
{
  const V2vFact *fact = data;
  guint hash = 5381;

  for (guint i = 0; i < fact->decl->fields->len; i++)
    hash = hash * 33 + v2v_value_hash (fact->values[i]);
  return hash;
}

static gboolean
values_equal (gconstpointer one, gconstpointer other)
{
  const V2vFact *a = one, *b = other;

  for (guint i = 0; i < a->decl->fields->len; i++)
    if (!v2v_value_equal (a->values[i], b->values[i]))
      return FALSE;
  return TRUE;
}

/* ---- the store ---- */

static void
kind_free (gpointer data)
{
  Kind *kind = data;

  if (!kind)
    return;
  for (guint i = 0; i < kind->fields; i++)
    g_clear_pointer (&kind->indexes[i], g_hash_table_unref);
  g_free (kind->indexes);
  g_clear_pointer (&kind->by_key, g_hash_table_unref);
  g_clear_pointer (&kind->by_values, g_hash_table_unref);
  g_ptr_array_unref (kind->facts);
  g_free (kind);
}

V2vStore *
v2v_store_new (const V2vSchema *schema)
{
  V2vStore *store = g_new0 (V2vStore, 1);

  store->schema = schema;
  store->kinds = g_ptr_array_new_with_free_func (kind_free);
  g_ptr_array_set_size (store->kinds, schema->facts->len);
  store->asked = g_hash_table_new (NULL, NULL);
  store->asked_patterns = g_ptr_array_new ();
  store->probed = g_hash_table_new (NULL, NULL);
  return store;
}

void
v2v_store_free (V2vStore *store)
{
  if (!store)
    return;
  g_ptr_array_unref (store->kinds);
  g_hash_table_unref (store->asked);
  g_ptr_array_unref (store->asked_patterns);
  g_hash_table_unref (store->probed);
  g_free (store);
}

const V2vSchema *
v2v_store_schema (const V2vStore *store)
{
  return store->schema;
}

void
v2v_store_set_package_format (V2vStore *store, V2vPackageFormat format)
{
  store->format = format;
}

V2vPackageFormat
v2v_store_package_format (const V2vStore *store)
{
  return store->format;
}

/* Allocates a fact together with its values and their origins in one block. */
static V2vFact *
fact_new (const V2vFactDecl *decl, guint number)
{
  guint fields = decl->fields->len;
  V2vFact *fact = g_malloc0 (sizeof *fact + fields * (sizeof (V2vValue) + sizeof (char *)));

  fact->decl = decl;
  fact->number = number;
  fact->values = (V2vValue *)(fact + 1);
  fact->by = (const char **)(fact->values + fields);
  return fact;
}

static Kind *
kind_new (const V2vFactDecl *decl)
{
  Kind *kind = g_new0 (Kind, 1);

  kind->facts = g_ptr_array_new_with_free_func (g_free);
  kind->fields = decl->fields->len;
  kind->indexes = g_new0 (GHashTable *, kind->fields);
  for (guint i = 0; i < kind->fields; i++)
    kind->has_key = kind->has_key || field_at (decl, i)->key;
  if (!decl->multiple)
    g_ptr_array_add (kind->facts, fact_new (decl, 0));
  return kind;
}

static inline Kind *
kind_of (V2vStore *store, const V2vFactDecl *decl)
{
  Kind *kind = g_ptr_array_index (store->kinds, decl->index);

  if (G_UNLIKELY (!kind))
    kind = store->kinds->pdata[decl->index] = kind_new (decl);
  return kind;
}

static void
index_add (GHashTable *index, V2vFact *fact, guint i)
{
  GPtrArray *list = g_hash_table_lookup (index, &fact->values[i]);

  if (!list) {
    list = g_ptr_array_new ();
    /* The key of the index points into the first such fact: facts neither move nor change. */
    g_hash_table_insert (index, &fact->values[i], list);
  }
  g_ptr_array_add (list, fact);
}

static void
fill (V2vStore *store, Kind *kind, V2vFact *fact, guint i, V2vValue value, const char *by)
{
  store->changes++;
  fact->values[i] = value;
  fact->by[i] = by;
  if (kind->indexes[i])
    index_add (kind->indexes[i], fact, i);
}

V2vFact *
v2v_store_single (V2vStore *store, const V2vFactDecl *decl)
{
  return g_ptr_array_index (kind_of (store, decl)->facts, 0);
}

/* Sets ERROR to say that FIELD of FACT has two values. The message names the origins in a fixed
 * order, so that it does not depend on the order in which rules run. */
static void
set_two_values (const V2vFact *fact, const V2vField *field, V2vValue value, const char *by,
                V2vExit code, GError **error)
{
  g_autofree char *name = v2v_fact_text (fact);
  g_autofree char *have = v2v_value_to_rule_text (field->type.kind, fact->values[field->index]);
  g_autofree char *want = v2v_value_to_rule_text (field->type.kind, value);
  const char *have_by = fact->by[field->index];
  gboolean swap = g_strcmp0 (have_by, by) > 0;

  const char *first = swap ? by : have_by, *second = swap ? have_by : by;
  /* A user who adds a probe usually cannot change the existing one, so suggest to override
   * it. */
  const gboolean probes =
      first && second && g_str_has_prefix (first, PROBE) && g_str_has_prefix (second, PROBE);
  g_autofree char *replaced =
      probes ? g_strndup (first + strlen (PROBE), strcspn (first + strlen (PROBE), " ,"))
             : NULL;

  g_set_error (error, V2V_ERROR, code,
               "%s.%s has two values: %s by %s, and %s by %s; a fact has one value for a "
               "field: correct one of the two%s%s%s",
               name, field->name, swap ? want : have, first, swap ? have : want, second,
               probes ? ", or replace one by \"override probe " : "", probes ? replaced : "",
               probes ? "\"" : "");
  v2v_error_say (
      error,
      "the facts of this guest contradict each other (%s.%s is %s or %s): " V2V_PLEASE_REPORT,
      name, field->name, have, want);
}

V2vFact *
v2v_store_add (V2vStore *store, const V2vFactDecl *decl, const V2vValue *values, const char *by,
               gboolean *new_r, GError **error)
{
  Kind *kind = kind_of (store, decl);
  V2vFact sample = {decl, 0, (V2vValue *)values, NULL};
  gboolean by_key = kind->has_key;
  V2vFact *fact = NULL;

  if (new_r)
    *new_r = FALSE;
  for (guint i = 0; by_key && i < kind->fields; i++)
    by_key = !field_at (decl, i)->key || v2v_value_is_set (values[i]);
  if (!decl->multiple)
    fact = g_ptr_array_index (kind->facts, 0);
  else if (by_key)
    fact = kind->by_key ? g_hash_table_lookup (kind->by_key, &sample) : NULL;
  else
    fact = kind->by_values ? g_hash_table_lookup (kind->by_values, &sample) : NULL;

  if (fact && (by_key || !decl->multiple)) {
    for (guint i = 0; i < kind->fields; i++)
      if (v2v_value_is_set (values[i]) && v2v_value_is_set (fact->values[i]) &&
          !v2v_value_equal (values[i], fact->values[i])) {
        set_two_values (fact, field_at (decl, i), values[i], by, V2V_EXIT_DATA, error);
        return NULL;
      }
    for (guint i = 0; i < kind->fields; i++)
      if (v2v_value_is_set (values[i]) && !v2v_value_is_set (fact->values[i]))
        fill (store, kind, fact, i, values[i], by);
  }
  if (fact)
    return fact;

  fact = fact_new (decl, kind->facts->len);
  g_ptr_array_add (kind->facts, fact);
  for (guint i = 0; i < kind->fields; i++)
    if (v2v_value_is_set (values[i]))
      fill (store, kind, fact, i, values[i], by);
  if (by_key) {
    if (!kind->by_key)
      kind->by_key = g_hash_table_new (key_hash, key_equal);
    g_hash_table_add (kind->by_key, fact);
  } else {
    V2vFact *came = fact_new (decl, 0);

    memcpy (came->values, values, kind->fields * sizeof (V2vValue));
    if (!kind->by_values)
      kind->by_values = g_hash_table_new_full (values_hash, values_equal, g_free, NULL);
    g_hash_table_insert (kind->by_values, came, fact);
  }
  if (new_r)
    *new_r = TRUE;
  return fact;
}

gboolean
v2v_store_set (V2vStore *store, V2vFact *fact, const V2vField *field, V2vValue value,
               const char *by, gboolean *changed_r, GError **error)
{
  V2vValue *held = &fact->values[field->index];

  if (changed_r)
    *changed_r = FALSE;
  if (!v2v_value_is_set (value) || v2v_value_equal (*held, value))
    return TRUE;
  /* Never replace a value: the result would depend on the order in which rules run. */
  if (v2v_value_is_set (*held)) {
    set_two_values (fact, field, value, by, V2V_EXIT_CONFIG, error);
    return FALSE;
  }
  fill (store, kind_of (store, fact->decl), fact, field->index, value, by);
  if (changed_r)
    *changed_r = TRUE;
  return TRUE;
}

/* Orders values: unset ones first, then text (by bytes), numbers and truth values. */
static int
value_order (V2vValue a, V2vValue b)
{
  if (a.kind != b.kind)
    return a.kind < b.kind ? -1 : 1;
  if (a.kind == V2V_UNSET)
    return 0;
  if (a.kind == V2V_TEXT)
    return strcmp (a.text, b.text);
  return (a.number > b.number) - (a.number < b.number);
}

static int
fact_order (gconstpointer one, gconstpointer other)
{
  const V2vFact *a = *(const V2vFact *const *)one, *b = *(const V2vFact *const *)other;

  for (guint i = 0; i < a->decl->fields->len; i++) {
    int order = value_order (a->values[i], b->values[i]);

    if (order != 0)
      return order;
  }
  return 0;
}

void
v2v_store_settle (V2vStore *store, const V2vFactDecl *decl, guint from)
{
  Kind *kind = kind_of (store, decl);

  if (kind->facts->len < from + 2)
    return;
  qsort (kind->facts->pdata + from, kind->facts->len - from, sizeof (gpointer), fact_order);
  for (guint i = from; i < kind->facts->len; i++)
    ((V2vFact *)kind->facts->pdata[i])->number = i;
  /* The indexes list facts in the old order. They are rebuilt when they are next used. */
  for (guint i = 0; i < kind->fields; i++)
    g_clear_pointer (&kind->indexes[i], g_hash_table_unref);
}

guint64
v2v_store_changes (const V2vStore *store)
{
  return store->changes;
}

const GPtrArray *
v2v_store_facts (V2vStore *store, const V2vFactDecl *decl)
{
  return kind_of (store, decl)->facts;
}

const GPtrArray *
v2v_store_lookup (V2vStore *store, const V2vField *field, V2vValue value)
{
  Kind *kind = kind_of (store, field->fact);
  GHashTable *index = kind->indexes[field->index];

  if (G_UNLIKELY (!index)) {
    index = g_hash_table_new_full (value_hash, value_equal, NULL,
                                   (GDestroyNotify)g_ptr_array_unref);
    kind->indexes[field->index] = index;
    for (guint i = 0; i < kind->facts->len; i++) {
      V2vFact *fact = g_ptr_array_index (kind->facts, i);

      if (v2v_value_is_set (fact->values[field->index]))
        index_add (index, fact, field->index);
    }
  }
  return v2v_value_is_set (value) ? g_hash_table_lookup (index, &value) : NULL;
}

/* ---- which facts are known ---- */

void
v2v_store_set_known (V2vStore *store, const V2vFactDecl *decl)
{
  kind_of (store, decl)->known = TRUE;
}

gboolean
v2v_store_is_known (const V2vStore *store, const V2vFactDecl *decl)
{
  const Kind *kind = g_ptr_array_index (store->kinds, decl->index);

  return (kind && kind->known) || (decl->derived && decl->origin == V2V_ORIGIN_RULES);
}

void
v2v_store_set_asked (V2vStore *store, const char *path)
{
  const char *interned = v2v_intern (path);

  if (g_hash_table_add (store->asked, (gpointer)interned) && strchr (path, '*') != NULL)
    g_ptr_array_add (store->asked_patterns, (gpointer)interned);
}

gboolean
v2v_store_is_asked (const V2vStore *store, const char *path)
{
  if (g_hash_table_contains (store->asked, v2v_intern (path)))
    return TRUE;
  for (guint i = 0; i < store->asked_patterns->len; i++)
    if (v2v_glob_match (store->asked_patterns->pdata[i], path))
      return TRUE;
  return FALSE;
}

static int
text_order (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *
sorted (GHashTable *set)
{
  GPtrArray *list = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer text;

  g_hash_table_iter_init (&iter, set);
  while (g_hash_table_iter_next (&iter, &text, NULL))
    g_ptr_array_add (list, text);
  g_ptr_array_sort (list, text_order);
  return list;
}

GPtrArray *
v2v_store_asked (const V2vStore *store)
{
  return sorted (store->asked);
}

void
v2v_store_set_probed (V2vStore *store, const char *probe)
{
  g_hash_table_add (store->probed, (gpointer)v2v_intern (probe));
}

gboolean
v2v_store_is_probed (const V2vStore *store, const char *probe)
{
  return g_hash_table_contains (store->probed, v2v_intern (probe));
}

GPtrArray *
v2v_store_probed (const V2vStore *store)
{
  return sorted (store->probed);
}

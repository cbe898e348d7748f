/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Keeps the values of options by name.
 */
#include "config.h"

#include <string.h>

#include "base/options.h"

struct V2vOptionValues {
  GHashTable *by_name; /* char * -> GPtrArray of char *, NULL-terminated */
};

V2vOptionValues *
v2v_option_values_new (void)
{
  V2vOptionValues *values = g_new0 (V2vOptionValues, 1);

  values->by_name = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                           (GDestroyNotify)g_ptr_array_unref);
  return values;
}

void
v2v_option_values_free (V2vOptionValues *values)
{
  if (!values)
    return;
  g_hash_table_unref (values->by_name);
  g_free (values);
}

void
v2v_option_values_add (V2vOptionValues *values, const char *name, const char *value)
{
  GPtrArray *all = g_hash_table_lookup (values->by_name, name);

  if (!all) {
    all = g_ptr_array_new_null_terminated (2, g_free, TRUE);
    g_hash_table_insert (values->by_name, g_strdup (name), all);
  }
  g_ptr_array_add (all, g_strdup (value));
}

gboolean
v2v_option_is_set (const V2vOptionValues *values, const char *name)
{
  return g_hash_table_contains (values->by_name, name);
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *)a, *(char *const *)b);
}

char **
v2v_option_names (const V2vOptionValues *values)
{
  GPtrArray *names = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, values->by_name);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return (char **)g_ptr_array_free (names, FALSE);
}

const char *
v2v_option_get (const V2vOptionValues *values, const char *name)
{
  const GPtrArray *all = g_hash_table_lookup (values->by_name, name);

  return all && all->len ? all->pdata[all->len - 1] : NULL;
}

const char *const *
v2v_option_get_all (const V2vOptionValues *values, const char *name)
{
  static const char *const none[] = {NULL};
  const GPtrArray *all = g_hash_table_lookup (values->by_name, name);

  return all ? (const char *const *)all->pdata : none;
}

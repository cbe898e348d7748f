/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Formats names for messages of the checker: where something is declared, and what an unknown
 * name was probably meant to be.
 */
#include "config.h"

#include "check/check.h"

/* After this many comparisons of names the checker stops making suggestions: a hostile file
 * could contain any number of unknown names. */
#define COMPARED_MAX 500000
/* If no name is near, all names are listed if there are at most this many. */
#define LISTED_MAX 12

char *
v2v_place_text (V2vPlace place)
{
  return g_strdup_printf ("%s:%u", place.file != NULL ? place.file : "?", place.line);
}

GPtrArray *
v2v_keys (const V2vCheck *check, GHashTable *table)
{
  GPtrArray *keys = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer key;

  if (check->compared > COMPARED_MAX)
    return keys;
  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_ptr_array_add (keys, key);
  return keys;
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

char *
v2v_suggest (V2vCheck *check, const char *name, GPtrArray *candidates)
{
  const char *nearest;
  g_autoptr (GString) list = NULL;

  check->compared += candidates->len + 1;
  if (check->compared > COMPARED_MAX)
    return NULL;
  g_ptr_array_sort (candidates, compare_names);
  nearest = v2v_nearest (name, candidates);
  if (nearest != NULL)
    return g_strdup_printf ("did you mean %s?", nearest);
  if (candidates->len == 0 || candidates->len > LISTED_MAX)
    return NULL;
  list = g_string_new (candidates->len == 1 ? "there is only " : "there are ");
  for (guint i = 0; i < candidates->len; i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "",
                            (const char *)g_ptr_array_index (candidates, i));
  return g_strdup (list->str);
}

gboolean
v2v_name_lost (const V2vCheck *check, const char *name)
{
  return check->syntax->unusable || g_hash_table_contains (check->syntax->lost, name);
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Creates and frees the set of checked rules, and answers which provider takes precedence over
 * another.
 */
#include "config.h"

#include "lang/private.h"

V2vRuleSet *
v2v_ruleset_new (GPtrArray *rule_dirs)
{
  V2vRuleSet *rules = g_new0 (V2vRuleSet, 1);
  V2vRuleSetPrivate *priv = g_new0 (V2vRuleSetPrivate, 1);

  priv->arena = v2v_arena_new ();
  priv->xpaths = g_ptr_array_new_with_free_func ((GDestroyNotify)xmlXPathFreeCompExpr);
  priv->operations = g_ptr_array_new ();
  rules->priv = priv;
  rules->schema = v2v_schema_new ();
  rules->operations = g_ptr_array_new ();
  rules->rules = g_ptr_array_new ();
  rules->providers = g_ptr_array_new ();
  rules->probes = g_ptr_array_new ();
  rules->options = g_ptr_array_new ();
  rules->tests = g_ptr_array_new ();
  rules->captures = g_ptr_array_new ();
  rules->paths = g_ptr_array_new ();
  rules->strata = g_ptr_array_new ();
  rules->listed_files = g_array_new (FALSE, FALSE, sizeof (V2vListedFile));
  rules->listed_decls = g_array_new (FALSE, FALSE, sizeof (V2vListedDecl));
  /* Hash by content, not by address: names are interned, but callers may look up any text. */
  rules->operations_by_name = g_hash_table_new (g_str_hash, g_str_equal);
  rules->providers_by_name =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
  rules->rule_dirs = g_ptr_array_ref (rule_dirs);
  return rules;
}

void
v2v_ruleset_free (V2vRuleSet *rules)
{
  V2vRuleSetPrivate *priv;

  if (rules == NULL)
    return;
  priv = rules->priv;
  g_ptr_array_unref (rules->operations);
  g_ptr_array_unref (rules->rules);
  g_ptr_array_unref (rules->providers);
  g_ptr_array_unref (rules->probes);
  g_ptr_array_unref (rules->options);
  g_ptr_array_unref (rules->tests);
  g_ptr_array_unref (rules->captures);
  g_ptr_array_unref (rules->paths);
  g_ptr_array_unref (rules->strata);
  g_array_unref (rules->listed_files);
  g_array_unref (rules->listed_decls);
  g_hash_table_unref (rules->operations_by_name);
  g_hash_table_unref (rules->providers_by_name);
  g_ptr_array_unref (rules->rule_dirs);
  v2v_schema_free (rules->schema);
  g_ptr_array_unref (priv->xpaths);
  g_ptr_array_unref (priv->operations);
  if (priv->files != NULL)
    g_ptr_array_unref (priv->files);
  v2v_arena_free (priv->arena);
  g_free (priv);
  g_free (rules);
}

gboolean
v2v_provider_is_over (const V2vProvider *a, const V2vProvider *b)
{
  g_autoptr (GHashTable) seen = NULL;
  g_autoptr (GPtrArray) list = NULL;

  if (a->over->len == 0)
    return FALSE;
  seen = g_hash_table_new (NULL, NULL);
  list = g_ptr_array_new ();
  g_ptr_array_add (list, (gpointer)a);
  for (guint i = 0; i < list->len; i++) {
    const GPtrArray *over = ((const V2vProvider *)list->pdata[i])->over;

    for (guint j = 0; j < over->len; j++) {
      if (over->pdata[j] == b)
        return TRUE;
      if (g_hash_table_add (seen, over->pdata[j]))
        g_ptr_array_add (list, over->pdata[j]);
    }
  }
  return FALSE;
}

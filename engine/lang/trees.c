/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The trees in effect, and the scripts and stylesheets in them that rules name.
 */
#include "config.h"

#include "lang/ruleset.h"

static void
tree_free (gpointer data)
{
  V2vRuleTree *tree = data;

  g_free (tree->dir);
  g_free (tree);
}

static void
add_tree (GPtrArray *trees, const char *dir, gboolean required, gboolean shipped)
{
  V2vRuleTree *tree = g_new0 (V2vRuleTree, 1);

  tree->dir = g_canonicalize_filename (dir, NULL);
  tree->required = required;
  tree->shipped = shipped;
  g_ptr_array_add (trees, tree);
}

GPtrArray *
v2v_rule_trees_default (const char *const *extra)
{
  GPtrArray *trees = g_ptr_array_new_with_free_func (tree_free);
  const char *instead = g_getenv ("V2V_ENGINE_DATA_DIR");

  for (guint i = 0; extra != NULL && extra[i] != NULL; i++)
    add_tree (trees, extra[i], TRUE, FALSE);
  if (instead != NULL) {
    add_tree (trees, instead, TRUE, TRUE);
    return trees;
  }
  add_tree (trees, V2V_SYSCONF_DIR, FALSE, FALSE);
  if (strcmp (V2V_LOCAL_DIR, V2V_DATA_DIR) != 0)
    add_tree (trees, V2V_LOCAL_DIR, FALSE, FALSE);
  add_tree (trees, V2V_DATA_DIR, TRUE, TRUE);
  return trees;
}

static const char *
script_in (const char *dir, const char *subdir, const char *name)
{
  g_autofree char *path = g_build_filename (dir, subdir, name, NULL);

  return g_file_test (path, G_FILE_TEST_IS_REGULAR) ? v2v_intern (path) : NULL;
}

/* The directory that holds the rules/ which FILE is in, or NULL. */
static char *
home_of (const V2vRuleSet *rules, const char *file)
{
  g_autofree char *absolute = g_canonicalize_filename (file, NULL);
  g_autofree char *directory = g_path_get_dirname (absolute);
  g_autofree char *base = g_path_get_basename (directory);

  for (guint i = 0; i < rules->trees->len; i++) {
    const V2vRuleTree *tree = g_ptr_array_index (rules->trees, i);
    g_autofree char *prefix = g_build_filename (tree->dir, "rules", "/", NULL);

    if (g_str_has_prefix (absolute, prefix))
      return g_strdup (tree->dir);
  }
  /* A file that was named by itself may lie in a tree that was not. */
  return strcmp (base, "rules") == 0 ? g_path_get_dirname (directory) : NULL;
}

const char *
v2v_find_script (const GPtrArray *trees, const char *subdir, const char *name)
{
  const char *found = NULL;

  for (guint i = 0; found == NULL && i < trees->len; i++)
    found = script_in (((const V2vRuleTree *)g_ptr_array_index (trees, i))->dir, subdir, name);
  return found;
}

const char *
v2v_ruleset_find_script (const V2vRuleSet *rules, const char *from_file, const char *subdir,
                         const char *name)
{
  g_autofree char *home = from_file != NULL ? home_of (rules, from_file) : NULL;
  const char *found = home != NULL ? script_in (home, subdir, name) : NULL;

  return found != NULL ? found : v2v_find_script (rules->trees, subdir, name);
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Determines the rule directories, and finds the scripts and stylesheets in them that rules
 * name.
 */
#include "config.h"

#include "lang/ruleset.h"

static void
rule_dir_free (gpointer data)
{
  V2vRuleDir *rule_dir = data;

  g_free (rule_dir->path);
  g_free (rule_dir);
}

static void
add_rule_dir (GPtrArray *rule_dirs, const char *dir, gboolean required, gboolean shipped)
{
  V2vRuleDir *rule_dir = g_new0 (V2vRuleDir, 1);

  rule_dir->path = g_canonicalize_filename (dir, NULL);
  rule_dir->required = required;
  rule_dir->shipped = shipped;
  g_ptr_array_add (rule_dirs, rule_dir);
}

GPtrArray *
v2v_rule_dirs_default (const char *const *extra)
{
  GPtrArray *rule_dirs = g_ptr_array_new_with_free_func (rule_dir_free);
  const char *instead = g_getenv ("V2V_ENGINE_DATA_DIR");

  for (guint i = 0; extra != NULL && extra[i] != NULL; i++)
    add_rule_dir (rule_dirs, extra[i], TRUE, FALSE);
  if (instead != NULL) {
    add_rule_dir (rule_dirs, instead, TRUE, TRUE);
    return rule_dirs;
  }
  add_rule_dir (rule_dirs, V2V_SYSCONF_DIR, FALSE, FALSE);
  if (strcmp (V2V_LOCAL_DIR, V2V_DATA_DIR) != 0)
    add_rule_dir (rule_dirs, V2V_LOCAL_DIR, FALSE, FALSE);
  add_rule_dir (rule_dirs, V2V_DATA_DIR, TRUE, TRUE);
  return rule_dirs;
}

static const char *
script_in (const char *dir, const char *subdir, const char *name)
{
  g_autofree char *path = g_build_filename (dir, subdir, name, NULL);

  return g_file_test (path, G_FILE_TEST_IS_REGULAR) ? v2v_intern (path) : NULL;
}

/* The rule directory that contains FILE in its rules/, or NULL. */
static char *
home_of (const V2vRuleSet *rules, const char *file)
{
  g_autofree char *absolute = g_canonicalize_filename (file, NULL);
  g_autofree char *directory = g_path_get_dirname (absolute);
  g_autofree char *base = g_path_get_basename (directory);

  for (guint i = 0; i < rules->rule_dirs->len; i++) {
    const V2vRuleDir *rule_dir = g_ptr_array_index (rules->rule_dirs, i);
    g_autofree char *prefix = g_build_filename (rule_dir->path, "rules", "/", NULL);

    if (g_str_has_prefix (absolute, prefix))
      return g_strdup (rule_dir->path);
  }
  /* A rule file that the user named alone may be in a rule directory that is not among
   * RULE_DIRS. */
  return strcmp (base, "rules") == 0 ? g_path_get_dirname (directory) : NULL;
}

const char *
v2v_find_script (const GPtrArray *rule_dirs, const char *subdir, const char *name)
{
  const char *found = NULL;

  for (guint i = 0; found == NULL && i < rule_dirs->len; i++)
    found =
        script_in (((const V2vRuleDir *)g_ptr_array_index (rule_dirs, i))->path, subdir, name);
  return found;
}

const char *
v2v_ruleset_find_script (const V2vRuleSet *rules, const char *from_file, const char *subdir,
                         const char *name)
{
  g_autofree char *home = from_file != NULL ? home_of (rules, from_file) : NULL;
  const char *found = home != NULL ? script_in (home, subdir, name) : NULL;

  return found != NULL ? found : v2v_find_script (rules->rule_dirs, subdir, name);
}

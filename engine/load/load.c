/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Loads rule files and captures into a checked rule set.
 */
#include "config.h"

#include "check/check.h"
#include "load/files.h"
#include "load/load.h"
#include "syntax/parser.h"

static V2vSyntax *
syntax_new (void)
{
  V2vSyntax *syntax = g_new0 (V2vSyntax, 1);

  syntax->decls = g_ptr_array_new ();
  syntax->lost = g_hash_table_new (g_str_hash, g_str_equal);
  return syntax;
}

static void
syntax_free (V2vSyntax *syntax)
{
  g_ptr_array_unref (syntax->decls);
  g_hash_table_unref (syntax->lost);
  g_free (syntax);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vSyntax, syntax_free)

/* Frees the text of a file, which is not needed after checking: diagnostics have copied the
 * lines that they show. */
static void
drop_text (V2vRuleFile *file, V2vDiags *diags)
{
  v2v_diags_set_text (diags, file->path, "", 0);
  g_clear_pointer (&file->text, g_free);
}

static gint
compare_paths (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static void
shuffle_files (GPtrArray *files, guint seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);

  for (guint i = files->len; i > 1; i--) {
    guint j = (guint)g_rand_int_range (random, 0, (gint32)i);
    gpointer kept = files->pdata[j];

    files->pdata[j] = files->pdata[i - 1];
    files->pdata[i - 1] = kept;
  }
}

V2vRuleSet *
v2v_ruleset_load (GPtrArray *rule_dirs, const char *const *files, gboolean with_tests,
                  const V2vScriptChecks *checks, V2vDiags *diags)
{
  return v2v_ruleset_load_shuffled (rule_dirs, files, with_tests, checks, 0, diags);
}

V2vRuleSet *
v2v_ruleset_load_shuffled (GPtrArray *rule_dirs, const char *const *files, gboolean with_tests,
                           const V2vScriptChecks *checks, guint seed, V2vDiags *diags)
{
  V2vRuleSet *rules = v2v_ruleset_new (rule_dirs);
  V2vRuleSetPrivate *priv = rules->priv;
  const guint errors_before = v2v_diags_errors (diags);
  g_autoptr (V2vSyntax) syntax = syntax_new ();
  g_autoptr (GHashTable) lets = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) broken = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) direct = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) paths = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) named = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) examined =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) by_path = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) functions = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) effective = g_ptr_array_new ();
  V2vCheck check = {.rules = rules,
                    .priv = priv,
                    .arena = priv->arena,
                    .diags = diags,
                    .syntax = syntax,
                    .scripts = checks,
                    .with_tests = with_tests,
                    .lets = lets,
                    .broken = broken,
                    .effective = effective,
                    .direct = direct,
                    .paths = paths,
                    .files = by_path,
                    .functions = functions,
                    .examined = examined,
                    .named = named};
  GHashTableIter iter;
  gpointer path;

  priv->files = v2v_find_rule_files (rule_dirs, files, with_tests, rules->listed_files, diags,
                                     &syntax->unusable);
  if (seed)
    shuffle_files (priv->files, seed);
  for (guint i = 0; i < priv->files->len; i++) {
    V2vRuleFile *file = g_ptr_array_index (priv->files, i);

    g_hash_table_insert (by_path, (gpointer)file->path, file);
    if (v2v_read_rule_file (file, diags))
      v2v_parse (priv->arena, file, diags, syntax, NULL);
    else
      syntax->unusable = TRUE;
  }

  v2v_check_schema (&check);
  v2v_check_lets (&check);
  v2v_check_effect (&check);
  v2v_check_rules (&check);
  if (with_tests)
    v2v_check_tests (&check);
  v2v_check_captures (&check);
  v2v_check_strata (&check);
  if (checks != NULL && checks->implies != NULL && v2v_diags_errors (diags) == errors_before)
    v2v_check_sense (&check);

  g_hash_table_iter_init (&iter, paths);
  while (g_hash_table_iter_next (&iter, &path, NULL))
    g_ptr_array_add (rules->paths, path);
  g_ptr_array_sort (rules->paths, compare_paths);

  for (guint i = 0; i < priv->files->len; i++)
    drop_text (g_ptr_array_index (priv->files, i), diags);
  if (v2v_diags_errors (diags) > errors_before)
    g_clear_pointer (&rules, v2v_ruleset_free);
  else
    v2v_list_declarations (syntax, rules->listed_decls);
  return rules;
}

V2vCapture *
v2v_ruleset_read_capture (V2vRuleSet *rules, const char *path, V2vDiags *diags)
{
  V2vRuleSetPrivate *priv = rules->priv;
  V2vRuleFile *file = g_new0 (V2vRuleFile, 1);
  const guint errors_before = v2v_diags_errors (diags), captures_before = rules->captures->len;
  g_autoptr (V2vSyntax) syntax = syntax_new ();
  g_autoptr (GHashTable) broken = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) by_path = g_hash_table_new (NULL, NULL);
  V2vCheck check = {.rules = rules,
                    .priv = priv,
                    .arena = priv->arena,
                    .diags = diags,
                    .syntax = syntax,
                    .files = by_path,
                    .broken = broken};
  V2vCapture *capture = NULL;

  g_ptr_array_add (priv->files, file);
  file->path = g_intern_string (path);
  file->origin = v2v_intern (path);
  g_hash_table_insert (by_path, (gpointer)file->path, file);
  if (!v2v_read_rule_file (file, diags))
    return NULL;
  v2v_parse (priv->arena, file, diags, syntax, NULL);
  for (guint i = 0; i < syntax->decls->len; i++) {
    const V2vDecl *decl = g_ptr_array_index (syntax->decls, i);

    if (i > 0 || decl->kind != V2V_DECL_CAPTURE)
      check_error (&check, V2V_CODE_CAPTURE, decl->name.place, 1, NULL,
                   "a file of facts contains exactly one capture and nothing else");
  }
  if (syntax->decls->len == 0 && v2v_diags_errors (diags) == errors_before)
    check_error (&check, V2V_CODE_CAPTURE, ((V2vPlace){file->path, 0, 0}), 1, NULL,
                 "there is no capture in this file");
  if (v2v_diags_errors (diags) == errors_before)
    v2v_check_captures (&check);
  if (v2v_diags_errors (diags) == errors_before)
    capture = g_ptr_array_index (rules->captures, captures_before);
  else
    g_ptr_array_set_size (rules->captures, (int)captures_before);
  drop_text (file, diags);
  return capture;
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Directories of rules that tests make, and loading them.
 */
#pragma once

#include <string.h>

#include <glib/gstdio.h>

#include "lang/ruleset.h"
#include "load/load.h"

/* Each test uses some of these only. */
#define FIXTURE G_GNUC_UNUSED static

/* A new directory; to be freed with g_free after fixture_remove. */
FIXTURE char *
fixture_directory (void)
{
  g_autofree char *template = g_build_filename (g_get_tmp_dir (), "v2v-rules-XXXXXX", NULL);

  g_assert_nonnull (g_mkdtemp (template));
  return g_steal_pointer (&template);
}

FIXTURE void
fixture_remove (const char *path)
{
  g_autoptr (GDir) dir =
      g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *child = g_build_filename (path, name, NULL);

    fixture_remove (child);
  }
  g_remove (path);
}

/* LENGTH -1: up to its end. Directories are made as needed. */
FIXTURE void
fixture_write (const char *directory, const char *path, const char *text, gssize length)
{
  g_autofree char *full = g_build_filename (directory, path, NULL);
  g_autofree char *parent = g_path_get_dirname (full);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_assert_true (g_file_set_contents (full, text, length, NULL));
}

/* The trees NAMES below DIRECTORY, the highest first; the last is the shipped one. */
FIXTURE GPtrArray *
fixture_trees (const char *directory, const char *const *names)
{
  g_autoptr (GPtrArray) extra = g_ptr_array_new_with_free_func (g_free);
  guint i;

  for (i = 0; names[i + 1] != NULL; i++)
    g_ptr_array_add (extra, g_build_filename (directory, names[i], NULL));
  g_ptr_array_add (extra, NULL);
  {
    g_autofree char *shipped = g_build_filename (directory, names[i], NULL);

    g_setenv ("V2V_ENGINE_DATA_DIR", shipped, TRUE);
  }
  return v2v_rule_dirs_default ((const char *const *)extra->pdata);
}

/* Loads them; there must be no error. What is reported otherwise is put into *REPORT_R, if that
 * is not NULL, else there must be nothing. */
FIXTURE V2vRuleSet *
fixture_load (const char *directory, const char *const *names, const char *const *files,
              gboolean with_tests, char **report_r)
{
  g_autoptr (GPtrArray) trees = fixture_trees (directory, names);
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  V2vRuleSet *rules = v2v_ruleset_load (trees, files, with_tests, NULL, diags);
  g_autofree char *report = v2v_diags_to_string (diags);

  if (report_r != NULL)
    *report_r = g_steal_pointer (&report);
  else
    g_assert_cmpstr (report, ==, "");
  g_assert_nonnull (rules);
  return rules;
}

/* TEXT (after its header) as the only rule file. */
FIXTURE V2vRuleSet *
fixture_load_text (const char *text)
{
  g_autofree char *directory = fixture_directory ();
  g_autofree char *whole = g_strconcat ("v2v-rules 1\n", text, NULL);
  static const char *const names[] = {"t", NULL};
  V2vRuleSet *rules;

  fixture_write (directory, "t/rules/x.v2v", whole, -1);
  fixture_write (directory, "t/lua/x.lua", "", 0);
  fixture_write (directory, "t/xslt/configure-x.xsl", "", 0);
  rules = fixture_load (directory, names, NULL, TRUE, NULL);
  fixture_remove (directory);
  return rules;
}

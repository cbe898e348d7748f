/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Where rule files and scripts are found: trees that hide each other's files.
 */
#include "config.h"

#include <errno.h>
#include <sys/stat.h>

#include "lang/check.h"

#define DIRECTORY_DEPTH_MAX 16

#define tree_error(diags, code, file, hint, ...)                                               \
  v2v_diags_add ((diags), V2V_DIAG_ERROR, (code), ((V2vPlace){g_intern_string (file), 0, 0}),  \
                 1, (hint), __VA_ARGS__)

#define tree_warning(diags, code, file, hint, ...)                                             \
  v2v_diags_add ((diags), V2V_DIAG_WARNING, (code),                                            \
                 ((V2vPlace){g_intern_string (file), 0, 0}), 1, (hint), __VA_ARGS__)

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

/* ---- rule files ---- */

void
v2v_rule_file_free (V2vRuleFile *file)
{
  g_free (file->text);
  g_free (file);
}

typedef struct {
  GHashTable *seen; /* relative path -> path, of higher trees */
  GPtrArray *files; /* V2vRuleFile */
  GArray *listed;   /* V2vListedFile */
  gboolean with_tests;
  guint tree;
  V2vDiags *diags;
  gboolean *lost_r;
} Search;

static void
add_file (Search *search, const char *path, const char *origin)
{
  V2vRuleFile *file = g_new0 (V2vRuleFile, 1);

  file->path = g_intern_string (path);
  file->origin = v2v_intern (origin);
  file->tree = search->tree;
  g_ptr_array_add (search->files, file);
}

/* Puts a file that was found on the list; FALSE if one of a higher tree hides it. */
static gboolean
list_file (Search *search, const char *path, const char *origin)
{
  g_autofree char *to = g_file_read_link (path, NULL);
  V2vListedFile file = {.path = g_intern_string (path),
                        .origin = v2v_intern (origin),
                        .tree = search->tree,
                        .is_off = g_strcmp0 (to, "/dev/null") == 0};

  file.hidden_by = g_hash_table_lookup (search->seen, file.origin);
  if (file.hidden_by == NULL)
    g_hash_table_insert (search->seen, (gpointer)file.origin, (gpointer)file.path);
  g_array_append_val (search->listed, file);
  return file.hidden_by == NULL;
}

/* All rule files below DIR, whose path below rules/ is RELATIVE ("" for rules/ itself). */
static void
search_directory (Search *search, const char *dir, const char *relative, guint depth)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) directory = g_dir_open (dir, 0, &error);
  const char *name;

  if (directory == NULL) {
    tree_error (search->diags, V2V_CODE_UNREADABLE, dir, NULL,
                "the directory cannot be read: %s", error->message);
    *search->lost_r = TRUE;
    return;
  }
  while ((name = g_dir_read_name (directory)) != NULL) {
    g_autofree char *path = g_build_filename (dir, name, NULL);
    g_autofree char *origin =
        *relative != '\0' ? g_strdup_printf ("%s/%s", relative, name) : g_strdup (name);
    const gboolean is_rule = g_str_has_suffix (name, ".v2v");
    struct stat link, target;

    if (name[0] == '.' || lstat (path, &link) != 0)
      continue;
    if (S_ISDIR (link.st_mode)) {
      if (depth >= DIRECTORY_DEPTH_MAX)
        tree_error (search->diags, V2V_CODE_LIMIT, path, NULL,
                    "directories are nested more than %d levels deep", DIRECTORY_DEPTH_MAX);
      else
        search_directory (search, path, origin, depth + 1);
      continue;
    }
    if (S_ISLNK (link.st_mode) && g_file_test (path, G_FILE_TEST_IS_DIR)) {
      tree_warning (search->diags, V2V_CODE_LINKED_DIRECTORY, path,
                    "link the files in it, or put the directory itself here",
                    "a link to a directory is not followed");
      continue;
    }
    if (!is_rule || (!search->with_tests && g_str_has_suffix (name, ".test.v2v")) ||
        !list_file (search, path, origin))
      continue;
    if (stat (path, &target) != 0) {
      const int errnum = errno;

      tree_error (search->diags, V2V_CODE_UNREADABLE, path,
                  S_ISLNK (link.st_mode) ? "to turn a file off, link it to /dev/null" : NULL,
                  "the file cannot be read: %s", g_strerror (errnum));
      *search->lost_r = TRUE;
    } else if (S_ISCHR (target.st_mode)) {
      /* A link to /dev/null: the files of this path in lower trees are turned off. */
      g_autofree char *to = g_file_read_link (path, NULL);

      if (g_strcmp0 (to, "/dev/null") != 0)
        tree_error (search->diags, V2V_CODE_UNREADABLE, path, NULL,
                    "this is neither a file nor a link to /dev/null");
    } else if (S_ISREG (target.st_mode)) {
      add_file (search, path, origin);
    } else {
      tree_error (search->diags, V2V_CODE_UNREADABLE, path, NULL,
                  "this is neither a file nor a link to /dev/null");
    }
  }
}

static gint
compare_files (gconstpointer a, gconstpointer b)
{
  const V2vRuleFile *x = *(const V2vRuleFile *const *)a, *y = *(const V2vRuleFile *const *)b;
  const int order = strcmp (x->origin, y->origin);

  return order != 0 ? order : strcmp (x->path, y->path);
}

/* What tells PATH from other files, by whatever name; NULL if it is not there. */
static char *
identity_of (const char *path)
{
  struct stat status;

  if (stat (path, &status) != 0)
    return NULL;
  return g_strdup_printf ("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT, (guint64)status.st_dev,
                          (guint64)status.st_ino);
}

/* Adds FILES, but none that was found already. */
static void
add_single_files (Search *search, const char *const *files)
{
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < search->files->len; i++) {
    char *identity = identity_of (((V2vRuleFile *)g_ptr_array_index (search->files, i))->path);

    if (identity != NULL)
      g_hash_table_add (known, identity);
  }
  for (guint i = 0; files[i] != NULL; i++) {
    g_autofree char *base = g_path_get_basename (files[i]);
    char *identity = identity_of (files[i]);

    /* One that is not there is added, and its absence reported when it is read. */
    if (identity == NULL || g_hash_table_add (known, identity)) {
      const V2vListedFile file = {g_intern_string (files[i]), v2v_intern (base), 0, FALSE,
                                  NULL};

      add_file (search, files[i], base);
      g_array_append_val (search->listed, file);
    }
  }
}

GPtrArray *
v2v_find_rule_files (GPtrArray *trees, const char *const *files, gboolean with_tests,
                     GArray *listed, V2vDiags *diags, gboolean *lost_r)
{
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify)v2v_rule_file_free);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  Search search = {seen, found, listed, with_tests, 0, diags, lost_r};

  for (guint i = 0; i < trees->len; i++) {
    const V2vRuleTree *tree = g_ptr_array_index (trees, i);
    g_autofree char *rules = g_build_filename (tree->dir, "rules", NULL);

    search.tree = i;
    if (g_file_test (rules, G_FILE_TEST_IS_DIR)) {
      search_directory (&search, rules, "", 0);
    } else if (tree->required) {
      tree_error (diags, V2V_CODE_NO_TREE, tree->dir,
                  tree->shipped
                      ? "install the program's rules, or set V2V_ENGINE_DATA_DIR"
                      : "--rules-dir names a directory that holds rules/, lua/ and xslt/",
                  "there is no directory rules/ in it");
      *lost_r = TRUE;
    }
  }
  search.tree = 0;
  if (files != NULL)
    add_single_files (&search, files);
  g_ptr_array_sort (found, compare_files);
  return found;
}

gboolean
v2v_read_rule_file (V2vRuleFile *file, V2vDiags *diags)
{
  g_autoptr (GError) error = NULL;
  struct stat status;

  /* Looked at first: a file that is too large is not read, and a device never ends. */
  if (stat (file->path, &status) == 0 && !S_ISREG (status.st_mode)) {
    tree_error (diags, V2V_CODE_UNREADABLE, file->path,
                S_ISDIR (status.st_mode)
                    ? "name a rule file; --rules-dir takes a directory that holds rules/"
                    : NULL,
                "this is no file");
    return FALSE;
  }
  if (stat (file->path, &status) == 0 && status.st_size > V2V_RULE_FILE_MAX) {
    tree_error (diags, V2V_CODE_LIMIT, file->path, NULL,
                "a rule file may have at most %d bytes, this one has %" G_GINT64_FORMAT,
                V2V_RULE_FILE_MAX, (gint64)status.st_size);
    return FALSE;
  }
  if (!g_file_get_contents (file->path, &file->text, &file->length, &error)) {
    tree_error (diags, V2V_CODE_UNREADABLE, file->path, NULL, "the file cannot be read: %s",
                error->message);
    return FALSE;
  }
  return TRUE;
}

/* ---- scripts ---- */

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

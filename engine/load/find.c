/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Finds rule files in rule directories, where files hide those of the same relative path in
 * directories of lower precedence, and reads them.
 */
#include "config.h"

#include <errno.h>
#include <sys/stat.h>

#include "lang/codes.h"
#include "lang/limits.h"
#include "load/files.h"

#define DIRECTORY_DEPTH_MAX 16

#define tree_error(diags, code, file, hint, ...)                                               \
  v2v_diags_add ((diags), V2V_DIAG_ERROR, (code), ((V2vPlace){g_intern_string (file), 0, 0}),  \
                 1, (hint), __VA_ARGS__)

#define tree_warning(diags, code, file, hint, ...)                                             \
  v2v_diags_add ((diags), V2V_DIAG_WARNING, (code),                                            \
                 ((V2vPlace){g_intern_string (file), 0, 0}), 1, (hint), __VA_ARGS__)

void
v2v_rule_file_free (V2vRuleFile *file)
{
  g_free (file->text);
  g_free (file);
}

typedef struct {
  GHashTable *seen; /* relative path -> path, in rule directories of higher precedence */
  GPtrArray *files; /* V2vRuleFile */
  GArray *listed;   /* V2vListedFile */
  gboolean with_tests;
  guint rule_dir;
  V2vDiags *diags;
  gboolean *lost_r;
} Search;

static void
add_file (Search *search, const char *path, const char *origin)
{
  V2vRuleFile *file = g_new0 (V2vRuleFile, 1);

  file->path = g_intern_string (path);
  file->origin = v2v_intern (origin);
  file->rule_dir = search->rule_dir;
  g_ptr_array_add (search->files, file);
}

/* Adds a file that was found to the list. Returns FALSE if a file in a rule directory of higher
 * precedence hides it. */
static gboolean
list_file (Search *search, const char *path, const char *origin)
{
  g_autofree char *to = g_file_read_link (path, NULL);
  V2vListedFile file = {.path = g_intern_string (path),
                        .origin = v2v_intern (origin),
                        .rule_dir = search->rule_dir,
                        .is_off = g_strcmp0 (to, "/dev/null") == 0};

  file.hidden_by = g_hash_table_lookup (search->seen, file.origin);
  if (file.hidden_by == NULL)
    g_hash_table_insert (search->seen, (gpointer)file.origin, (gpointer)file.path);
  g_array_append_val (search->listed, file);
  return file.hidden_by == NULL;
}

/* Finds all rule files below DIR, whose path relative to rules/ is RELATIVE ("" for rules/
 * itself). */
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
      /* A link to /dev/null turns off the files of this relative path in rule directories of
       * lower precedence. */
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

/* A string that identifies the file at PATH, whatever its name; NULL if it does not exist. */
static char *
identity_of (const char *path)
{
  struct stat status;

  if (stat (path, &status) != 0)
    return NULL;
  return g_strdup_printf ("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT, (guint64)status.st_dev,
                          (guint64)status.st_ino);
}

/* Adds FILES except those that were found already. */
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

    /* A file that does not exist is added too; reading it reports that. */
    if (identity == NULL || g_hash_table_add (known, identity)) {
      const V2vListedFile file = {g_intern_string (files[i]), v2v_intern (base), 0, FALSE,
                                  NULL};

      add_file (search, files[i], base);
      g_array_append_val (search->listed, file);
    }
  }
}

GPtrArray *
v2v_find_rule_files (GPtrArray *rule_dirs, const char *const *files, gboolean with_tests,
                     GArray *listed, V2vDiags *diags, gboolean *lost_r)
{
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify)v2v_rule_file_free);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  Search search = {seen, found, listed, with_tests, 0, diags, lost_r};

  for (guint i = 0; i < rule_dirs->len; i++) {
    const V2vRuleDir *rule_dir = g_ptr_array_index (rule_dirs, i);
    g_autofree char *rules = g_build_filename (rule_dir->path, "rules", NULL);

    search.rule_dir = i;
    if (g_file_test (rules, G_FILE_TEST_IS_DIR)) {
      search_directory (&search, rules, "", 0);
    } else if (rule_dir->required) {
      tree_error (diags, V2V_CODE_NO_RULES, rule_dir->path,
                  rule_dir->shipped
                      ? "install the program's rules, or set V2V_ENGINE_DATA_DIR"
                      : "--rules-dir names a directory that holds rules/, lua/ and xslt/",
                  "there is no directory rules/ in it");
      *lost_r = TRUE;
    }
  }
  search.rule_dir = 0;
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

  /* Check size and kind before reading: a file may be too large, and a device may never end. */
  if (stat (file->path, &status) == 0 && !S_ISREG (status.st_mode)) {
    tree_error (diags, V2V_CODE_UNREADABLE, file->path,
                S_ISDIR (status.st_mode)
                    ? "name a rule file; --rules-dir takes a directory that holds rules/"
                    : NULL,
                "this is not a regular file");
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

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads, writes and compares small file trees.
 */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>
#include <glib/gstdio.h>

#include "base/log.h"
#include "base/textdiff.h"
#include "ruletest/filetree.h"

#define BLOCK 65536
#define DIFF_MAX 16384 /* how much of a difference is shown, in characters */

typedef struct {
  mode_t type; /* S_IFREG, S_IFDIR or S_IFLNK; other types occur only in archives */
  guint mode, uid, gid;
  char *link;       /* S_IFLNK */
  GString *content; /* S_IFREG */
} Entry;

struct V2vFileTree {
  GHashTable *entries; /* "/etc/fstab" (char *) -> Entry */
  gsize bytes;
};

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->link);
  if (entry->content)
    g_string_free (entry->content, TRUE);
  g_free (entry);
}

static V2vFileTree *
tree_new (void)
{
  V2vFileTree *tree = g_new0 (V2vFileTree, 1);

  tree->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, entry_free);
  return tree;
}

void
v2v_file_tree_free (V2vFileTree *tree)
{
  if (!tree)
    return;
  g_hash_table_unref (tree->entries);
  g_free (tree);
}

static gboolean
check_size (const V2vFileTree *tree, const char *where, GError **error)
{
  if (g_hash_table_size (tree->entries) <= V2V_FILE_TREE_NAMES &&
      tree->bytes <= V2V_FILE_TREE_BYTES)
    return TRUE;
  g_set_error (error, V2V_ERROR, V2V_EXIT_CONFIG,
               "%s: a tree of a test has at most %d files and %d MiB: leave out what the test "
               "does not need",
               where, V2V_FILE_TREE_NAMES, V2V_FILE_TREE_BYTES / 1024 / 1024);
  return FALSE;
}

/* ---- from a directory ---- */

/* Does a link to TARGET that is DEPTH directories below the root of the tree lead out of the
 * tree? An absolute TARGET starts at the root of the guest. */
static gboolean
climbs_out (const char *target, guint depth)
{
  g_auto (GStrv) parts = g_strsplit (target, "/", -1);

  if (*target == '/')
    depth = 0;
  for (guint i = 0; parts[i]; i++) {
    if (strcmp (parts[i], "..") == 0) {
      if (depth-- == 0)
        return TRUE;
    } else if (*parts[i] && strcmp (parts[i], ".") != 0) {
      depth++;
    }
  }
  return FALSE;
}

/* Reads a regular file. It may have been replaced by a link since it was examined, which is an
 * error. */
static GString *
read_content (int directory, const char *name, const char *shown, V2vFileTree *tree,
              GError **error)
{
  g_autoptr (GString) content = g_string_new (NULL);
  g_autofree char *block = g_malloc (BLOCK);
  int fd = openat (directory, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  ssize_t got = -1;

  while (fd >= 0 && (got = read (fd, block, BLOCK)) > 0) {
    g_string_append_len (content, block, got);
    tree->bytes += (gsize)got;
    if (!check_size (tree, shown, error)) {
      close (fd);
      return NULL;
    }
  }
  if (fd < 0 || got < 0)
    v2v_error_set_errno (error, errno, "%s cannot be read", shown);
  if (fd >= 0)
    close (fd);
  return fd < 0 || got < 0 ? NULL : g_steal_pointer (&content);
}

static gboolean read_directory (int directory, const char *shown, const char *path, guint depth,
                                V2vFileTree *tree, GError **error);

/* Adds NAME in DIRECTORY to the tree as PATH. */
static gboolean
read_name (int directory, const char *name, const char *shown, const char *path, guint depth,
           V2vFileTree *tree, GError **error)
{
  Entry *entry;
  struct stat status;
  gboolean ok = TRUE;

  if (fstatat (directory, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
    return v2v_error_set_errno (error, errno, "%s cannot be read", shown), FALSE;
  entry = g_new0 (Entry, 1);
  entry->type = status.st_mode & S_IFMT;
  entry->mode = S_ISDIR (status.st_mode) || (status.st_mode & 0100) ? 0755 : 0644;
  g_hash_table_insert (tree->entries, g_strdup (path), entry);
  if (S_ISLNK (status.st_mode)) {
    char target[PATH_MAX];
    ssize_t length = readlinkat (directory, name, target, sizeof target - 1);

    if (length < 0)
      return v2v_error_set_errno (error, errno, "%s cannot be read", shown), FALSE;
    target[length] = '\0';
    entry->mode = 0777;
    entry->link = g_strdup (target);
    if (climbs_out (target, depth)) {
      g_set_error (error, V2V_ERROR, V2V_EXIT_CONFIG,
                   "%s: this link leads out of the tree, to %s: let it lead to something in it",
                   shown, target);
      return FALSE;
    }
  } else if (S_ISDIR (status.st_mode)) {
    int below = openat (directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (below < 0)
      return v2v_error_set_errno (error, errno, "%s cannot be read", shown), FALSE;
    ok = read_directory (below, shown, path, depth + 1, tree, error);
  } else if (S_ISREG (status.st_mode)) {
    entry->content = read_content (directory, name, shown, tree, error);
    ok = entry->content != NULL;
  } else {
    g_set_error (error, V2V_ERROR, V2V_EXIT_CONFIG,
                 "%s: a tree of a test holds files, directories and links, and nothing else",
                 shown);
    return FALSE;
  }
  return ok && check_size (tree, shown, error);
}

/* Adds everything in the directory that the descriptor DIRECTORY has open, and closes it. */
static gboolean
read_directory (int directory, const char *shown, const char *path, guint depth,
                V2vFileTree *tree, GError **error)
{
  DIR *dir = fdopendir (directory);
  struct dirent *found;
  gboolean ok = TRUE;

  if (!dir || depth > V2V_FILE_TREE_DEPTH) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_CONFIG,
                 dir ? "%s: the directories of a tree lie at most %d deep"
                     : "%s cannot be read (%d levels are allowed)",
                 shown, V2V_FILE_TREE_DEPTH);
    if (dir)
      closedir (dir);
    else
      close (directory);
    return FALSE;
  }
  while (ok && (found = readdir (dir))) {
    g_autofree char *below = NULL, *name = NULL;

    if (strcmp (found->d_name, ".") == 0 || strcmp (found->d_name, "..") == 0)
      continue;
    below = g_build_filename (shown, found->d_name, NULL);
    name = g_strconcat (path, "/", found->d_name, NULL);
    ok = read_name (dirfd (dir), found->d_name, below, name, depth, tree, error);
  }
  closedir (dir);
  return ok;
}

/* Applies one line of DIRECTORY.modes: "MODE UID:GID PATH". */
static gboolean
read_mode (const char *line, V2vFileTree *tree)
{
  guint mode, uid, gid;
  int at = 0;
  g_autofree char *path = NULL;
  Entry *entry;
  gboolean directory;

  if (sscanf (line, "%o %u:%u %n", &mode, &uid, &gid, &at) != 3 || at == 0 || line[at] != '/' ||
      mode > 07777)
    return FALSE;
  path = g_strdup (line + at);
  directory = strlen (path) > 1 && g_str_has_suffix (path, "/");
  if (directory)
    path[strlen (path) - 1] = '\0';
  entry = g_hash_table_lookup (tree->entries, path);
  if (!entry && directory) {
    g_auto (GStrv) parts = g_strsplit (path, "/", -1);

    if (g_strv_contains ((const char *const *)parts, "..") ||
        g_strv_contains ((const char *const *)parts, "."))
      return FALSE;
    entry = g_new0 (Entry, 1);
    entry->type = S_IFDIR;
    g_hash_table_insert (tree->entries, g_strdup (path), entry);
  }
  if (!entry || (directory && entry->type != S_IFDIR))
    return FALSE;
  if (entry->type != S_IFLNK)
    entry->mode = mode;
  entry->uid = uid;
  entry->gid = gid;
  return TRUE;
}

static gboolean
read_modes (const char *directory, V2vFileTree *tree, GError **error)
{
  g_autofree char *path = g_strconcat (directory, ".modes", NULL), *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return TRUE;
  if (!g_file_get_contents (path, &text, NULL, error))
    return FALSE;
  lines = g_strsplit (text, "\n", V2V_FILE_TREE_NAMES);
  for (guint i = 0; lines[i]; i++) {
    g_strchomp (lines[i]);
    if (*lines[i] == '\0' || *lines[i] == '#' || read_mode (lines[i], tree))
      continue;
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_CONFIG,
        "%s:%u: expected MODE UID:GID PATH, as in 0600 0:0 /etc/shadow, of something in "
        "the tree (or of a directory, with / at its end)",
        path, i + 1);
    return FALSE;
  }
  return check_size (tree, path, error);
}

V2vFileTree *
v2v_file_tree_from_directory (const char *directory, GError **error)
{
  g_autoptr (V2vFileTree) tree = tree_new ();
  Entry *root = g_new0 (Entry, 1);
  int fd = open (directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  root->type = S_IFDIR;
  root->mode = 0755;
  g_hash_table_insert (tree->entries, g_strdup ("/"), root);
  if (fd < 0) {
    v2v_error_set_errno (error, errno, "%s cannot be read", directory);
    return NULL;
  }
  if (!read_directory (fd, directory, "", 0, tree, error) ||
      !read_modes (directory, tree, error))
    return NULL;
  return g_steal_pointer (&tree);
}

/* ---- from an archive ---- */

static Entry *
read_entry (struct archive *archive, struct archive_entry *from, V2vFileTree *tree)
{
  Entry *entry = g_new0 (Entry, 1);
  g_autofree char *block = g_malloc (BLOCK);
  la_ssize_t got;

  entry->type = archive_entry_filetype (from);
  entry->mode = archive_entry_perm (from);
  entry->uid = (guint)archive_entry_uid (from);
  entry->gid = (guint)archive_entry_gid (from);
  entry->link = g_strdup (archive_entry_symlink (from));
  if (entry->type != S_IFREG)
    return entry;
  entry->content = g_string_new (NULL);
  while (tree->bytes <= V2V_FILE_TREE_BYTES &&
         (got = archive_read_data (archive, block, BLOCK)) > 0) {
    g_string_append_len (entry->content, block, got);
    tree->bytes += (gsize)got;
  }
  return entry;
}

/* Converts a name in an archive, such as "./etc/", to a path in the tree, "/etc". To be freed
 * with g_free. */
static char *
tree_path (const char *name)
{
  char *path;

  if (g_str_has_prefix (name, "./"))
    name++;
  path = g_strconcat (*name == '/' ? "" : "/", name, NULL);
  while (strlen (path) > 1 && g_str_has_suffix (path, "/"))
    path[strlen (path) - 1] = '\0';
  return path;
}

V2vFileTree *
v2v_file_tree_from_archive (const char *path, GError **error)
{
  g_autoptr (V2vFileTree) tree = tree_new ();
  struct archive *archive = archive_read_new ();
  struct archive_entry *from;
  gboolean fits = TRUE;
  int status;

  archive_read_support_format_tar (archive);
  status = archive_read_open_filename (archive, path, BLOCK);
  while (status == ARCHIVE_OK && fits &&
         (status = archive_read_next_header (archive, &from)) == ARCHIVE_OK) {
    Entry *entry = read_entry (archive, from, tree);

    if (archive_entry_hardlink (from)) {
      /* A hard link counts as a second file with the same content. */
      g_autofree char *to = tree_path (archive_entry_hardlink (from));
      const Entry *target = g_hash_table_lookup (tree->entries, to);

      entry->type = S_IFREG;
      if (!entry->content)
        entry->content = g_string_new (NULL);
      if (target && target->content)
        g_string_append_len (entry->content, target->content->str,
                             (gssize)target->content->len);
    }
    g_hash_table_replace (tree->entries, tree_path (archive_entry_pathname (from)), entry);
    fits = check_size (tree, "what the test leaves behind", error);
  }
  if (fits && status != ARCHIVE_EOF)
    g_set_error (error, V2V_ERROR, V2V_EXIT_IOERR, "cannot read the tree: %s",
                 archive_error_string (archive));
  archive_read_free (archive);
  return fits && status == ARCHIVE_EOF ? g_steal_pointer (&tree) : NULL;
}

/* ---- to an archive ---- */

static int
path_order (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* The sorted paths of both trees (TWO may be NULL), directories before their content. */
static GPtrArray *
all_paths (const V2vFileTree *one, const V2vFileTree *two)
{
  g_autoptr (GHashTable) set = g_hash_table_new (g_str_hash, g_str_equal);
  const V2vFileTree *const trees[] = {one, two};
  GPtrArray *paths = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer path;

  for (guint i = 0; i < G_N_ELEMENTS (trees); i++) {
    if (!trees[i])
      continue;
    g_hash_table_iter_init (&iter, trees[i]->entries);
    while (g_hash_table_iter_next (&iter, &path, NULL))
      if (g_hash_table_add (set, path))
        g_ptr_array_add (paths, path);
  }
  g_ptr_array_sort (paths, path_order);
  return paths;
}

static int
write_entry (struct archive *archive, const char *path, const Entry *entry)
{
  struct archive_entry *to = archive_entry_new ();
  g_autofree char *name = g_strconcat (".", path, NULL);
  int status;

  archive_entry_set_pathname (to, name);
  archive_entry_set_filetype (to, entry->type);
  archive_entry_set_perm (to, entry->mode);
  archive_entry_set_uid (to, entry->uid);
  archive_entry_set_gid (to, entry->gid);
  archive_entry_set_mtime (to, 0, 0);
  if (entry->link)
    archive_entry_set_symlink (to, entry->link);
  archive_entry_set_size (to, entry->content ? (gint64)entry->content->len : 0);
  status = archive_write_header (archive, to);
  if (status == ARCHIVE_OK && entry->content && entry->content->len > 0 &&
      archive_write_data (archive, entry->content->str, entry->content->len) < 0)
    status = ARCHIVE_FATAL;
  archive_entry_free (to);
  return status;
}

gboolean
v2v_file_tree_to_archive (const V2vFileTree *tree, const char *path, GError **error)
{
  g_autoptr (GPtrArray) paths = all_paths (tree, NULL);
  struct archive *archive = archive_write_new ();
  gboolean ok;

  archive_write_set_format_pax_restricted (archive);
  ok = archive_write_open_filename (archive, path) == ARCHIVE_OK;
  for (guint i = 0; ok && i < paths->len; i++)
    ok = write_entry (archive, paths->pdata[i],
                      g_hash_table_lookup (tree->entries, paths->pdata[i])) == ARCHIVE_OK;
  ok = archive_write_close (archive) == ARCHIVE_OK && ok;
  if (!ok)
    g_set_error (error, V2V_ERROR, V2V_EXIT_IOERR, "%s cannot be written: %s", path,
                 archive_error_string (archive));
  archive_write_free (archive);
  return ok;
}

/* ---- comparing ---- */

static const char *
type_name (const Entry *entry)
{
  switch (entry->type) {
  case S_IFREG:
    return "a file";
  case S_IFDIR:
    return "a directory";
  case S_IFLNK:
    return "a link";
  default:
    return "something else";
  }
}

static gboolean
is_text (const GString *content)
{
  return !memchr (content->str, 0, content->len) &&
         g_utf8_validate (content->str, (gssize)content->len, NULL);
}

static void
append_content (GString *out, const char *path, const Entry *expected, const Entry *found)
{
  g_autofree char *diff = NULL, *before = NULL, *after = NULL;

  if (g_string_equal (expected->content, found->content))
    return;
  if (!is_text (expected->content) || !is_text (found->content)) {
    g_string_append_printf (out, "%s has different content\n", path);
    return;
  }
  before = g_strconcat ("expected", path, NULL);
  after = g_strconcat ("found", path, NULL);
  diff = v2v_text_diff (expected->content->str, found->content->str, before, after);
  g_string_append (out, diff);
}

static void
append_entry (GString *out, const char *path, const Entry *expected, const Entry *found)
{
  if (!expected || !found) {
    g_string_append_printf (out,
                            expected ? "%s is missing (%s was expected)\n"
                                     : "%s is there (%s), but was not expected\n",
                            path, type_name (expected ? expected : found));
    return;
  }
  if (expected->type != found->type) {
    g_string_append_printf (out, "%s is %s, not %s\n", path, type_name (found),
                            type_name (expected));
    return;
  }
  if (expected->type != S_IFLNK && expected->mode != found->mode)
    g_string_append_printf (out, "%s has the mode %04o, not %04o\n", path, found->mode,
                            expected->mode);
  if (expected->uid != found->uid || expected->gid != found->gid)
    g_string_append_printf (out, "%s belongs to %u:%u, not %u:%u\n", path, found->uid,
                            found->gid, expected->uid, expected->gid);
  if (g_strcmp0 (expected->link, found->link) != 0)
    g_string_append_printf (out, "%s leads to %s, not %s\n", path, found->link, expected->link);
  if (expected->content && found->content)
    append_content (out, path, expected, found);
}

char *
v2v_file_tree_diff (const V2vFileTree *expected, const V2vFileTree *found)
{
  g_autoptr (GPtrArray) paths = all_paths (expected, found);
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < paths->len && out->len <= DIFF_MAX; i++)
    append_entry (out, paths->pdata[i],
                  g_hash_table_lookup (expected->entries, paths->pdata[i]),
                  g_hash_table_lookup (found->entries, paths->pdata[i]));
  if (out->len > DIFF_MAX) {
    g_string_truncate (out, DIFF_MAX);
    g_string_append (out, "\n...\n");
  }
  return v2v_printable (out->str, (gssize)out->len, TRUE);
}

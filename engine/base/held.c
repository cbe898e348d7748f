/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Opens paths that other users cannot redirect.
 *
 * Every open(2) uses O_NOFOLLOW and a directory that is already open, so a name that is
 * replaced by a link after it was checked is an error instead of a redirection.
 */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/held.h"

/* The kernel follows as many links in one path. */
#define LINKS_MAX 40
/* The depth to which directories are removed. Each level holds a descriptor open. */
#define DEPTH_MAX 200

static gboolean
is_ours (const struct stat *st)
{
  return st->st_uid == geteuid () || st->st_uid == 0;
}

gboolean
v2v_held_is_own (const struct stat *st)
{
  return is_ours (st) && !(st->st_mode & 022);
}

/* ---- walking ---- */

typedef struct {
  const char *given;
  gboolean beneath;    /* the walk must not leave the first directory */
  GArray *directories; /* int: descriptors of the directories walked through */
  GPtrArray *left;     /* char *: the names that are still to be walked, the last one first */
  guint links;
} Walk;

static void
close_directory (gpointer data)
{
  close (*(int *)data);
}

static int
here (const Walk *walk)
{
  return g_array_index (walk->directories, int, walk->directories->len - 1);
}

static void
add_names (Walk *walk, const char *path)
{
  g_auto (GStrv) names = g_strsplit (path, "/", -1);

  for (guint i = g_strv_length (names); i-- > 0;)
    if (*names[i] && !g_str_equal (names[i], "."))
      g_ptr_array_add (walk->left, g_strdup (names[i]));
}

static void
walk_init (Walk *walk, const char *given, const char *path, int first)
{
  *walk = (Walk){
      .given = given,
      .directories = g_array_new (FALSE, FALSE, sizeof (int)),
      .left = g_ptr_array_new_with_free_func (g_free),
  };
  g_array_set_clear_func (walk->directories, close_directory);
  g_array_append_val (walk->directories, first);
  add_names (walk, path);
}

static void
walk_clear (Walk *walk)
{
  g_clear_pointer (&walk->directories, g_array_unref);
  g_clear_pointer (&walk->left, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Walk, walk_clear)

static gboolean
walk_failed (const Walk *walk, GError **error)
{
  v2v_error_set_errno (error, errno, "%s", walk->given);
  return FALSE;
}

static gboolean
refuse (const Walk *walk, const char *name, const char *why, GError **error)
{
  g_set_error (error, V2V_ERROR, V2V_EXIT_NOPERM, "%s: the link %s on this path %s",
               walk->given, name, why);
  return FALSE;
}

/* Can nobody but this user and root replace a file in DIRECTORY? ST (may be NULL) describes the
 * file. */
static gboolean
cannot_be_replaced (int directory, const struct stat *st)
{
  struct stat own;

  if (fstat (directory, &own) < 0)
    return FALSE;
  return v2v_held_is_own (&own) ||
         ((own.st_mode & S_ISVTX) && is_ours (&own) && (!st || is_ours (st)));
}

static gboolean
follow (Walk *walk, const char *name, const struct stat *st, GError **error)
{
  char target[PATH_MAX];
  ssize_t length;

  /* Beneath a directory, a link may belong to anybody: it is checked below that it cannot lead
   * out. */
  if (!walk->beneath && !cannot_be_replaced (here (walk), st))
    return refuse (walk, name,
                   "may have been created by another user, who could redirect it, and "
                   "is not followed; give the path that it leads to",
                   error);
  if (walk->links++ == LINKS_MAX) {
    errno = ELOOP;
    return walk_failed (walk, error);
  }
  length = readlinkat (here (walk), name, target, sizeof target - 1);
  if (length < 0)
    return walk_failed (walk, error);
  target[length] = '\0';
  if (target[0] == '/' && walk->beneath)
    return refuse (walk, name, "leads out of the directory", error);
  if (target[0] == '/')
    g_array_set_size (walk->directories, 1);
  add_names (walk, target);
  return TRUE;
}

static gboolean
go_up (Walk *walk, GError **error)
{
  if (walk->directories->len > 1)
    g_array_set_size (walk->directories, walk->directories->len - 1);
  else if (walk->beneath)
    return refuse (walk, "..", "leads out of the directory", error);
  return TRUE;
}

static gboolean
enter (Walk *walk, const char *name, GError **error)
{
  int fd = openat (here (walk), name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

  if (fd < 0)
    return walk_failed (walk, error);
  g_array_append_val (walk->directories, fd);
  return TRUE;
}

/* Walks to the directory that contains the last name of the path. *NAME_R receives that name,
 * or "." if the path ends in a directory. With TO_END, a link as the last name is followed. */
static gboolean
walk_to_last (Walk *walk, gboolean to_end, char **name_r, GError **error)
{
  while (walk->left->len) {
    g_autofree char *name = g_ptr_array_steal_index (walk->left, walk->left->len - 1);
    gboolean last = !walk->left->len;
    struct stat st;
    gboolean ok;

    if (g_str_equal (name, ".."))
      ok = go_up (walk, error);
    else if (last && !to_end) {
      *name_r = g_steal_pointer (&name);
      return TRUE;
    } else if (fstatat (here (walk), name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
      ok = walk_failed (walk, error);
    } else if (S_ISLNK (st.st_mode)) {
      ok = follow (walk, name, &st, error);
    } else if (last && !S_ISDIR (st.st_mode)) {
      *name_r = g_steal_pointer (&name);
      return TRUE;
    } else {
      ok = enter (walk, name, error);
    }
    if (!ok)
      return FALSE;
  }
  *name_r = g_strdup (".");
  return TRUE;
}

/* Starts a walk at the root of the file system. */
static gboolean
walk_begin (Walk *walk, const char *given, char **absolute, GError **error)
{
  g_autofree char *current = g_path_is_absolute (given) ? NULL : g_get_current_dir ();
  int root = open ("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

  if (root < 0 || !*given) {
    v2v_error_set_errno (error, root < 0 ? errno : ENOENT, "\"%s\"", given);
    if (root >= 0)
      close (root);
    return FALSE;
  }
  *absolute = current ? g_build_filename (current, given, NULL) : g_strdup (given);
  walk_init (walk, given, *absolute, root);
  return TRUE;
}

V2vDir *
v2v_held_parent (const char *path, char **name_r, GError **error)
{
  g_autofree char *absolute = NULL;
  g_autofree char *name = NULL;
  g_auto (Walk) walk = {0};
  V2vDir *dir;
  int fd;

  if (!walk_begin (&walk, path, &absolute, error) || !walk_to_last (&walk, FALSE, &name, error))
    return NULL;
  fd = openat (here (&walk), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  /* A directory that may not be listed may still be searched for a name. */
  if (fd < 0 && errno == EACCES)
    fd = openat (here (&walk), ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) {
    walk_failed (&walk, error);
    return NULL;
  }
  dir = g_new0 (V2vDir, 1);
  dir->fd = fd;
  dir->path = g_path_get_dirname (absolute);
  *name_r = g_steal_pointer (&name);
  return dir;
}

gboolean
v2v_held_is_private (const char *path)
{
  g_autofree char *absolute = NULL;
  g_autofree char *name = NULL;
  g_auto (Walk) walk = {0};
  gboolean private;

  if (!walk_begin (&walk, path, &absolute, NULL) || !walk_to_last (&walk, TRUE, &name, NULL))
    return FALSE;
  private = cannot_be_replaced (here (&walk), NULL);
  for (guint i = 1; private && i < walk.directories->len; i++) {
    struct stat st;

    private = fstat (g_array_index (walk.directories, int, i), &st) == 0 &&
              cannot_be_replaced (g_array_index (walk.directories, int, i - 1), &st);
  }
  return private;
}

static int
open_last (Walk *walk, int flags, GError **error)
{
  g_autofree char *name = NULL;
  int fd;

  if (!walk_to_last (walk, TRUE, &name, error))
    return -1;
  fd = openat (here (walk), name, flags | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC);
  if (fd < 0)
    walk_failed (walk, error);
  return fd;
}

int
v2v_held_open (const char *path, int flags, GError **error)
{
  g_autofree char *absolute = NULL;
  g_auto (Walk) walk = {0};

  return walk_begin (&walk, path, &absolute, error) ? open_last (&walk, flags, error) : -1;
}

V2vDir *
v2v_dir_open (const char *path, GError **error)
{
  g_autoptr (GError) local = NULL;
  V2vDir *dir;
  int fd = v2v_held_open (path, O_RDONLY | O_DIRECTORY, &local);

  if (fd < 0) {
    if (local->code == V2V_EXIT_NOINPUT)
      g_set_error (error, V2V_ERROR, V2V_EXIT_CANTCREAT, "%s; name a directory that exists",
                   local->message);
    else
      g_set_error (error, V2V_ERROR, local->code, "cannot open the directory %s",
                   local->message);
    return NULL;
  }
  dir = g_new0 (V2vDir, 1);
  dir->fd = fd;
  dir->path = g_canonicalize_filename (path, NULL);
  return dir;
}

int
v2v_held_open_beneath (const char *root, const char *relative, int flags, GError **error)
{
  g_auto (Walk) walk = {0};
  int fd = open (root, O_PATH | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0) {
    v2v_error_set_errno (error, errno, "%s", root);
    return -1;
  }
  walk_init (&walk, relative, relative, fd);
  walk.beneath = TRUE;
  if (g_path_is_absolute (relative)) {
    refuse (&walk, relative, "leads out of the directory", error);
    return -1;
  }
  return open_last (&walk, flags, error);
}

/* ---- removing ---- */

/* Removes NAME in DIRECTORY if it is in the file system DEVICE. Does not enter other file
 * systems: something may be mounted below it that belongs to somebody else. */
static void
remove_in (int directory, const char *name, dev_t device, guint depth)
{
  DIR *below = NULL;
  struct dirent *entry;
  struct stat st;
  int fd;

  if (unlinkat (directory, name, 0) == 0 || depth == DEPTH_MAX)
    return;
  fd = openat (directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0)
    return;
  if (fstat (fd, &st) == 0 && st.st_dev == device)
    below = fdopendir (fd);
  if (!below)
    close (fd);
  while (below && (entry = readdir (below)))
    if (!g_str_equal (entry->d_name, ".") && !g_str_equal (entry->d_name, ".."))
      remove_in (fd, entry->d_name, device, depth + 1);
  if (below)
    closedir (below);
  unlinkat (directory, name, AT_REMOVEDIR);
}

void
v2v_held_remove (const char *path)
{
  g_autofree char *name = NULL;
  g_autoptr (V2vDir) dir = v2v_held_parent (path, &name, NULL);
  struct stat st;

  if (dir && fstatat (dir->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
    remove_in (dir->fd, name, st.st_dev, 0);
}

/* ---- reading ---- */

gboolean
v2v_held_read_all (int fd, const char *path, gsize max, char **text_r, gsize *length_r,
                   GError **error)
{
  g_autofree char *text = NULL;
  gsize done = 0, size;
  struct stat st;

  if (fstat (fd, &st) < 0) {
    v2v_error_set_errno (error, errno, "%s", path);
    return FALSE;
  }
  if (!S_ISREG (st.st_mode) || (guint64)st.st_size > max) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s: expected a regular file of at most %" G_GSIZE_FORMAT " MiB", path,
                 (max + (1 << 20) - 1) >> 20);
    return FALSE;
  }
  size = (gsize)st.st_size;
  text = g_malloc (size + 1);
  while (done < size) {
    ssize_t n = pread (fd, text + done, size - done, (off_t)done);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0) {
      v2v_error_set_errno (error, errno, "%s: cannot be read", path);
      return FALSE;
    }
    if (n == 0)
      break;
    done += (gsize)n;
  }
  text[done] = '\0';
  *text_r = g_steal_pointer (&text);
  *length_r = done;
  return TRUE;
}

gboolean
v2v_held_read (const char *path, const char *what, gsize max, char **text_r, gsize *length_r,
               GError **error)
{
  int fd = v2v_held_open (path, O_RDONLY | O_NONBLOCK, error);
  struct stat st;
  gboolean ok = TRUE;

  if (fd < 0)
    return FALSE;
  if (fstat (fd, &st) == 0 && S_ISREG (st.st_mode) && !v2v_held_is_own (&st)) {
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_NOPERM,
        "%s: this %s belongs to user %u and has mode %04o, so another user may have "
        "written it, and it is not used. Expected a file that belongs to user %u or "
        "root and that nobody else can write; run as the user who created it, or check "
        "its content and use your own copy",
        path, what, (guint)st.st_uid, (guint)(st.st_mode & 07777), (guint)geteuid ());
    ok = FALSE;
  }
  ok = ok && v2v_held_read_all (fd, path, max, text_r, length_r, error);
  close (fd);
  return ok;
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Writes files at a path that the user named.
 *
 * The path is resolved here, link by link, instead of by open(2): each link has to be checked
 * for who may have made it, and a regular file is replaced beside the last link, not in place
 * of it.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/held.h"
#include "base/outfile.h"
#include "base/tempfile.h"

/* The kernel follows as many links in one path. */
#define LINKS_MAX 40

struct V2vOutFile {
  char *given; /* the path as the user gave it, for messages */
  char *path;  /* absolute, links followed */
  int fd; /* open descriptor of a device or pipe; -1: a regular file, which may not exist yet */
};

static gboolean
refuse (const V2vOutFile *file, V2vExit status, const char *why, GError **error)
{
  g_set_error (error, V2V_ERROR, (gint)status, "%s: %s", file->given, why);
  return FALSE;
}

/* ---- what a path leads to ---- */

/* Opens what the link NAME in DIR, below /proc, leads to. The kernel's links there are not
 * paths but open files. A descriptor of this process is used as it is, so that the text stays
 * in order with what was written to it before and comes after. */
static gboolean
open_descriptor (V2vOutFile *file, const char *dir, const char *name, GError **error)
{
  g_autofree char *own = g_strdup_printf ("/proc/%d/", (int)getpid ());
  g_autofree char *path = g_build_filename (dir, name, NULL);
  guint64 number = 0;
  int flags;

  if (g_str_has_prefix (dir, own) && g_str_has_suffix (dir, "/fd") &&
      g_ascii_string_to_unsigned (name, 10, 0, INT_MAX, &number, NULL)) {
    flags = fcntl ((int)number, F_GETFL);
    if (flags < 0)
      return refuse (file, V2V_EXIT_CANTCREAT, "this descriptor is not open", error);
    if ((flags & O_ACCMODE) == O_RDONLY)
      return refuse (
          file, V2V_EXIT_CANTCREAT,
          "this descriptor is open for reading only; expected one that can be written", error);
    file->fd = fcntl ((int)number, F_DUPFD_CLOEXEC, 0);
  } else {
    file->fd = open (path, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  }
  if (file->fd < 0) {
    v2v_error_set_errno (error, errno, "%s: cannot open this descriptor", file->given);
    return FALSE;
  }
  file->path = g_steal_pointer (&path);
  return TRUE;
}

static gboolean
follow (const V2vOutFile *file, const char *dir, const char *link, const struct stat *st,
        char **path, GError **error)
{
  g_autofree char *target = NULL;

  if (st->st_uid != 0 && st->st_uid != geteuid ()) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_NOPERM,
                 "%s: the link %s belongs to another user, who could redirect it, and "
                 "is not followed; give the path of the file that it leads to",
                 file->given, link);
    return FALSE;
  }
  target = g_file_read_link (link, NULL);
  if (!target)
    return refuse (file, V2V_EXIT_CANTCREAT, "this link cannot be read", error);
  g_free (*path);
  *path = g_path_is_absolute (target) ? g_steal_pointer (&target)
                                      : g_build_filename (dir, target, NULL);
  return TRUE;
}

/* Returns the directory of PATH with all links resolved, and the last name of PATH. Links that
 * belong to other users are not followed. */
static char *
resolve_directory (const V2vOutFile *file, const char *path, char **name_r, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (V2vDir) dir = v2v_held_parent (path, name_r, &local);
  g_autofree char *link = NULL;
  g_autofree char *parent = NULL;
  char *directory = NULL;

  if (dir) {
    link = g_strdup_printf ("/proc/self/fd/%d", dir->fd);
    directory = g_file_read_link (link, &local);
  }
  if (directory)
    return directory;
  parent = g_path_get_dirname (path);
  g_set_error (
      error, V2V_ERROR,
      (gint)(local->code == V2V_EXIT_NOINPUT ? V2V_EXIT_CANTCREAT : v2v_error_exit (local)),
      "%s: cannot create a file in %s: %s", file->given, parent, local->message);
  return NULL;
}

/* Follows links until FILE->path is not a link or FILE->fd is open. *EXISTS_R: there is a file
 * at FILE->path, which ST describes. */
static gboolean
resolve (V2vOutFile *file, gboolean *exists_r, struct stat *st, GError **error)
{
  g_autofree char *here = g_get_current_dir ();
  /* The path is not canonicalized: what ".." means depends on the links before it. */
  g_autofree char *path = g_path_is_absolute (file->given)
                              ? g_strdup (file->given)
                              : g_build_filename (here, file->given, NULL);

  for (int i = 0; i < LINKS_MAX; i++) {
    g_autofree char *name = NULL;
    g_autofree char *dir = resolve_directory (file, path, &name, error);
    g_autofree char *at = NULL;
    struct statfs fs;

    if (!dir)
      return FALSE;
    at = g_build_filename (dir, name, NULL);
    *exists_r = lstat (at, st) == 0;
    if (statfs (dir, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC)
      return *exists_r && S_ISLNK (st->st_mode)
                 ? open_descriptor (file, dir, name, error)
                 : refuse (file, V2V_EXIT_CANTCREAT, "this process has no such open descriptor",
                           error);
    if (!*exists_r || !S_ISLNK (st->st_mode)) {
      file->path = g_steal_pointer (&at);
      return TRUE;
    }
    if (!follow (file, dir, at, st, &path, error))
      return FALSE;
  }
  return refuse (file, V2V_EXIT_CANTCREAT, "too many links; one may lead to itself", error);
}

/* A new file needs a writable directory. An existing file is enough if it can be written
 * itself. */
static gboolean
check_regular (const V2vOutFile *file, gboolean exists, GError **error)
{
  g_autofree char *directory = g_path_get_dirname (file->path);

  if (access (directory, W_OK | X_OK) == 0 || (exists && access (file->path, W_OK) == 0))
    return TRUE;
  v2v_error_set_errno (error, errno, "%s: cannot create a file in %s", file->given, directory);
  return FALSE;
}

static gboolean
open_stream (V2vOutFile *file, GError **error)
{
  int flags;

  /* Without O_NONBLOCK, opening a pipe would wait for a reader. */
  file->fd = open (file->path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC);
  if (file->fd < 0 && errno == ENXIO)
    return refuse (file, V2V_EXIT_CANTCREAT, "nobody reads this pipe; start its reader first",
                   error);
  if (file->fd < 0) {
    v2v_error_set_errno (error, errno, "%s: cannot be written", file->given);
    return FALSE;
  }
  flags = fcntl (file->fd, F_GETFL);
  fcntl (file->fd, F_SETFL, flags & ~O_NONBLOCK);
  return TRUE;
}

V2vOutFile *
v2v_out_file_open (const char *path, GError **error)
{
  g_autoptr (V2vOutFile) file = g_new0 (V2vOutFile, 1);
  gboolean exists = FALSE;
  struct stat st;
  gboolean ok;

  file->given = g_strdup (path);
  file->fd = -1;
  if (!*path) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_CANTCREAT, "\"\": expected the name of a file");
    return NULL;
  }
  if (!resolve (file, &exists, &st, error))
    return NULL;
  if (file->fd >= 0)
    return g_steal_pointer (&file);
  if ((exists && S_ISDIR (st.st_mode)) || g_str_has_suffix (path, "/"))
    ok = refuse (file, V2V_EXIT_CANTCREAT, "this is a directory; name a file", error);
  else if (!exists || S_ISREG (st.st_mode))
    ok = check_regular (file, exists, error);
  else if (S_ISBLK (st.st_mode))
    ok = refuse (file, V2V_EXIT_CANTCREAT,
                 "this is a block device, whose content would be overwritten; name a file",
                 error);
  else if (S_ISSOCK (st.st_mode))
    ok = refuse (file, V2V_EXIT_CANTCREAT, "this is a socket; name a file or a pipe", error);
  else
    ok = open_stream (file, error);
  return ok ? g_steal_pointer (&file) : NULL;
}

void
v2v_out_file_free (V2vOutFile *file)
{
  if (!file)
    return;
  if (file->fd >= 0)
    close (file->fd);
  g_free (file->given);
  g_free (file->path);
  g_free (file);
}

const char *
v2v_out_file_regular (const V2vOutFile *file)
{
  return file->fd < 0 ? file->path : NULL;
}

gboolean
v2v_out_file_is (const V2vOutFile *file, const char *path)
{
  struct stat own, other;
  gboolean exists = file->fd >= 0 ? fstat (file->fd, &own) == 0 : stat (file->path, &own) == 0;

  if (exists)
    return stat (path, &other) == 0 && own.st_dev == other.st_dev && own.st_ino == other.st_ino;
  {
    /* Neither file exists yet: they are the same if name and directory are the same. */
    g_autofree char *name = g_path_get_basename (file->path);
    g_autofree char *other_name = g_path_get_basename (path);
    g_autofree char *directory = g_path_get_dirname (file->path);
    g_autofree char *other_directory = g_path_get_dirname (path);

    return g_str_equal (name, other_name) && stat (directory, &own) == 0 &&
           stat (other_directory, &other) == 0 && own.st_dev == other.st_dev &&
           own.st_ino == other.st_ino;
  }
}

/* ---- writing ---- */

/* Sets the mode of the new file and, if MODE is 0, the owner of the file that it replaces. */
static gboolean
set_mode (const V2vOutFile *file, int fd, guint mode, GError **error)
{
  struct stat st;

  if (!mode && lstat (file->path, &st) == 0 && S_ISREG (st.st_mode)) {
    mode = st.st_mode & 07777;
    /* Only root can change the owner; for other users the new file belongs to them. */
    (void)!fchown (fd, st.st_uid, st.st_gid);
  } else if (!mode) {
    mode_t mask = umask (0);

    umask (mask);
    mode = 0666 & ~mask;
  }
  if (fchmod (fd, mode) == 0)
    return TRUE;
  v2v_error_set_errno (error, errno, "cannot set the mode of %s", file->given);
  return FALSE;
}

static gboolean
sync_file (const V2vOutFile *file, int fd, GError **error)
{
  if (fsync (fd) == 0 || errno == EINVAL || errno == ENOTSUP || errno == EROFS)
    return TRUE;
  v2v_error_set_errno (error, errno, "cannot sync %s", file->given);
  return FALSE;
}

/* Overwrites the existing file, because its directory is not writable or the file is a mount
 * point, as it often is in containers; then it cannot be replaced. */
static gboolean
write_into (const V2vOutFile *file, const char *text, gsize length, GError **error)
{
  int fd = v2v_held_open (file->path, O_WRONLY | O_NONBLOCK, NULL);
  struct stat st;
  gboolean ok;

  if (fd < 0 || fstat (fd, &st) < 0 || !S_ISREG (st.st_mode) || ftruncate (fd, 0) < 0) {
    v2v_error_set_errno (error, errno, "%s: cannot be written", file->given);
    if (fd >= 0)
      close (fd);
    return FALSE;
  }
  ok = v2v_write_all (fd, file->given, text, length, error) && sync_file (file, fd, error);
  close (fd);
  return ok;
}

static gboolean
replace (const V2vOutFile *file, const char *text, gsize length, guint mode,
         gboolean *is_mount_r, GError **error)
{
  g_autofree char *final = NULL;
  g_autoptr (V2vDir) dir = v2v_held_parent (file->path, &final, error);
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;
  gboolean ok;
  int fd;

  if (!dir || (fd = v2v_temp_create (dir, final, &name, error)) < 0)
    return FALSE;
  path = v2v_dir_path (dir, name);
  ok = v2v_write_all (fd, file->given, text, length, error) &&
       set_mode (file, fd, mode, error) && sync_file (file, fd, error);
  close (fd);
  if (ok && renameat (dir->fd, name, dir->fd, final) < 0) {
    *is_mount_r = errno == EBUSY;
    v2v_error_set_errno (error, errno, "%s: cannot be replaced", file->given);
    ok = FALSE;
  }
  if (!ok) {
    v2v_temp_remove (path);
    return FALSE;
  }
  v2v_temp_forget (path);
  return v2v_dir_sync (dir, error);
}

gboolean
v2v_out_file_write (V2vOutFile *file, const char *text, gssize length, guint mode,
                    GError **error)
{
  const gsize bytes = length < 0 ? strlen (text) : (gsize)length;
  g_autoptr (GError) local = NULL;
  g_autofree char *directory = NULL;
  gboolean is_mount = FALSE;

  if (file->fd >= 0) {
    /* Text that was printed before must come first. */
    fflush (stdout);
    return v2v_write_all (file->fd, file->given, text, bytes, error);
  }
  directory = g_path_get_dirname (file->path);
  if (access (directory, W_OK | X_OK) < 0 && access (file->path, W_OK) == 0)
    return write_into (file, text, bytes, error);
  if (replace (file, text, bytes, mode, &is_mount, &local))
    return TRUE;
  if (is_mount)
    return write_into (file, text, bytes, error);
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

gboolean
v2v_write_file (const char *path, const char *text, gssize length, guint mode, GError **error)
{
  g_autoptr (V2vOutFile) file = v2v_out_file_open (path, error);

  return file && v2v_out_file_write (file, text, length, mode, error);
}

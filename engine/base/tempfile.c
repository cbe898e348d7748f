/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Creates files under temporary names, publishes them, and keeps the list of them.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/held.h"
#include "base/register.h"
#include "base/tempfile.h"

#define CREATE_TRIES 100
/* A temporary name contains this many bytes of the final name, and a random number of this many
 * digits. */
#define FINAL_MAX 200
#define DIGITS 16

static V2vTempListener temp_listener;
static gpointer temp_listener_data;
static GPtrArray *temp_paths;

void
v2v_temp_listen (V2vTempListener listener, gpointer data)
{
  temp_listener = listener;
  temp_listener_data = data;
}

const GPtrArray *
v2v_temp_list (void)
{
  if (!temp_paths)
    temp_paths = g_ptr_array_new_with_free_func (g_free);
  return temp_paths;
}

static gboolean
temp_find (const char *path, guint *index)
{
  return g_ptr_array_find_with_equal_func ((GPtrArray *)v2v_temp_list (), path, g_str_equal,
                                           index);
}

static void
add (const char *path)
{
  g_ptr_array_add (temp_paths, g_strdup (path));
  if (temp_listener)
    temp_listener (path, TRUE, temp_listener_data);
}

void
v2v_temp_add (const char *path)
{
  if (temp_find (path, NULL))
    return;
  v2v_register_add (path);
  add (path);
}

void
v2v_temp_forget (const char *path)
{
  g_autofree char *kept = NULL;
  guint index;

  if (!temp_find (path, &index))
    return;
  kept = g_strdup (path); /* PATH may be the string in the list */
  g_ptr_array_remove_index (temp_paths, index);
  if (!temp_paths->len)
    g_clear_pointer (&temp_paths, g_ptr_array_unref);
  v2v_register_forget (kept);
  if (temp_listener)
    temp_listener (kept, FALSE, temp_listener_data);
}

void
v2v_temp_remove (const char *path)
{
  g_autofree char *name = NULL;
  g_autoptr (V2vDir) dir = v2v_held_parent (path, &name, NULL);

  if (dir && unlinkat (dir->fd, name, 0) < 0 && unlinkat (dir->fd, name, AT_REMOVEDIR) < 0 &&
      (errno == ENOTEMPTY || errno == EEXIST))
    return;
  v2v_temp_forget (path);
}

void
v2v_temp_remove_below (const char *path)
{
  g_autofree char *prefix = g_strconcat (path, "/", NULL);

  for (guint i = v2v_temp_list ()->len; i-- > 0;) {
    const GPtrArray *list = v2v_temp_list ();

    if (i < list->len && g_str_has_prefix (list->pdata[i], prefix))
      v2v_temp_remove (list->pdata[i]);
  }
  v2v_temp_remove (path);
}

int
v2v_temp_create (const V2vDir *dir, const char *final, char **name_r, GError **error)
{
  int errnum = EEXIST;

  for (int i = 0; i < CREATE_TRIES && errnum == EEXIST; i++) {
    g_autofree char *name =
        g_strdup_printf (".%.*s.%08x%08x", FINAL_MAX, final, g_random_int (), g_random_int ());
    g_autofree char *path = v2v_dir_path (dir, name);
    int fd;

    if (v2v_dir_has (dir, name))
      continue;
    v2v_temp_add (path);
    fd = openat (dir->fd, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd >= 0) {
      *name_r = g_steal_pointer (&name);
      return fd;
    }
    errnum = errno;
    v2v_temp_forget (path);
  }
  v2v_error_set_errno (error, errnum, "cannot create a file in %s", dir->path);
  return -1;
}

char *
v2v_temp_final (const char *path)
{
  g_autofree char *directory = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  const gsize length = strlen (name);
  const gsize end = length > DIGITS + 2 ? length - DIGITS - 1 : 0;

  if (name[0] != '.' || !end || name[end] != '.' || end - 1 >= FINAL_MAX ||
      strspn (name + end + 1, "0123456789abcdef") != DIGITS)
    return NULL;
  name[end] = '\0';
  return g_build_filename (directory, name + 1, NULL);
}

gboolean
v2v_temp_publish (const V2vDir *dir, const char *name, const char *final, GError **error)
{
  g_autofree char *from = v2v_dir_path (dir, name);
  g_autofree char *to = v2v_dir_path (dir, final);
  int status;

  v2v_register_publish (from, to);
  status = renameat2 (dir->fd, name, dir->fd, final, RENAME_NOREPLACE);

  /* The file system has no RENAME_NOREPLACE. link(2) does not replace a file either. */
  if (status < 0 && (errno == EINVAL || errno == ENOSYS) &&
      (status = linkat (dir->fd, name, dir->fd, final, 0)) == 0)
    unlinkat (dir->fd, name, 0);
  if (status < 0) {
    int errnum = errno;

    v2v_register_forget (to);
    if (errnum == EEXIST)
      g_set_error (error, V2V_ERROR, V2V_EXIT_CANTCREAT,
                   "%s exists and is not replaced; move it away or give another NAME", to);
    else
      v2v_error_set_errno (error, errnum, "cannot rename %s to %s", from, to);
    return FALSE;
  }
  if (!temp_find (to, NULL))
    add (to);
  v2v_temp_forget (from);
  if (v2v_dir_sync (dir, error))
    return TRUE;
  v2v_temp_remove (to);
  return FALSE;
}

gboolean
v2v_write_all (int fd, const char *path, const char *text, gsize length, GError **error)
{
  while (length) {
    gssize n = write (fd, text, length);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0 && errno == EAGAIN) {
      struct pollfd full = {fd, POLLOUT, 0};

      poll (&full, 1, -1);
      continue;
    }
    if (n < 0) {
      v2v_error_set_errno (error, errno, "cannot write to %s", path);
      return FALSE;
    }
    text += n;
    length -= (gsize)n;
  }
  return TRUE;
}

gboolean
v2v_file_replace (const V2vDir *dir, const char *final, const char *text, gssize length,
                  GError **error)
{
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;
  int fd = v2v_temp_create (dir, final, &name, error);
  gboolean ok;

  if (fd < 0)
    return FALSE;
  path = v2v_dir_path (dir, name);
  ok = v2v_write_all (fd, path, text, length < 0 ? strlen (text) : (gsize)length, error);
  if (ok && fsync (fd) < 0) {
    v2v_error_set_errno (error, errno, "cannot sync %s", path);
    ok = FALSE;
  }
  close (fd);
  if (ok && renameat (dir->fd, name, dir->fd, final) < 0) {
    v2v_error_set_errno (error, errno, "cannot rename %s to %s/%s", path, dir->path, final);
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
v2v_fd_sync (int fd, const char *path, GError **error)
{
  if (fsync (fd) == 0)
    return TRUE;
  v2v_error_set_errno (error, errno, "cannot sync %s", path);
  return FALSE;
}

gboolean
v2v_file_sync (const char *path, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gboolean ok;

  if (fd < 0) {
    v2v_error_set_errno (error, errno, "cannot open %s", path);
    return FALSE;
  }
  ok = v2v_fd_sync (fd, path, error);
  close (fd);
  return ok;
}

char *
v2v_fd_name (int fd)
{
  return g_strdup_printf ("/proc/%d/fd/%d", (int)getpid (), fd);
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Directories held open.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/dir.h"

void
v2v_dir_close (V2vDir *dir)
{
  if (!dir)
    return;
  close (dir->fd);
  g_free (dir->path);
  g_free (dir);
}

gboolean
v2v_dir_has (const V2vDir *dir, const char *name)
{
  struct stat st;

  return fstatat (dir->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

char *
v2v_dir_path (const V2vDir *dir, const char *name)
{
  return g_build_filename (dir->path, name, NULL);
}

gboolean
v2v_dir_sync (const V2vDir *dir, GError **error)
{
  /* Some network file systems cannot sync a directory and do not need it. */
  if (fsync (dir->fd) < 0 && errno != EINVAL && errno != ENOTSUP) {
    v2v_error_set_errno (error, errno, "cannot sync the directory %s", dir->path);
    return FALSE;
  }
  return TRUE;
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Stamps of files and block devices.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "storage/stamp.h"

/* The seventh number of this file of the kernel's. */
static gint64
sectors_written (dev_t device)
{
  g_autofree char *path =
      g_strdup_printf ("/sys/dev/block/%u:%u/stat", major (device), minor (device));
  g_autofree char *text = NULL;
  unsigned long long written;

  if (g_file_get_contents (path, &text, NULL, NULL) &&
      sscanf (text, "%*u %*u %*u %*u %*u %*u %llu", &written) == 1)
    return (gint64)written;
  return -1;
}

gboolean
v2v_stamp_fd (int fd, const char *path, V2vStamp *stamp, GError **error)
{
  struct stat st;

  if (fstat (fd, &st) < 0) {
    v2v_error_set_errno (error, errno, "cannot examine %s", path);
    return FALSE;
  }
  *stamp = (V2vStamp){.block = S_ISBLK (st.st_mode)};
  if (stamp->block) {
    stamp->device = st.st_rdev;
    stamp->size = lseek (fd, 0, SEEK_END);
    fsync (fd);
    stamp->sectors = sectors_written (st.st_rdev);
    return TRUE;
  }
  stamp->device = st.st_dev;
  stamp->inode = st.st_ino;
  stamp->size = st.st_size;
  stamp->mtime = v2v_stamp_time (&st.st_mtim);
  stamp->ctime = v2v_stamp_time (&st.st_ctim);
  return TRUE;
}

gboolean
v2v_stamp_path (const char *path, V2vStamp *stamp, GError **error)
{
  int fd = open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  gboolean ok;

  if (fd < 0) {
    v2v_error_set_errno (error, errno, "cannot open %s", path);
    return FALSE;
  }
  ok = v2v_stamp_fd (fd, path, stamp, error);
  close (fd);
  return ok;
}

/* "2026-11-30 12:00:00.5", in local time */
static char *
date (gint64 time)
{
  g_autoptr (GDateTime) local = g_date_time_new_from_unix_local (time / 1000000000);
  g_autofree char *text = local ? g_date_time_format (local, "%Y-%m-%d %H:%M:%S") : NULL;

  return g_strdup_printf ("%s.%09d", text ? text : "?", (int)(time % 1000000000));
}

char *
v2v_stamp_changed (gint64 before, gint64 now)
{
  g_autofree char *was = date (before), *is = date (now);

  return g_strdup_printf ("it was last changed at %s, and before at %s", is, was);
}

gboolean
v2v_stamp_is_same_file (const V2vStamp *a, const V2vStamp *b)
{
  return a->block == b->block && a->device == b->device && a->inode == b->inode;
}

char *
v2v_stamp_difference (const V2vStamp *before, const V2vStamp *now)
{
  g_autofree char *is = NULL;

  if (!v2v_stamp_is_same_file (before, now))
    return g_strdup ("another file or device has taken its place");
  if (before->size != now->size)
    return g_strdup_printf ("it had %" G_GINT64_FORMAT " bytes and has %" G_GINT64_FORMAT,
                            before->size, now->size);
  if (before->sectors >= 0 && now->sectors >= 0 && before->sectors != now->sectors)
    return g_strdup_printf ("%" G_GINT64_FORMAT " sectors of it were written",
                            now->sectors - before->sectors);
  if (before->mtime != now->mtime)
    return v2v_stamp_changed (before->mtime, now->mtime);
  if (before->ctime != now->ctime) {
    is = date (now->ctime);
    return g_strdup_printf ("it was changed at %s, though its date of change does not say so",
                            is);
  }
  return NULL;
}

char *
v2v_stamp_mtime (const struct stat *st)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT ".%09ld", (gint64)st->st_mtim.tv_sec,
                          (long)st->st_mtim.tv_nsec);
}

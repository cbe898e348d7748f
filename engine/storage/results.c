/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The new disks of a job: their names, and how they get them.
 */
#include "config.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "storage/overlay.h"
#include "storage/results.h"

/* 0: "sda" ... 25: "sdz", 26: "sdaa" */
static char *
disk_letters (guint index)
{
  char letters[8];
  guint i = sizeof letters - 1;

  letters[i] = '\0';
  for (guint rest = index + 1; rest; rest = (rest - 1) / 26)
    letters[--i] = (char)('a' + (rest - 1) % 26);
  return g_strconcat ("sd", letters + i, NULL);
}

void
v2v_storage_name_results (V2vStorageJob *job, const char *dir)
{
  for (guint i = 0; i < job->disks->len; i++) {
    V2vStorageDisk *disk = job->disks->pdata[i];
    g_autofree char *letters = disk_letters (i);

    disk->result_name = g_strconcat (job->name, "-", letters, NULL);
    disk->result_path = g_build_filename (dir, disk->result_name, NULL);
  }
}

V2vDir *
v2v_storage_open_results (V2vStorageJob *job, const char *path, GError **error)
{
  g_autoptr (V2vDir) dir = v2v_dir_open (path, error);

  for (guint i = 0; dir && i < job->disks->len; i++) {
    const V2vStorageDisk *disk = job->disks->pdata[i];

    if (v2v_dir_has (dir, disk->result_name)) {
      g_set_error (error, V2V_ERROR, V2V_EXIT_CANTCREAT,
                   "%s exists and is not replaced; move it away or give another NAME",
                   disk->result_path);
      return NULL;
    }
  }
  return g_steal_pointer (&dir);
}

/* Does the name of DISK's result in DIR still belong to the file that was made, and not to
 * one that another program put in its place? */
static gboolean
check_published (const V2vStorageDisk *disk, const V2vDir *dir, GError **error)
{
  struct stat made, there;

  if (disk->result_fd < 0 ||
      (fstat (disk->result_fd, &made) == 0 &&
       fstatat (dir->fd, disk->result_name, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
       made.st_dev == there.st_dev && made.st_ino == there.st_ino))
    return TRUE;
  g_set_error (error, V2V_ERROR, V2V_EXIT_TEMPFAIL,
               "%s is not the file that was written: somebody else, who can write %s, has put "
               "another in its place; use a directory that nobody else can write",
               disk->result_path, dir->path);
  return FALSE;
}

gboolean
v2v_storage_publish (V2vStorageJob *job, const V2vDir *dir, GPtrArray *published,
                     GError **error)
{
  /* Who lets the guest run meanwhile knows what that gives. */
  if (!v2v_storage_check_sources (job, v2v_option_is_set (job->options, "allow-in-use"), error))
    return FALSE;
  for (guint i = 0; i < job->disks->len; i++) {
    V2vStorageDisk *disk = job->disks->pdata[i];
    g_autofree char *name = NULL;

    if (!disk->result)
      continue;
    name = g_path_get_basename (disk->result);
    if (!v2v_temp_publish (dir, name, disk->result_name, error))
      return FALSE;
    g_clear_pointer (&disk->result, g_free);
    g_ptr_array_add (published, g_strdup (disk->result_path));
    if (!check_published (disk, dir, error))
      return FALSE;
    if (disk->result_fd >= 0)
      close (disk->result_fd);
    disk->result_fd = -1;
  }
  return TRUE;
}

void
v2v_storage_remove_results (V2vStorageJob *job, const GPtrArray *published)
{
  for (guint i = 0; i < job->disks->len; i++) {
    V2vStorageDisk *disk = job->disks->pdata[i];

    if (disk->result)
      v2v_temp_remove (disk->result);
    g_clear_pointer (&disk->result, g_free);
  }
  for (guint i = 0; i < published->len; i++)
    v2v_temp_remove (published->pdata[i]);
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Redo files, made by qemu-img.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/process.h"
#include "storage/json-name.h"
#include "storage/redo.h"
#include "storage/space.h"

#define CLUSTER 65536
#define CREATE_SECONDS 300

gboolean
v2v_redo_make (V2vJournalDisk *disk, const GPtrArray *chain, guint index, gint64 growth,
               const V2vDir *dir, GError **error)
{
  g_autofree char *name = g_strdup_printf ("redo-%u.qcow2", index);
  g_autofree char *redo = v2v_dir_path (dir, name);
  g_autofree char *overlay = v2v_dir_path (dir, disk->overlay);
  g_autofree char *image = v2v_storage_redo_name (overlay, redo, chain);
  g_autofree char *file = v2v_layer_name (chain->pdata[0]);
  gint64 length = disk->block ? disk->length : disk->length + growth;
  g_autofree char *size =
      g_strdup_printf ("%" G_GINT64_FORMAT, (length + CLUSTER - 1) / CLUSTER * CLUSTER);
  V2vLimits limits = {.wall_seconds = CREATE_SECONDS};
  const char *const create[] = {"qemu-img",
                                "create",
                                "-q",
                                "-f",
                                "qcow2",
                                "-o",
                                "compat=1.1,cluster_size=65536,lazy_refcounts=off",
                                "-F",
                                "raw",
                                "-b",
                                file,
                                redo,
                                size,
                                NULL};
  /* What the header of the overlay says of its backing file would count as a second one. */
  const char *const detach[] = {"qemu-img", "rebase", "-q", "-u",    "-f",
                                "qcow2",    "-b",     "",   overlay, NULL};
  const char *const commit[] = {"qemu-img", "commit", "-q", "-d", image, NULL};
  int fd;

  if (!v2v_storage_check_space (dir->path, growth, "the changed blocks of the disks", error))
    return FALSE;
  v2v_temp_add (redo);
  fd = openat (dir->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) {
    v2v_error_set_errno (error, errno, "cannot create %s", redo);
    return FALSE;
  }
  close (fd);
  g_free (disk->redo);
  disk->redo = g_steal_pointer (&name);
  if (!v2v_process_run (create, &limits, NULL, error) ||
      !v2v_process_run (detach, &limits, NULL, error) ||
      !v2v_process_run (commit, NULL, NULL, error)) {
    v2v_storage_explain_full (dir->path, error);
    return FALSE;
  }
  return v2v_file_sync (redo, error);
}

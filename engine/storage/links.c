/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Directories of links to disks in pieces.
 */
#include "config.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/tempfile.h"
#include "storage/links.h"

/* Is every piece open, and beside the file of LAYER? */
static gboolean
can_be_linked (const V2vLayer *layer)
{
  g_autofree char *directory = g_path_get_dirname (layer->path);

  if (layer->fd < 0 || !layer->parts->len || layer->part_fds->len != layer->parts->len)
    return FALSE;
  for (guint i = 0; i < layer->parts->len; i++) {
    g_autofree char *beside = g_path_get_dirname (layer->parts->pdata[i]);

    if (!g_str_equal (beside, directory))
      return FALSE;
  }
  return TRUE;
}

static gboolean
make_link (V2vStorageJob *job, const char *directory, const char *path, int fd, char **link_r)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *target = v2v_fd_name (fd);
  char *link = g_build_filename (directory, name, NULL);

  g_ptr_array_add (job->links, link);
  v2v_temp_add (link);
  if (link_r)
    *link_r = g_strdup (link);
  return symlink (target, link) == 0;
}

static gboolean
make_directory (V2vStorageJob *job, V2vLayer *layer)
{
  g_autofree char *name = g_strdup_printf ("links-%u", job->links->len);
  char *directory = g_build_filename (job->work_dir, name, NULL);
  gboolean ok;

  g_ptr_array_add (job->links, directory);
  v2v_temp_add (directory);
  ok = mkdir (directory, 0700) == 0 &&
       make_link (job, directory, layer->path, layer->fd, &layer->alias);
  for (guint i = 0; ok && i < layer->parts->len; i++)
    ok = make_link (job, directory, layer->parts->pdata[i],
                    g_array_index (layer->part_fds, int, i), NULL);
  return ok;
}

void
v2v_links_make (V2vStorageJob *job, V2vStorageDisk *disk)
{
  for (guint i = 0; i < disk->chain->len; i++) {
    V2vLayer *layer = disk->chain->pdata[i];

    if (can_be_linked (layer) && !make_directory (job, layer))
      g_clear_pointer (&layer->alias, g_free);
  }
}

void
v2v_links_remove (V2vStorageJob *job)
{
  for (guint i = job->links->len; i-- > 0;)
    v2v_temp_remove (job->links->pdata[i]);
  g_ptr_array_set_size (job->links, 0);
  for (guint i = 0; i < job->disks->len; i++) {
    const V2vStorageDisk *disk = job->disks->pdata[i];

    for (guint j = 0; disk->chain && j < disk->chain->len; j++)
      g_clear_pointer (&((V2vLayer *)disk->chain->pdata[j])->alias, g_free);
  }
}

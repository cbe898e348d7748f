/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Directories of links to disks in pieces.
 */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/tempfile.h"
#include "storage/links.h"

/* Does every piece lie beneath the directory of LAYER? */
static gboolean
can_be_linked (const V2vLayer *layer)
{
  if (layer->fd < 0 || !layer->parts->len || v2v_layer_has_data_file (layer))
    return FALSE;
  for (guint i = 0; i < layer->parts->len; i++)
    if (!v2v_part_beneath (layer->path, layer->parts->pdata[i]))
      return FALSE;
  return TRUE;
}

/* Makes the directories on the way to RELATIVE, which is beneath DIRECTORY. */
static gboolean
make_way (V2vStorageJob *job, const char *directory, const char *relative)
{
  for (const char *slash = strchr (relative, '/'); slash; slash = strchr (slash + 1, '/')) {
    g_autofree char *name = g_strndup (relative, (gsize)(slash - relative));
    g_autofree char *path = g_build_filename (directory, name, NULL);

    if (g_file_test (path, G_FILE_TEST_IS_DIR))
      continue;
    g_ptr_array_add (job->links, g_strdup (path));
    v2v_temp_add (path);
    if (mkdir (path, 0700) < 0)
      return FALSE;
  }
  return TRUE;
}

static gboolean
make_link (V2vStorageJob *job, const char *directory, const char *relative, int fd)
{
  g_autofree char *target = v2v_fd_name (fd);
  char *link = g_build_filename (directory, relative, NULL);

  g_ptr_array_add (job->links, link);
  v2v_temp_add (link);
  return symlink (target, link) == 0;
}

static gboolean
make_directory (V2vStorageJob *job, V2vLayer *layer)
{
  g_autofree char *name = g_strdup_printf ("links-%u", job->links->len);
  g_autofree char *own = g_path_get_basename (layer->path);
  /* A header may name a piece twice. */
  g_autoptr (GHashTable) made = g_hash_table_new (g_str_hash, g_str_equal);
  char *directory = g_build_filename (job->work_dir, name, NULL);
  gboolean ok;

  g_ptr_array_add (job->links, directory);
  v2v_temp_add (directory);
  g_hash_table_add (made, own);
  ok = mkdir (directory, 0700) == 0 && make_link (job, directory, own, layer->fd);
  for (guint i = 0; ok && i < layer->parts->len; i++) {
    const char *relative = v2v_part_beneath (layer->path, layer->parts->pdata[i]);

    if (g_hash_table_add (made, (gpointer)relative))
      ok = make_way (job, directory, relative) &&
           make_link (job, directory, relative, g_array_index (layer->part_fds, int, i));
  }
  if (ok)
    layer->alias = g_build_filename (directory, own, NULL);
  return ok;
}

gboolean
v2v_links_make (V2vStorageJob *job, V2vStorageDisk *disk, GError **error)
{
  for (guint i = 0; i < disk->chain->len; i++) {
    V2vLayer *layer = disk->chain->pdata[i];

    if (can_be_linked (layer) && !make_directory (job, layer)) {
      v2v_error_set_errno (error, errno, "cannot make links to the pieces of %s in %s",
                           layer->path, job->work_dir);
      return FALSE;
    }
  }
  return TRUE;
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

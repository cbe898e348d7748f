/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The overlays of the disks of a job, and what they are built on.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/held.h"
#include "base/log.h"
#include "base/process.h"
#include "base/tempfile.h"
#include "storage/image.h"
#include "storage/json-name.h"
#include "storage/links.h"
#include "storage/overlay.h"

#define CREATE_SECONDS 300
/* A qcow2 header has room for so many bytes. */
#define BACKING_MAX 1023

gboolean
v2v_storage_check_lasting (const V2vStorageJob *job, GError **error)
{
  g_autofree char *work = g_strconcat (job->work_dir, "/", NULL);

  for (guint i = 0; i < job->disks->len; i++) {
    const V2vDomainDisk *disk = ((const V2vStorageDisk *)job->disks->pdata[i])->disk;

    if (disk->slice.length || g_str_has_prefix (disk->path, work)) {
      g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                   "the disk %s lies inside of an archive%s%s, and neither can be changed in "
                   "place nor be the base of a snapshot: use --storage copy, or unpack the "
                   "archive into a directory of its own and convert that",
                   disk->target, disk->slice.length ? ", " : "",
                   disk->slice.length ? disk->path : "");
      return FALSE;
    }
  }
  return TRUE;
}

const V2vLayer *
v2v_storage_unrecorded (const GPtrArray *chain)
{
  for (guint i = 1; i < chain->len; i++)
    if (!((const V2vLayer *)chain->pdata[i])->recorded)
      return chain->pdata[i];
  return NULL;
}

static gboolean
read_size (const char *path, gint64 *size_r, GError **error)
{
  V2vImageFile file;
  gboolean ok;
  int fd = open (path, O_RDONLY | O_CLOEXEC);

  if (fd < 0) {
    v2v_error_set_errno (error, errno, "cannot open the overlay %s", path);
    return FALSE;
  }
  ok = v2v_image_file_init (&file, fd, path, error) && v2v_qcow2_size (&file, size_r, error);
  close (fd);
  return ok;
}

/* qemu-img would make the file readable to all. */
static gboolean
make_private_file (const char *path, GError **error)
{
  int fd;

  v2v_temp_add (path);
  fd = open (path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) {
    v2v_error_set_errno (error, errno, "cannot create the overlay %s", path);
    v2v_temp_forget (path);
    return FALSE;
  }
  close (fd);
  return TRUE;
}

/* The backing file that the overlay of DISK names in the end. */
static char *
lasting_backing (const V2vStorageDisk *disk)
{
  const V2vLayer *top = disk->chain->pdata[0];
  gboolean data_file = FALSE;

  for (guint i = 0; i < disk->chain->len; i++)
    data_file |= v2v_layer_has_data_file (disk->chain->pdata[i]);
  /* The plain path is sufficient if every format and file of the chain is recorded where
   * programs look for it. */
  return top->slice.length || data_file || v2v_storage_unrecorded (disk->chain)
             ? v2v_storage_json_name (NULL, disk->chain)
             : g_strdup (top->path);
}

/* Is it certain that no other user can change where the path of a layer of CHAIN leads? */
static gboolean
paths_hold (const GPtrArray *chain, GError **error)
{
  for (guint i = 0; i < chain->len; i++) {
    const V2vLayer *layer = chain->pdata[i];
    g_autofree char *directory = g_path_get_dirname (layer->path);

    if (v2v_held_is_private (directory))
      continue;
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_DATA,
        "%s is built on so many backing files that tools have to open them by their paths, and "
        "another user could replace %s meanwhile; flatten it first (qemu-img convert)",
        ((const V2vLayer *)chain->pdata[0])->path, layer->path);
    return FALSE;
  }
  return TRUE;
}

/* The backing file that the overlay of DISK names while this process has the chain open. */
static char *
held_backing (const V2vStorageDisk *disk, GError **error)
{
  const V2vLayer *top = disk->chain->pdata[0];
  g_autofree char *backing = NULL;

  if (disk->chain->len == 1 && !top->slice.length && g_str_equal (top->format, "raw"))
    return v2v_layer_name (top);
  backing = v2v_storage_held_name (NULL, disk->chain);
  if (strlen (backing) <= BACKING_MAX)
    return g_steal_pointer (&backing);
  return paths_hold (disk->chain, error) ? lasting_backing (disk) : NULL;
}

gboolean
v2v_storage_make_overlay (V2vStorageJob *job, V2vStorageDisk *disk, const char *path,
                          GError **error)
{
  V2vExamineOptions options = {
      .allow_backing = v2v_option_get_all (job->options, "allow-backing"),
  };
  V2vLimits limits = {.wall_seconds = CREATE_SECONDS};
  g_autofree char *backing = NULL;
  const V2vLayer *top;

  /* Checked again here, so that no program opens a chain that was not examined. */
  g_clear_pointer (&disk->chain, g_ptr_array_unref);
  disk->chain = v2v_examine_chain (disk->disk, &options, error);
  if (!disk->chain)
    return FALSE;
  if (!v2v_links_make (job, disk, error))
    return FALSE;
  top = disk->chain->pdata[0];
  backing = held_backing (disk, error);
  if (!backing || !make_private_file (path, error))
    return FALSE;
  {
    const char *const argv[] = {"qemu-img",
                                "create",
                                "-q",
                                "-f",
                                "qcow2",
                                "-o",
                                "compat=1.1,cluster_size=65536,lazy_refcounts=off",
                                "-F",
                                top->format,
                                "-b",
                                backing,
                                path,
                                NULL};

    if (!v2v_process_run (argv, &limits, NULL, error) ||
        !read_size (path, &disk->size, error)) {
      g_prefix_error (error, "the overlay of the disk %s cannot be made: ", disk->disk->path);
      v2v_temp_remove (path);
      return FALSE;
    }
  }
  g_free (disk->overlay);
  disk->overlay = g_strdup (path);
  disk->settled = FALSE;
  return TRUE;
}

gboolean
v2v_storage_settle (V2vStorageJob *job, GError **error)
{
  for (guint i = 0; i < job->disks->len; i++) {
    V2vStorageDisk *disk = job->disks->pdata[i];
    const V2vLayer *top = disk->chain->pdata[0];
    g_autofree char *backing = lasting_backing (disk);
    V2vLimits limits = {.wall_seconds = CREATE_SECONDS};
    const char *const argv[] = {"qemu-img", "rebase",    "-q", "-u",    "-f",          "qcow2",
                                "-F",       top->format, "-b", backing, disk->overlay, NULL};

    if (disk->settled)
      continue;
    if (!v2v_process_run (argv, &limits, NULL, error))
      return FALSE;
    disk->settled = TRUE;
  }
  return TRUE;
}

void
v2v_storage_sources_lent (V2vStorageJob *job)
{
  for (guint i = 0; i < job->disks->len; i++)
    v2v_examine_lent (((const V2vStorageDisk *)job->disks->pdata[i])->chain);
}

gboolean
v2v_storage_check_sources (const V2vStorageJob *job, gboolean in_use, GError **error)
{
  for (guint i = 0; i < job->disks->len; i++) {
    const V2vStorageDisk *disk = job->disks->pdata[i];

    if (!v2v_examine_unchanged (disk->chain, in_use, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
v2v_storage_make_overlays (V2vStorageJob *job, GError **error)
{
  for (guint i = 0; i < job->disks->len; i++) {
    g_autofree char *file = g_strdup_printf ("overlay-%u.qcow2", i);
    g_autofree char *path = g_build_filename (job->work_dir, file, NULL);

    if (!v2v_storage_make_overlay (job, job->disks->pdata[i], path, error))
      return FALSE;
  }
  return TRUE;
}

void
v2v_storage_remove_overlays (V2vStorageJob *job)
{
  for (guint i = 0; i < job->disks->len; i++) {
    V2vStorageDisk *disk = job->disks->pdata[i];

    if (disk->overlay)
      v2v_temp_remove (disk->overlay);
    g_clear_pointer (&disk->overlay, g_free);
  }
}

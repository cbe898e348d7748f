/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The storage "snapshot": the changed disks are qcow2 files whose backing files are
 * the originals, which have to stay as they are.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libxml/tree.h>

#include "base/held.h"
#include "base/register.h"
#include "storage/links.h"
#include "storage/overlay.h"
#include "storage/results.h"
#include "storage/snapshot-notes.h"
#include "storage/storages.h"

#define COPY_PIECE (1024 * 1024)

typedef struct {
  V2vDir *dir;    /* NULL for a plan */
  gboolean apart; /* others can write DIR: the overlays are elsewhere until they are done */
  GPtrArray *published; /* char * */
} Snapshot;

static const V2vOptionDef options[] = {
    {"snapshot-dir", "DIR", "directory of the snapshots (default: that of the output)", FALSE},
    {NULL},
};

static gboolean
snapshot_ready (const V2vOptionValues *values, GError **error)
{
  const char *path = v2v_option_get (values, "snapshot-dir");
  g_autoptr (V2vDir) dir = NULL;

  if (!path)
    return TRUE;
  if (!(dir = v2v_dir_open (path, error)))
    return FALSE;
  if (access (path, W_OK | X_OK) < 0) {
    v2v_error_set_errno (error, errno, "cannot make snapshots in --snapshot-dir %s", path);
    return FALSE;
  }
  return TRUE;
}

/* The result is the overlay itself. */
static void
set_result (V2vStorageDisk *disk)
{
  disk->result_format = g_strdup ("qcow2");
  disk->on_source = TRUE;
}

/* Makes the overlay of DISK at its final place or, if another user could replace it there,
 * in the work directory: the appliance opens it by its path. */
static gboolean
make_overlay (V2vStorageJob *job, const Snapshot *snapshot, guint index, GError **error)
{
  V2vStorageDisk *disk = job->disks->pdata[index];
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;
  int fd;

  if (snapshot->apart) {
    name = g_strdup_printf ("overlay-%u.qcow2", index);
    path = g_build_filename (job->work_dir, name, NULL);
    return v2v_storage_make_overlay (job, disk, path, error);
  }
  if ((fd = v2v_temp_create (snapshot->dir, disk->result_name, &name, error)) < 0)
    return FALSE;
  close (fd);
  path = v2v_dir_path (snapshot->dir, name);
  if (v2v_storage_make_overlay (job, disk, path, error))
    return TRUE;
  v2v_temp_remove (path);
  return FALSE;
}

static gboolean
make_snapshot (V2vStorageJob *job, const Snapshot *snapshot, guint index, GError **error)
{
  V2vStorageDisk *disk = job->disks->pdata[index];
  const V2vLayer *unrecorded;

  if (!make_overlay (job, snapshot, index, error))
    return FALSE;
  set_result (disk);
  /* A snapshot is opened by its plain path for years: then nothing may be left to be guessed.
   */
  unrecorded = v2v_storage_unrecorded (disk->chain);
  if (unrecorded)
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_DATA,
        "%s cannot be the base of a snapshot: the format of %s, which it is built on, is "
        "not recorded; record it (qemu-img rebase -u -b FILE -F %s DISK), or use --storage "
        "copy",
        disk->disk->path, unrecorded->path, unrecorded->format);
  return !unrecorded;
}

static gboolean
snapshot_open (V2vStorageJob *job, GError **error)
{
  const char *path = v2v_option_get (job->options, "snapshot-dir");
  g_autofree char *absolute = NULL;
  Snapshot *snapshot = g_new0 (Snapshot, 1);

  job->priv = snapshot;
  snapshot->published = g_ptr_array_new_with_free_func (g_free);
  if (!v2v_storage_check_lasting (job, error))
    return FALSE;
  if (!path)
    path = job->output_dir ? job->output_dir : ".";
  absolute = g_canonicalize_filename (path, NULL);
  v2v_storage_name_results (job, absolute);
  if (job->read_only) {
    if (!v2v_storage_make_overlays (job, error))
      return FALSE;
    for (guint i = 0; i < job->disks->len; i++)
      set_result (job->disks->pdata[i]);
    return TRUE;
  }
  if (!(snapshot->dir = v2v_storage_open_results (job, absolute, error)))
    return FALSE;
  snapshot->apart = !v2v_held_is_private (absolute);
  for (guint i = 0; i < job->disks->len; i++)
    if (!make_snapshot (job, snapshot, i, error))
      return FALSE;
  return TRUE;
}

/* ---- the end ---- */

/* Copies what FROM holds to TO, both at their beginning, and leaves holes where it has them. */
static gboolean
copy_data (int from, int to, const char *path, GError **error)
{
  g_autofree char *buffer = g_malloc (COPY_PIECE);
  off_t end = lseek (from, 0, SEEK_END);

  for (off_t at = lseek (from, 0, SEEK_DATA); at >= 0 && at < end;) {
    ssize_t n = pread (from, buffer, COPY_PIECE, at);
    off_t next;

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0) {
      v2v_error_set_errno (error, errno, "cannot read the overlay of %s", path);
      return FALSE;
    }
    if (n == 0)
      break;
    if (lseek (to, at, SEEK_SET) < 0 || !v2v_write_all (to, path, buffer, (gsize)n, error))
      return FALSE;
    next = lseek (from, at + n, SEEK_DATA);
    at = next;
  }
  if (ftruncate (to, end) == 0)
    return TRUE;
  v2v_error_set_errno (error, errno, "cannot set the length of %s", path);
  return FALSE;
}

/* Copies the overlay of DISK, which was made apart, to where it is published from. */
static gboolean
bring_in (const Snapshot *snapshot, V2vStorageDisk *disk, GError **error)
{
  g_autofree char *name = NULL;
  int from = open (disk->overlay, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  gboolean ok;

  if (from < 0) {
    v2v_error_set_errno (error, errno, "cannot open the overlay %s", disk->overlay);
    return FALSE;
  }
  disk->result_fd = v2v_temp_create (snapshot->dir, disk->result_name, &name, error);
  ok = disk->result_fd >= 0;
  if (ok) {
    disk->result = v2v_dir_path (snapshot->dir, name);
    ok = copy_data (from, disk->result_fd, disk->result_path, error) &&
         v2v_fd_sync (disk->result_fd, disk->result_path, error);
  }
  close (from);
  return ok;
}

static gboolean
snapshot_prepare (V2vStorageJob *job, xmlDoc *domain, GError **error)
{
  const Snapshot *snapshot = job->priv;

  if (!v2v_storage_settle (job, error))
    return FALSE;
  for (guint i = 0; i < job->disks->len; i++) {
    V2vStorageDisk *disk = job->disks->pdata[i];

    if (snapshot->apart) {
      if (!bring_in (snapshot, disk, error))
        return FALSE;
      continue;
    }
    if (!v2v_file_sync (disk->overlay, error))
      return FALSE;
    g_free (disk->result);
    disk->result = g_strdup (disk->overlay);
  }
  return v2v_storage_check_sources (job, v2v_option_is_set (job->options, "allow-in-use"),
                                    error) &&
         v2v_dir_sync (snapshot->dir, error) && v2v_snapshot_note (job, domain, error);
}

static gboolean
snapshot_commit (V2vStorageJob *job, GError **error)
{
  Snapshot *snapshot = job->priv;

  return v2v_storage_publish (job, snapshot->dir, snapshot->published, error);
}

static void
snapshot_close (V2vStorageJob *job)
{
  Snapshot *snapshot = job->priv;

  if (snapshot->apart)
    v2v_storage_remove_overlays (job);
  v2v_links_remove (job);
  v2v_dir_close (snapshot->dir);
  g_ptr_array_unref (snapshot->published);
  g_free (snapshot);
  job->priv = NULL;
}

static void
snapshot_finish (V2vStorageJob *job)
{
  const Snapshot *snapshot = job->priv;

  v2v_register_finish ();
  for (guint i = 0; i < snapshot->published->len; i++)
    v2v_temp_forget (snapshot->published->pdata[i]);
  snapshot_close (job);
}

static void
snapshot_abandon (V2vStorageJob *job)
{
  const Snapshot *snapshot = job->priv;

  if (!snapshot)
    return;
  v2v_storage_remove_overlays (job);
  v2v_storage_remove_results (job, snapshot->published);
  snapshot_close (job);
}

const V2vStorage v2v_storage_snapshot = {
    .name = "snapshot",
    .help =
        "make qcow2 disks that hold the changes only; the originals become their backing files",
    .options = options,
    .ready = snapshot_ready,
    .open = snapshot_open,
    .prepare = snapshot_prepare,
    .commit = snapshot_commit,
    .finish = snapshot_finish,
    .abandon = snapshot_abandon,
};

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Jobs of storages: the disks that are on their way, and what their results need.
 */
#include "config.h"

#include <unistd.h>

#include "storage/links.h"
#include "storage/storage.h"

static void
disk_free (gpointer data)
{
  V2vStorageDisk *disk = data;

  g_free (disk->overlay);
  g_free (disk->result);
  g_free (disk->result_name);
  g_free (disk->result_path);
  g_free (disk->result_format);
  g_clear_pointer (&disk->chain, g_ptr_array_unref);
  if (disk->result_fd >= 0)
    close (disk->result_fd);
  g_free (disk);
}

V2vStorageJob *
v2v_storage_job_new (const V2vOptionValues *options, const char *name, const char *work_dir,
                     const char *output_dir)
{
  V2vStorageJob *job = g_new0 (V2vStorageJob, 1);

  job->options = options;
  job->name = g_strdup (name);
  job->work_dir = g_canonicalize_filename (work_dir, NULL);
  job->disks = g_ptr_array_new_with_free_func (disk_free);
  job->links = g_ptr_array_new_with_free_func (g_free);
  job->made = g_ptr_array_new_with_free_func (g_free);
  job->made_notes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (output_dir) {
    g_autofree char *file = g_strconcat (name, ".xml", NULL);

    job->output_dir = g_canonicalize_filename (output_dir, NULL);
    job->domain_path = g_build_filename (job->output_dir, file, NULL);
  }
  return job;
}

void
v2v_storage_job_free (V2vStorageJob *job)
{
  if (!job)
    return;
  v2v_links_remove (job);
  g_ptr_array_unref (job->links);
  g_ptr_array_unref (job->disks);
  g_free ((char *)job->name);
  g_free ((char *)job->work_dir);
  g_free ((char *)job->output_dir);
  g_free (job->domain_path);
  g_ptr_array_unref (job->made);
  g_hash_table_unref (job->made_notes);
  g_free (job->former_path);
  g_free (job->former_text);
  g_free (job->undo_directory);
  g_free (job);
}

void
v2v_storage_job_add_disk (V2vStorageJob *job, const V2vDomainDisk *disk)
{
  V2vStorageDisk *added = g_new0 (V2vStorageDisk, 1);

  added->disk = disk;
  added->result_fd = -1;
  g_ptr_array_add (job->disks, added);
}

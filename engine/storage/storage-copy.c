/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The storage "copy": the changed disks are new files in the directory of the output.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/jsontext.h"
#include "base/log.h"
#include "base/process.h"
#include "base/register.h"
#include "storage/json-name.h"
#include "storage/links.h"
#include "storage/overlay.h"
#include "storage/results.h"
#include "storage/space.h"
#include "storage/storages.h"

#define MEASURE_SECONDS 600

typedef struct {
  V2vDir *dir;          /* NULL: the output wants no disks */
  GPtrArray *published; /* char * */
} Copy;

static const V2vOptionDef options[] = {
    {"output-format", "raw|qcow2",
     "format of the new disks (default: that of the old, else qcow2)", FALSE},
    {"no-trim", NULL, "copy also what the guest has deleted", FALSE},
    {NULL},
};

static gboolean
copy_ready (const V2vOptionValues *values, GError **error)
{
  const char *format = v2v_option_get (values, "output-format");

  if (!format || g_str_equal (format, "raw") || g_str_equal (format, "qcow2"))
    return TRUE;
  g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
               "--output-format %s: there is no such output format; known are: raw, qcow2",
               format);
  return FALSE;
}

static gboolean
copy_trims (const V2vOptionValues *values)
{
  return !v2v_option_is_set (values, "no-trim");
}

/* The format of the new disk: as asked for, else that of the old one if it is one of the two.
 */
static const char *
choose_format (const V2vStorageJob *job, const V2vStorageDisk *disk)
{
  const char *format = v2v_option_get (job->options, "output-format");
  const V2vLayer *top = disk->chain->pdata[0];

  if (format)
    return format;
  return g_str_equal (top->format, "raw") ? "raw" : "qcow2";
}

/* How many bytes a copy of the disk takes. */
static gboolean
measure (const V2vStorageDisk *disk, gint64 *bytes_r, GError **error)
{
  g_autofree char *image = v2v_storage_held_name (disk->overlay, disk->chain);
  const char *const argv[] = {"qemu-img", "measure", "--output=json", "-O", "qcow2",
                              image,      NULL};
  V2vLimits limits = {.wall_seconds = MEASURE_SECONDS};
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  if (!v2v_process_run (argv, &limits, &text, error))
    return FALSE;
  if (!(root = v2v_json_parse (text, strlen (text), NULL)) ||
      !json_object_has_member (json_node_get_object (root), "required")) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_SOFTWARE,
                 "qemu-img measure answered something unexpected about %s", disk->disk->path);
    return FALSE;
  }
  *bytes_r = json_object_get_int_member (json_node_get_object (root), "required");
  return TRUE;
}

static gboolean
check_space (V2vStorageJob *job, const V2vDir *dir, GError **error)
{
  gint64 total = 0;

  for (guint i = 0; i < job->disks->len; i++) {
    gint64 bytes = 0;

    if (!measure (job->disks->pdata[i], &bytes, error))
      return FALSE;
    total += bytes;
  }
  return v2v_storage_check_space (dir->path, total, "the new disks", error);
}

static gboolean
copy_open (V2vStorageJob *job, GError **error)
{
  Copy *copy = g_new0 (Copy, 1);

  job->priv = copy;
  copy->published = g_ptr_array_new_with_free_func (g_free);
  if (job->output_dir) {
    v2v_storage_name_results (job, job->output_dir);
    /* A plan names the results but needs no place for them. */
    if (!job->read_only &&
        !(copy->dir = v2v_storage_open_results (job, job->output_dir, error)))
      return FALSE;
  }
  if (!v2v_storage_make_overlays (job, error))
    return FALSE;
  for (guint i = 0; i < job->disks->len; i++) {
    V2vStorageDisk *disk = job->disks->pdata[i];

    disk->result_format = g_strdup (choose_format (job, disk));
  }
  return !copy->dir || check_space (job, copy->dir, error);
}

typedef struct {
  guint index, count; /* of disks */
} Progress;

/* "    (12.34/100%)" */
static void
convert_line (const char *line, gpointer data)
{
  const Progress *progress = data;
  const char *open = strchr (line, '(');

  if (open && strstr (open, "/100%)"))
    v2v_step_progress ((progress->index + g_ascii_strtod (open + 1, NULL) / 100) /
                       progress->count);
}

/* Neither the source nor the new file is opened by a path: who can write their directories
 * could have the one read and the other written elsewhere. */
static gboolean
convert (V2vStorageJob *job, const V2vDir *dir, guint index, GError **error)
{
  V2vStorageDisk *disk = job->disks->pdata[index];
  Progress progress = {index, job->disks->len};
  g_autofree char *image = v2v_storage_held_name (disk->overlay, disk->chain);
  g_autofree char *name = NULL;
  g_autofree char *target = NULL;

  disk->result_fd = v2v_temp_create (dir, disk->result_name, &name, error);
  if (disk->result_fd < 0)
    return FALSE;
  disk->result = v2v_dir_path (dir, name);
  target = v2v_fd_name (disk->result_fd);
  {
    const char *const argv[] = {"qemu-img",          "convert", "-p",   "-O",
                                disk->result_format, image,     target, NULL};

    if (!v2v_process_run_lines (argv, NULL, convert_line, &progress, error)) {
      g_prefix_error (error, "writing %s: ", disk->result_path);
      v2v_storage_explain_full (dir->path, error);
      return FALSE;
    }
  }
  return v2v_fd_sync (disk->result_fd, disk->result, error);
}

static gboolean
copy_prepare (V2vStorageJob *job, xmlDoc *domain G_GNUC_UNUSED, GError **error)
{
  const Copy *copy = job->priv;

  if (!copy->dir)
    return TRUE;
  if (!check_space (job, copy->dir, error))
    return FALSE;
  for (guint i = 0; i < job->disks->len; i++)
    if (!convert (job, copy->dir, i, error))
      return FALSE;
  return v2v_dir_sync (copy->dir, error);
}

static gboolean
copy_commit (V2vStorageJob *job, GError **error)
{
  Copy *copy = job->priv;

  return !copy->dir || v2v_storage_publish (job, copy->dir, copy->published, error);
}

static void
copy_close (V2vStorageJob *job)
{
  Copy *copy = job->priv;

  v2v_storage_remove_overlays (job);
  v2v_links_remove (job);
  v2v_dir_close (copy->dir);
  g_ptr_array_unref (copy->published);
  g_free (copy);
  job->priv = NULL;
}

static void
copy_finish (V2vStorageJob *job)
{
  const Copy *copy = job->priv;

  v2v_register_finish ();
  for (guint i = 0; i < copy->published->len; i++)
    v2v_temp_forget (copy->published->pdata[i]);
  copy_close (job);
}

static void
copy_abandon (V2vStorageJob *job)
{
  const Copy *copy = job->priv;

  if (!copy)
    return;
  v2v_storage_remove_results (job, copy->published);
  copy_close (job);
}

const V2vStorage v2v_storage_copy = {
    .name = "copy",
    .help = "copy the disks and change the copies",
    .options = options,
    .ready = copy_ready,
    .trims = copy_trims,
    .open = copy_open,
    .prepare = copy_prepare,
    .commit = copy_commit,
    .finish = copy_finish,
    .abandon = copy_abandon,
};

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Redo files, made by qemu-img.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <json-glib/json-glib.h>

#include "base/process.h"
#include "storage/redo.h"
#include "storage/storage-private.h"

#define CLUSTER 65536
#define CREATE_SECONDS 300

/* "json:{...}": OVERLAY over DISK, whose own file is REDO over that file. */
static char *
nested_name (const char *overlay, const char *redo, const V2vJournalDisk *disk)
{
  static const char *const protocol[] = {"file", "host_device"};
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;
  guint depth = 0;
  struct {
    const char *member, *driver, *path;
    gboolean block;
  } nodes[] = {
      {NULL, "qcow2", overlay, FALSE},
      {"backing", disk->format, NULL, FALSE},
      {"file", "qcow2", redo, FALSE},
      {"backing", "raw", disk->path, disk->block},
  };

  for (guint i = 0; i < G_N_ELEMENTS (nodes); i++) {
    if (nodes[i].member)
      json_builder_set_member_name (json, nodes[i].member);
    json_builder_begin_object (json);
    json_builder_set_member_name (json, "driver");
    json_builder_add_string_value (json, nodes[i].driver);
    if (nodes[i].path) {
      json_builder_set_member_name (json, "file");
      json_builder_begin_object (json);
      json_builder_set_member_name (json, "driver");
      json_builder_add_string_value (json, protocol[nodes[i].block ? 1 : 0]);
      json_builder_set_member_name (json, "filename");
      json_builder_add_string_value (json, nodes[i].path);
      json_builder_end_object (json);
    }
    depth++;
  }
  /* The two nodes of the disk's file end before its own chain of backing files is told. */
  json_builder_end_object (json);
  json_builder_end_object (json);
  depth -= 2;
  for (guint i = 0; disk->below && i < disk->below->len; i++) {
    const V2vLayer *layer = disk->below->pdata[i];

    json_builder_set_member_name (json, "backing");
    json_builder_begin_object (json);
    json_builder_set_member_name (json, "driver");
    json_builder_add_string_value (json, layer->format);
    json_builder_set_member_name (json, "file");
    json_builder_begin_object (json);
    json_builder_set_member_name (json, "driver");
    json_builder_add_string_value (json, protocol[layer->block ? 1 : 0]);
    json_builder_set_member_name (json, "filename");
    json_builder_add_string_value (json, layer->path);
    json_builder_end_object (json);
    depth++;
  }
  while (depth--)
    json_builder_end_object (json);
  root = json_builder_get_root (json);
  text = json_to_string (root, FALSE);
  return g_strconcat ("json:", text, NULL);
}

gboolean
v2v_redo_make (V2vJournalDisk *disk, guint index, gint64 growth, const V2vDir *dir,
               GError **error)
{
  g_autofree char *name = g_strdup_printf ("redo-%u.qcow2", index);
  g_autofree char *redo = v2v_dir_path (dir, name);
  g_autofree char *overlay = v2v_dir_path (dir, disk->overlay);
  g_autofree char *image = nested_name (overlay, redo, disk);
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
                                disk->path,
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

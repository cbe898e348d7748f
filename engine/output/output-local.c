/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The output "local": the domain document, and with most storages the disks, are
 * files in a directory.
 */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/tempfile.h"
#include "metadata/domain.h"
#include "output/output-private.h"

typedef struct {
  V2vDir *dir;
  char *final; /* "NAME.xml" */
  char *temp;  /* its temporary name, or NULL */
} Local;

static const V2vOptionDef options[] = {
    {"output-dir", "DIR", "directory of the new guest (default: the current one)", FALSE},
    {NULL},
};

static const char *
output_dir (const V2vOptionValues *values)
{
  const char *given = v2v_option_get (values, "output-dir");

  return given ? given : ".";
}

static gboolean
refuse_existing (const V2vDir *dir, const char *guest_name, const char *suffix, GError **error)
{
  g_autofree char *file = g_strconcat (guest_name, suffix, NULL);

  if (!v2v_dir_has (dir, file))
    return TRUE;
  g_set_error (error, V2V_ERROR, V2V_EXIT_CANTCREAT,
               "%s/%s exists and is not replaced; move it away or give another NAME", dir->path,
               file);
  return FALSE;
}

/* Will the storage put disks into the directory? The default does. */
static gboolean
gets_disks (const V2vOptionValues *values)
{
  const char *storage = v2v_option_get (values, "storage");

  if (!storage || g_str_equal (storage, v2v_storages[0]->name))
    return TRUE;
  return g_str_equal (storage, "snapshot") && !v2v_option_is_set (values, "snapshot-dir");
}

static gboolean
local_ready (const char *guest_name, const V2vOptionValues *values, GError **error)
{
  const char *path = output_dir (values);
  g_autoptr (V2vDir) dir = v2v_dir_open (path, error);

  if (!dir)
    return FALSE;
  if (access (path, W_OK | X_OK) < 0) {
    v2v_error_set_errno (error, errno, "cannot make files in the output directory %s",
                         dir->path);
    return FALSE;
  }
  return refuse_existing (dir, guest_name, ".xml", error) &&
         (!gets_disks (values) || refuse_existing (dir, guest_name, "-sda", error));
}

static char *
local_disk_dir (const V2vOptionValues *values)
{
  return g_canonicalize_filename (output_dir (values), NULL);
}

static gboolean
write_domain (Local *local, xmlDoc *domain, GError **error)
{
  g_autofree char *text = v2v_xml_to_string (domain);
  int fd = v2v_temp_create (local->dir, local->final, &local->temp, error);
  gboolean ok;

  if (fd < 0)
    return FALSE;
  ok = v2v_write_all (fd, local->final, text, strlen (text), error);
  if (ok && fsync (fd) < 0) {
    v2v_error_set_errno (error, errno, "cannot sync %s", local->final);
    ok = FALSE;
  }
  close (fd);
  return ok;
}

static gboolean
local_prepare (V2vStorageJob *job, xmlDoc *domain, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (job->domain_path);
  Local *local = g_new0 (Local, 1);

  job->output_priv = local;
  local->final = g_path_get_basename (job->domain_path);
  return (local->dir = v2v_dir_open (folder, error)) && write_domain (local, domain, error);
}

static void
local_close (V2vStorageJob *job)
{
  Local *local = job->output_priv;

  v2v_dir_close (local->dir);
  g_free (local->final);
  g_free (local->temp);
  g_free (local);
  job->output_priv = NULL;
}

static gboolean
local_create (V2vStorageJob *job, char **result_r, GError **error)
{
  Local *local = job->output_priv;

  if (!v2v_temp_publish (local->dir, local->temp, local->final, error))
    return FALSE;
  v2v_temp_forget (job->domain_path);
  *result_r = g_strdup (job->domain_path);
  local_close (job);
  return TRUE;
}

static void
local_abandon (V2vStorageJob *job)
{
  Local *local = job->output_priv;

  if (!local)
    return;
  if (local->dir && local->temp) {
    g_autofree char *path = v2v_dir_path (local->dir, local->temp);

    v2v_temp_remove (path);
  }
  local_close (job);
}

const V2vOutput v2v_output_local = {
    .name = "local",
    .help = "put the new guest's domain document, and its disks, into a directory",
    .options = options,
    .ready = local_ready,
    .disk_dir = local_disk_dir,
    .prepare = local_prepare,
    .create = local_create,
    .abandon = local_abandon,
};

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The output "local": puts the domain document, and with most storages the disks, into a
 * directory.
 */
#include "config.h"

#include "metadata/domain.h"
#include "output/files.h"
#include "output/output-private.h"

static const V2vOptionDef options[] = {
    {"output-dir", "DIR", "directory of the new guest (default: the current one)", FALSE},
    {NULL},
};

const char *
v2v_output_dir (const V2vOptionValues *values)
{
  const char *given = v2v_option_get (values, "output-dir");

  return given ? given : ".";
}

static gboolean
local_ready (const char *guest_name, const V2vOptionValues *values, GError **error)
{
  const char *const suffixes[] = {".xml", v2v_files_get_disks (values) ? "-sda" : NULL, NULL};

  return v2v_files_ready (v2v_output_dir (values), guest_name, suffixes, error);
}

static char *
local_disk_dir (const V2vOptionValues *values)
{
  return g_canonicalize_filename (v2v_output_dir (values), NULL);
}

static gboolean
local_prepare (V2vStorageJob *job, xmlDoc *domain, GError **error)
{
  g_autofree char *directory = g_path_get_dirname (job->domain_path);
  g_autofree char *name = g_path_get_basename (job->domain_path);
  g_autofree char *text = NULL;
  V2vFiles *files = job->output_priv = v2v_files_new (directory, error);

  if (!files || !v2v_files_carry (files, job, domain, error))
    return FALSE;
  text = v2v_xml_to_string (domain);
  return v2v_files_add (files, name, text, 0600, error);
}

static gboolean
local_create (V2vStorageJob *job, char **result_r, GError **error)
{
  if (!v2v_files_publish (job->output_priv, job, error))
    return FALSE;
  v2v_files_keep (g_steal_pointer (&job->output_priv));
  *result_r = g_strdup (job->domain_path);
  return TRUE;
}

static void
local_abandon (V2vStorageJob *job)
{
  v2v_files_abandon (g_steal_pointer (&job->output_priv));
}

static const char *const storages[] = {"copy", "snapshot", "in-place", NULL};

const V2vOutput v2v_output_local = {
    .name = "local",
    .help = "put the new guest's domain document, and its disks, into a directory",
    .storages = storages,
    .options = options,
    .ready = local_ready,
    .disk_dir = local_disk_dir,
    .prepare = local_prepare,
    .create = local_create,
    .abandon = local_abandon,
};

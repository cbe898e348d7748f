/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Prepares the disks of a guest whose metadata was read: examines them and makes overlays.
 */
#include "config.h"

#include "base/log.h"
#include "convert/disks.h"
#include "convert/written.h"
#include "storage/leftovers.h"

/* The word in the field from NAME of the fact of choices: the command line's, or else the
 * first of its enum; NULL if there is none. */
static const char *
chosen (const V2vAsked *asked, const char *name)
{
  const V2vFactDecl *decl =
      v2v_schema_find_origin (asked->settings->rules->schema, V2V_ORIGIN_CHOICE);

  for (guint i = 0; decl && i < decl->fields->len; i++) {
    const V2vField *field = decl->fields->pdata[i];
    V2vValue value;

    if (g_strcmp0 (field->from, name) != 0)
      continue;
    value = v2v_store_single (asked->facts, decl)->values[field->index];
    return v2v_value_is_set (value) ? value.text : NULL;
  }
  return NULL;
}

V2vStorageJob *
v2v_disks_prepare (const V2vAsked *asked, const V2vSourceRead *read, GError **error)
{
  const V2vJobSettings *settings = asked->settings;
  const V2vOutput *output = settings->output;
  g_autofree char *disk_dir = NULL;
  V2vStorageJob *store;

  if (!settings->read_only) {
    disk_dir = output->disk_dir (settings->options);
    v2v_leftovers_remove_results (read->name, disk_dir,
                                  v2v_option_get (settings->options, "snapshot-dir"));
    if (!settings->storage->ready (settings->options, error) ||
        !output->ready (read->name, settings->options, error) ||
        (output->ready_for &&
         !output->ready_for (read->name, read->original, chosen (asked, "domain-type"),
                             settings->options, error)))
      return NULL;
  }
  store = v2v_storage_job_new (settings->options, read->name, read->work_dir, disk_dir);
  store->read_only = settings->read_only;
  for (guint i = 0; i < read->disks->len; i++)
    v2v_storage_job_add_disk (store, read->disks->pdata[i]);
  return store;
}

static gboolean
examine (const V2vJobSettings *settings, const V2vSourceRead *read, V2vStorageJob *store,
         GError **error)
{
  const V2vOptionValues *options = settings->options;
  V2vExamineOptions examine = {
      .allow_backing = v2v_option_get_all (options, "allow-backing"),
      .allow_in_use = v2v_option_is_set (options, "allow-in-use") || settings->read_only,
  };

  for (guint i = 0; i < read->disks->len; i++) {
    V2vStorageDisk *disk = store->disks->pdata[i];

    if (!v2v_examine_disk (read->disks->pdata[i], &examine, &disk->size, error))
      return FALSE;
  }
  return v2v_examine_distinct (read->disks, error);
}

gboolean
v2v_disks_open (const V2vJobSettings *settings, const V2vSourceRead *read, V2vStorageJob *store,
                GError **error)
{
  v2v_step ("examine", "Examining the disks", 0);
  return examine (settings, read, store, error) && settings->storage->open (store, error) &&
         v2v_written_check_disks (settings, store, error);
}

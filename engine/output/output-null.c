/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The output "null": creates the guest nowhere, so that a whole conversion can be tried
 * without a result.
 */
#include "config.h"

#include "output/output-private.h"

static const V2vOptionDef options[] = {{NULL}};

static gboolean
null_ready (const char *guest_name G_GNUC_UNUSED, const V2vOptionValues *values G_GNUC_UNUSED,
            GError **error G_GNUC_UNUSED)
{
  return TRUE;
}

static char *
null_disk_dir (const V2vOptionValues *values G_GNUC_UNUSED)
{
  return NULL;
}

static gboolean
null_prepare (V2vStorageJob *job G_GNUC_UNUSED, xmlDoc *domain G_GNUC_UNUSED,
              GError **error G_GNUC_UNUSED)
{
  return TRUE;
}

static gboolean
null_create (V2vStorageJob *job G_GNUC_UNUSED, char **result_r, GError **error G_GNUC_UNUSED)
{
  *result_r = NULL;
  return TRUE;
}

static void
null_abandon (V2vStorageJob *job G_GNUC_UNUSED)
{
}

static const char *const storages[] = {"copy", "in-place", NULL};

const V2vOutput v2v_output_null = {
    .name = "null",
    .help = "create the guest nowhere",
    .storages = storages,
    .options = options,
    .ready = null_ready,
    .disk_dir = null_disk_dir,
    .prepare = null_prepare,
    .create = null_create,
    .abandon = null_abandon,
};

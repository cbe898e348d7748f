/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The appliance through which a conversion reads and changes the guest.
 */
#include "config.h"

#include "base/log.h"
#include "convert/appliance.h"
#include "convert/workdir.h"
#include "storage/overlay.h"

/* The option --NAME, a number from MIN to MAX; 0 if the option is not set. */
static gboolean
number_option (const V2vJobSettings *settings, const char *name, guint64 min, guint64 max,
               guint *number_r, GError **error)
{
  const char *text = v2v_option_get (settings->options, name);
  guint64 number = 0;

  if (text && !g_ascii_string_to_unsigned (text, 10, min, max, &number, NULL)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                 "--%s %s: expected a number from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT,
                 name, text, min, max);
    return FALSE;
  }
  *number_r = (guint)number;
  return TRUE;
}

gboolean
v2v_appliance_discards (const V2vJobSettings *settings, const V2vStorageJob *store)
{
  const V2vStorage *storage = settings->storage;

  return !settings->read_only && store->output_dir && storage->trims &&
         storage->trims (settings->options);
}

static gboolean
read_options (const V2vJobSettings *settings, V2vGuestOptions *guest, GError **error)
{
  *guest = (V2vGuestOptions){
      .network = v2v_option_is_set (settings->options, "appliance-network"),
      .keys = v2v_option_get_all (settings->options, "key"),
  };
  return number_option (settings, "memsize", 256, 1024 * 1024, &guest->memory_mib, error) &&
         number_option (settings, "smp", 1, 255, &guest->cpus, error);
}

gboolean
v2v_appliance_check (const V2vJobSettings *settings, GError **error)
{
  V2vGuestOptions options;

  return read_options (settings, &options, error);
}

static void
watch (const char *overlay)
{
  g_autofree char *directory = g_path_get_dirname (overlay);

  v2v_watch_space (directory);
}

static gboolean
launch (V2vGuest *guest, const V2vSourceRead *read, const V2vStorageJob *store, GError **error)
{
  for (guint i = 0; i < store->disks->len; i++) {
    const V2vStorageDisk *disk = store->disks->pdata[i];

    if (!v2v_guest_add_disk (guest, disk->overlay, "qcow2", FALSE, error))
      return FALSE;
    v2v_guest_show_disk (guest, disk->disk->path);
    watch (disk->overlay);
  }
  return v2v_launch_below (guest, read->work_dir, error);
}

V2vGuest *
v2v_appliance_start (const V2vJobSettings *settings, const V2vSourceRead *read,
                     V2vStorageJob *store, GError **error)
{
  V2vGuestOptions options;
  V2vGuest *guest;

  if (!read_options (settings, &options, error))
    return NULL;
  options.discard = v2v_appliance_discards (settings, store);
  guest = v2v_guest_new (&options, error);
  if (!guest)
    return NULL;
  if (!launch (guest, read, store, error)) {
    v2v_guest_free (guest);
    return NULL;
  }
  v2v_storage_sources_lent (store);
  return guest;
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Lists the file systems on the guest's disks.
 */
#include "config.h"

#include <string.h>

#include "guest/internal.h"

/* The part of DEVICE after the name of DISK ("1" for /dev/sda1), or NULL if DEVICE is not on
 * DISK. */
static const char *
partition_number (const char *device, const char *disk)
{
  const char *rest = g_str_has_prefix (device, disk) ? device + strlen (disk) : NULL;

  if (rest && *rest == 'p')
    rest++;
  return rest && *rest && strspn (rest, "0123456789") == strlen (rest) ? rest : NULL;
}

/* Whether DEVICE is the disk, a partition of it, or a subvolume ("/dev/sda1/@") on either. */
static gboolean
is_on (const char *device, const char *disk)
{
  const char *volume = strchr (device + strlen ("/dev/"), '/');
  g_autofree char *plain = volume ? g_strndup (device, (gsize)(volume - device)) : NULL;

  if (plain)
    device = plain;
  return strcmp (device, disk) == 0 || partition_number (device, disk);
}

/* The device of a physical volume that DEVICE is on: a logical volume, or a subvolume of one
 * ("/dev/group/volume/@/home"). NULL if it is neither, or not known. */
static const char *
physical_of (const V2vGuest *guest, const char *device)
{
  g_auto (GStrv) parts = g_strsplit (device, "/", 5); /* "", "dev", group, volume, the rest */
  g_autofree char *volume =
      g_strv_length (parts) >= 4 ? g_strdup_printf ("/dev/%s/%s", parts[2], parts[3]) : NULL;

  return guest->volumes && volume ? g_hash_table_lookup (guest->volumes, volume) : NULL;
}

gboolean
v2v_guest_owns (const V2vGuest *guest, const char *device)
{
  const char *physical;

  if (guest->n_disks == 0)
    return TRUE;
  if (g_str_has_prefix (device, "btrfsvol:"))
    device += strlen ("btrfsvol:");
  physical = physical_of (guest, device);
  if (physical)
    device = physical;
  for (guint i = 0; guest->devices[i]; i++) {
    if (g_str_has_prefix (device, "/dev/") && is_on (device, guest->devices[i]))
      return i >= guest->first_disk && i < guest->first_disk + guest->n_disks;
  }
  return FALSE;
}

/* The device of the physical volume that has UUID, or NULL. UUIDS: those of DEVICES. */
static const char *
physical_volume (char **devices, const GPtrArray *uuids, const char *uuid)
{
  for (guint i = 0; devices[i]; i++) {
    if (g_strcmp0 (uuids->pdata[i], uuid) == 0)
      return devices[i];
  }
  return NULL;
}

void
v2v_guest_list_volumes (V2vGuest *guest)
{
  g_auto (GStrv) physical = guestfs_pvs (guest->g);
  g_auto (GStrv) logical = guestfs_lvs (guest->g);
  g_autoptr (GPtrArray) uuids = g_ptr_array_new_with_free_func (g_free);

  g_clear_pointer (&guest->volumes, g_hash_table_unref);
  guest->volumes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; physical && physical[i]; i++)
    g_ptr_array_add (uuids, guestfs_pvuuid (guest->g, physical[i]));
  for (guint i = 0; physical && logical && logical[i]; i++) {
    g_auto (GStrv) parts = g_strsplit (logical[i], "/", -1); /* "", "dev", group, volume */
    g_auto (GStrv) members =
        g_strv_length (parts) > 2 ? guestfs_vgpvuuids (guest->g, parts[2]) : NULL;
    const char *device =
        members && members[0] ? physical_volume (physical, uuids, members[0]) : NULL;

    if (device)
      g_hash_table_insert (guest->volumes, g_strdup (logical[i]), g_strdup (device));
  }
}

static void
add (GStrvBuilder *list, const char *device, const char *type)
{
  g_strv_builder_add (list, device);
  g_strv_builder_add (list, type);
}

/* Adds the subvolumes of DEVICE except the default one, which is mounted as the device itself. */
static void
add_subvolumes (V2vGuest *guest, GStrvBuilder *list, const char *device)
{
  struct guestfs_btrfssubvolume_list *volumes = guestfs_btrfs_subvolume_list (guest->g, device);
  int64_t plain = guestfs_btrfs_subvolume_get_default (guest->g, device);

  for (guint i = 0; volumes && i < volumes->len; i++) {
    g_autofree char *name =
        g_strdup_printf ("btrfsvol:%s/%s", device, volumes->val[i].btrfssubvolume_path);

    if ((int64_t)volumes->val[i].btrfssubvolume_id != plain)
      add (list, name, "btrfs");
  }
  if (volumes)
    guestfs_free_btrfssubvolume_list (volumes);
}

/* Adds the content of DEVICE. *VOLUMES_R is set to TRUE if DEVICE is part of a volume group. */
static void
add_device (V2vGuest *guest, GStrvBuilder *list, const char *device, gboolean *volumes_r)
{
  g_autofree char *type = guestfs_vfs_type (guest->g, device);

  if (type && strcmp (type, "LVM2_member") == 0)
    *volumes_r = TRUE;
  if (type && g_str_has_suffix (type, "_member"))
    return;
  add (list, device, type && *type ? type : "unknown");
  if (type && strcmp (type, "btrfs") == 0)
    add_subvolumes (guest, list, device);
}

static gboolean
is_partitioned (const char *disk, char **partitions)
{
  for (guint i = 0; partitions[i]; i++) {
    if (partition_number (partitions[i], disk))
      return TRUE;
  }
  return FALSE;
}

/* The list is kept, since calls to the appliance are slow and several steps need it.
 * libguestfs's list_filesystems is not used, since it runs five programs for each partition,
 * where one is enough. */
gboolean
v2v_guest_list_filesystems (V2vGuest *guest, GError **error)
{
  g_autoptr (GStrvBuilder) list = g_strv_builder_new ();
  g_auto (GStrv) devices = guestfs_list_devices (guest->g);
  g_auto (GStrv) partitions = guestfs_list_partitions (guest->g);
  g_auto (GStrv) arrays = guestfs_list_md_devices (guest->g);
  gboolean volumes = FALSE;

  if (devices == NULL || partitions == NULL || arrays == NULL) {
    v2v_guest_set_error (guest, V2V_EXIT_DATA, error, "the file systems cannot be listed");
    return FALSE;
  }
  for (guint i = 0; devices[i]; i++) {
    if (!is_partitioned (devices[i], partitions))
      add_device (guest, list, devices[i], &volumes);
  }
  for (guint i = 0; partitions[i]; i++)
    add_device (guest, list, partitions[i], &volumes);
  for (guint i = 0; arrays[i]; i++) {
    if (!is_partitioned (arrays[i], partitions))
      add_device (guest, list, arrays[i], &volumes);
  }
  if (guest->keys && guest->keys[0]) {
    g_auto (GStrv) opened = guestfs_list_dm_devices (guest->g);

    for (guint i = 0; opened && opened[i]; i++)
      add_device (guest, list, opened[i], &volumes);
  }
  if (volumes) {
    g_auto (GStrv) logical = guestfs_lvs (guest->g);

    for (guint i = 0; logical && logical[i]; i++)
      add_device (guest, list, logical[i], &volumes);
  }
  g_strfreev (guest->devices);
  guest->devices = g_steal_pointer (&devices);
  g_strfreev (guest->filesystems);
  guest->filesystems = g_strv_builder_end (list);
  return TRUE;
}

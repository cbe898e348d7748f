/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Finds out what the guest mounts where, from its own file system table.
 */
#include "config.h"

#include <string.h>

#include "base/log.h"
#include "guest/internal.h"

const char *
v2v_guest_tag_of (char **tags, const char *name)
{
  for (guint i = 0; tags && tags[i]; i += 2) {
    if (strcmp (tags[i], name) == 0)
      return tags[i + 1];
  }
  return NULL;
}

static int
compare_mounts (gconstpointer a, gconstpointer b)
{
  const V2vMountPoint *left = *(V2vMountPoint *const *)a, *right = *(V2vMountPoint *const *)b;
  gsize left_length = strlen (left->path), right_length = strlen (right->path);

  if (left_length != right_length)
    return left_length < right_length ? -1 : 1;
  return strcmp (left->path, right->path);
}

static gboolean
device_exists (const V2vGuest *guest, const char *device)
{
  for (guint i = 0; guest->filesystems[i]; i += 2) {
    if (strcmp (guest->filesystems[i], device) == 0 && v2v_guest_owns (guest, device))
      return TRUE;
  }
  return FALSE;
}

/* The device of the appliance for NAME ("xvda1"), a name out of the guest's file system table,
 * by what the domain calls the disks; a disk may itself be a file system and be called xvda1.
 * NULL if it is none of them. */
static char *
device_by_target (V2vGuest *guest, const char *name)
{
  char **devices = guest->devices;

  for (int whole = 1; whole >= 0; whole--) {
    for (guint i = 0; i < guest->targets->len && devices[i]; i++) {
      const char *target = v2v_guest_owns (guest, devices[i]) ? guest->targets->pdata[i] : NULL;
      const char *rest =
          target && g_str_has_prefix (name, target) ? name + strlen (target) : NULL;

      if (rest &&
          (whole ? *rest == '\0' : *rest && strspn (rest, "0123456789") == strlen (rest)))
        return g_strconcat (devices[i], rest, NULL);
    }
  }
  return NULL;
}

/* Whether DEVICE, or a subvolume on it, is a file system of the guest. */
static gboolean
is_listed (const V2vGuest *guest, const char *device)
{
  g_autofree char *volumes = g_strdup_printf ("btrfsvol:%s/", device);

  if (!v2v_guest_owns (guest, device))
    return FALSE;
  for (guint i = 0; guest->filesystems[i]; i += 2) {
    if (strcmp (guest->filesystems[i], device) == 0 ||
        g_str_has_prefix (guest->filesystems[i], volumes))
      return TRUE;
  }
  return FALSE;
}

/* The logical volume whose name in /dev/disk/by-id ends in NUMBER: the number of its volume
 * group and its own, without dashes. NULL if there is none. */
static char *
volume_by_number (V2vGuest *guest, const char *number)
{
  g_auto (GStrv) volumes = guestfs_lvs (guest->g);

  for (guint i = 0; volumes && volumes[i]; i++) {
    g_autofree char *uuid = guestfs_lvuuid (guest->g, volumes[i]);
    g_auto (GStrv) parts = g_strsplit (uuid ? uuid : "", "-", -1);
    g_autofree char *bare = g_strjoinv ("", parts);

    if (*bare && g_str_has_suffix (number, bare))
      return g_strdup (volumes[i]);
  }
  return NULL;
}

/* The device of the guest's that has VALUE as TAG in blkid(8)'s words, of its file system or of
 * its entry in the partition table. NULL if there is none. */
static char *
device_by_tag (V2vGuest *guest, const char *tag, const char *value)
{
  for (guint i = 0; guest->filesystems[i]; i += 2) {
    const char *device = guest->filesystems[i], *found;
    g_auto (GStrv) tags = NULL;

    if (!v2v_guest_owns (guest, device) || !g_str_has_prefix (device, "/dev/"))
      continue;
    tags = guestfs_blkid (guest->g, device);
    found = v2v_guest_tag_of (tags, tag);
    if (found && g_ascii_strcasecmp (value, found) == 0)
      return g_strdup (device);
  }
  return NULL;
}

/* The guest's file system with LABEL. Another guest in the same appliance may have the same
 * label. */
static char *
by_label (V2vGuest *guest, const char *label)
{
  return guest->n_disks == 0 ? guestfs_findfs_label (guest->g, label)
                             : device_by_tag (guest, "LABEL", label);
}

/* The device to which NAME, a link below /dev/disk, refers; NULL if the appliance does not
 * have it. */
static char *
resolve_link (V2vGuest *guest, const char *name)
{
  const char *last = strrchr (name, '/') + 1;

  if (g_str_has_prefix (name, "/dev/disk/by-uuid/"))
    return guestfs_findfs_uuid (guest->g, last);
  if (g_str_has_prefix (name, "/dev/disk/by-label/"))
    return by_label (guest, last);
  if (g_str_has_prefix (name, "/dev/disk/by-partuuid/"))
    return device_by_tag (guest, "PART_ENTRY_UUID", last);
  if (g_str_has_prefix (name, "/dev/disk/by-partlabel/"))
    return device_by_tag (guest, "PART_ENTRY_NAME", last);
  if (g_str_has_prefix (last, "dm-uuid-LVM-"))
    return volume_by_number (guest, last);
  if (g_str_has_prefix (last, "dm-name-")) {
    g_autofree char *mapped = g_strconcat ("/dev/mapper/", last + strlen ("dm-name-"), NULL);

    return guestfs_lvm_canonical_lv_name (guest->g, mapped);
  }
  return NULL;
}

/* The device that SPEC, the first field of a line of the file system table, means; NULL if the
 * appliance does not have it. */
static char *
resolve_spec (V2vGuest *guest, const char *spec)
{
  g_autofree char *device = NULL;
  const char *value;

  if ((value = strchr (spec, '=')) != NULL) {
    g_autofree char *bare = g_strdup (value + 1);

    g_strstrip (g_strdelimit (bare, "\"'", ' '));
    if (g_str_has_prefix (spec, "UUID="))
      device = guestfs_findfs_uuid (guest->g, bare);
    else if (g_str_has_prefix (spec, "LABEL="))
      device = by_label (guest, bare);
    else if (g_str_has_prefix (spec, "PARTUUID="))
      device = device_by_tag (guest, "PART_ENTRY_UUID", bare);
    else if (g_str_has_prefix (spec, "PARTLABEL="))
      device = device_by_tag (guest, "PART_ENTRY_NAME", bare);
  } else if (g_str_has_prefix (spec, "/dev/disk/")) {
    device = resolve_link (guest, spec);
  } else if (g_str_has_prefix (spec, "/dev/")) {
    device = device_by_target (guest, spec + strlen ("/dev/"));
    if (device == NULL && strchr (spec + strlen ("/dev/"), '/') != NULL)
      device = guestfs_lvm_canonical_lv_name (guest->g, spec);
    if (device == NULL)
      device = g_strdup (spec);
  }
  return device && is_listed (guest, device) ? g_steal_pointer (&device) : NULL;
}

/* The subvolume that mount options name, in libguestfs's form. Takes ownership of DEVICE. */
static char *
with_subvolume (char *device, const char *options)
{
  g_auto (GStrv) words = g_strsplit (options, ",", -1);

  for (guint i = 0; words[i]; i++) {
    if (g_str_has_prefix (words[i], "subvol=")) {
      const char *name = words[i] + strlen ("subvol=");
      char *volume = g_strdup_printf ("btrfsvol:%s/%s", device, name + (*name == '/'));

      g_free (device);
      return volume;
    }
  }
  return device;
}

static gboolean
is_mounted (const GPtrArray *mounts, const char *path)
{
  for (guint i = 0; i < mounts->len; i++) {
    const V2vMountPoint *mount = mounts->pdata[i];

    if (strcmp (mount->path, path) == 0)
      return TRUE;
  }
  return FALSE;
}

/* Decodes in place the octal escapes of fstab(5) for blanks and other characters: "\\040". */
static void
unescape (char *field)
{
  char *to = field;

  for (const char *from = field; *from; to++) {
    if (from[0] == '\\' && from[1] >= '0' && from[1] <= '3' && g_ascii_isdigit (from[2]) &&
        g_ascii_isdigit (from[3]) && from[2] < '8' && from[3] < '8' &&
        strncmp (from + 1, "000", 3) != 0) {
      *to = (char)((from[1] - '0') * 64 + (from[2] - '0') * 8 + from[3] - '0');
      from += 4;
    } else {
      *to = *from++;
    }
  }
  *to = '\0';
}

char **
v2v_guest_table_fields (const char *line)
{
  g_autoptr (GStrvBuilder) fields = g_strv_builder_new ();
  g_auto (GStrv) parts = g_strsplit_set (line, " \t", -1);

  for (guint i = 0; parts[i]; i++) {
    unescape (parts[i]);
    if (*parts[i])
      g_strv_builder_add (fields, parts[i]);
  }
  return g_strv_builder_end (fields);
}

/* Reads the guest's file system table. libguestfs maps names of disks by their letters, and
 * does not know their names in the domain. */
static void
read_table (V2vGuest *guest, GPtrArray *mounts, const char *root)
{
  g_auto (GStrv) lines = NULL;
  g_autofree char *bytes = NULL; /* the content is not terminated by NUL */
  g_autofree char *text = NULL;
  size_t size = 0;

  if (guestfs_mount_ro (guest->g, root, "/") != 0)
    return;
  /* Reading anything but a regular file, such as a named pipe, might never end. */
  if (guestfs_is_file_opts (guest->g, V2V_FILE_SYSTEM_TABLE,
                            GUESTFS_IS_FILE_OPTS_FOLLOWSYMLINKS, 1, -1) == 1)
    bytes = guestfs_pread (guest->g, V2V_FILE_SYSTEM_TABLE, 1024 * 1024, 0, &size);
  text = g_strndup (bytes ? bytes : "", bytes ? size : 0);
  guestfs_umount_all (guest->g);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i]; i++) {
    g_auto (GStrv) words = v2v_guest_table_fields (lines[i]);
    g_autofree char *device = NULL;
    g_autofree char *path = NULL;

    if (g_strv_length (words) < 2 || *words[0] == '#' || words[1][0] != '/' ||
        strcmp (words[1], "/") == 0)
      continue;
    device = resolve_spec (guest, words[0]);
    if (device && g_strv_length (words) > 3)
      device = with_subvolume (g_steal_pointer (&device), words[3]);
    if (device && !is_mounted (mounts, words[1]))
      g_ptr_array_add (mounts, v2v_mount_point_new (words[1], device));
    if (device || !(g_str_has_prefix (words[0], "/dev/") || strchr (words[0], '=')))
      continue;
    path = v2v_printable (words[1], -1, FALSE);
    v2v_debug ("inspection: nothing here is what " V2V_FILE_SYSTEM_TABLE " mounts at %s", path);
  }
}

/* Whether libguestfs's mapping of names (sdb, xvdb ... is the second disk) is right for this
 * domain. */
static gboolean
names_are_plain (const V2vGuest *guest)
{
  if (guest->first_disk > 0)
    return FALSE;
  for (guint i = 0; i < guest->targets->len && v2v_guest_owns (guest, guest->devices[i]); i++) {
    const char *target = guest->targets->pdata[i];
    gsize length = target ? strlen (target) : 0;

    if (target && (i >= 26 || length < 3 || target[length - 1] != (char)('a' + i)))
      return FALSE;
  }
  return TRUE;
}

/* The guest's own table takes precedence over libguestfs's interpretation, which silently
 * leaves out some lines, such as those that name a device below /dev/disk. */
void
v2v_guest_find_mounts (V2vGuest *guest, const char *root)
{
  g_auto (GStrv) found = guestfs_inspect_get_mountpoints (guest->g, root);
  GPtrArray *mounts = g_ptr_array_new_with_free_func ((GDestroyNotify)v2v_mount_point_free);
  gboolean trusted = found && names_are_plain (guest);

  g_ptr_array_add (mounts, v2v_mount_point_new ("/", root));
  read_table (guest, mounts, root);
  for (guint i = 0; trusted && found[i]; i += 2) {
    if (!is_mounted (mounts, found[i]) && device_exists (guest, found[i + 1]))
      g_ptr_array_add (mounts, v2v_mount_point_new (found[i], found[i + 1]));
  }
  g_ptr_array_sort (mounts, compare_mounts);
  g_clear_pointer (&guest->mounts, g_ptr_array_unref);
  guest->mounts = mounts;
}

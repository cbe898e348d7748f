/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Selects the roots that are operating systems of their own. A btrfs file system may contain,
 * beside the root that boots, snapshots of it and roots of containers, which look the same.
 */
#include "config.h"

#include <string.h>

#include "base/log.h"
#include "guest/internal.h"

#define TEXT_MAX (1024 * 1024)
/* The id of the subvolume that contains all others. */
#define TOP_ID 5

/* A root in a subvolume. */
typedef struct {
  const char *root; /* as libguestfs names it */
  char *device;     /* device of its file system */
  char *path;       /* of the subvolume, without a slash at its beginning; "" is the top */
  gint64 id;
  gboolean is_default; /* it is what mounting the device without options mounts */
  gboolean read_only;
  /* UUIDs of the subvolume and of the one of which it is a snapshot; or NULL */
  char *uuid, *parent;
  char *mounted;     /* what its own table mounts at "/": the path of a subvolume, "" for the
                          default one; NULL if it does not say */
  gint64 mounted_id; /* the id of that subvolume, if the table names it by id; else 0 */
  gboolean has_modules;
  gboolean dropped;
} Volume;

static void
volume_free (gpointer data)
{
  Volume *volume = data;

  g_free (volume->device);
  g_free (volume->path);
  g_free (volume->uuid);
  g_free (volume->parent);
  g_free (volume->mounted);
  g_free (volume);
}

/* ---- names ---- */

/* DEVICE, if the appliance's kernel has another name for the disk that it is on than
 * libguestfs, by libguestfs's name. To be freed with g_free. */
static char *
without_kernel_name (const V2vGuest *guest, const char *device)
{
  for (guint i = 0; i < guest->kernel_names->len && guest->devices[i]; i++) {
    const char *name = guest->kernel_names->pdata[i];
    const char *rest = name && g_str_has_prefix (device, name) ? device + strlen (name) : NULL;

    if (rest && (*rest == '\0' || *rest == '/' || g_ascii_isdigit (*rest)))
      return g_strconcat (guest->devices[i], rest, NULL);
  }
  return g_strdup (device);
}

static gboolean
is_filesystem (const V2vGuest *guest, const char *prefix, const char *name)
{
  g_autofree char *whole = g_strconcat (prefix, name, NULL);

  for (guint i = 0; guest->filesystems[i]; i += 2) {
    if (strcmp (guest->filesystems[i], whole) == 0)
      return TRUE;
  }
  return FALSE;
}

/* The device of ROOT. *PATH_R is the subvolume, or NULL where that is the default one or there
 * are none. Both are to be freed with g_free. */
static char *
split_root (const V2vGuest *guest, const char *root, char **path_r)
{
  g_autofree char *whole = NULL;

  *path_r = NULL;
  if (!g_str_has_prefix (root, "btrfsvol:"))
    return g_strdup (root);
  /* The inspection's names are the kernel's, and those of our own list libguestfs's. */
  whole = without_kernel_name (guest, root + strlen ("btrfsvol:"));
  if (!is_filesystem (guest, "btrfsvol:", whole) && is_filesystem (guest, "", root)) {
    g_free (whole);
    whole = g_strdup (root + strlen ("btrfsvol:"));
  }
  for (guint i = 0; guest->filesystems[i]; i += 2) {
    const char *device = guest->filesystems[i];
    gsize length = strlen (device);

    if (g_str_has_prefix (whole, device) && whole[length] == '/') {
      *path_r = g_strdup (whole + length + 1);
      return g_strdup (device);
    }
  }
  return g_steal_pointer (&whole);
}

char *
v2v_guest_root_name (V2vGuest *guest, const char *root)
{
  g_autofree char *path = NULL;
  g_autofree char *device = split_root (guest, root, &path);
  g_autofree char *uuid = path ? guestfs_vfs_uuid (guest->g, device) : NULL;

  return uuid ? g_strdup_printf ("UUID=%s,subvol=%s", uuid, path) : g_strdup (root);
}

gboolean
v2v_guest_root_is (V2vGuest *guest, const char *root, const char *name)
{
  g_autofree char *path = NULL;
  g_autofree char *device = NULL;
  g_autofree char *uuid = NULL;
  g_auto (GStrv) words = NULL;
  gboolean names_volume = FALSE;

  if (strcmp (root, name) == 0)
    return TRUE;
  device = split_root (guest, root, &path);
  if (g_str_has_prefix (name, "btrfsvol:")) {
    g_autofree char *wanted_path = NULL;
    g_autofree char *wanted = split_root (guest, name, &wanted_path);

    return strcmp (wanted, device) == 0 && g_strcmp0 (wanted_path, path) == 0;
  }
  if (!g_str_has_prefix (name, "UUID=") && !g_str_has_prefix (name, "subvol="))
    return FALSE;
  words = g_strsplit (name, ",", 2);
  for (guint i = 0; words[i]; i++) {
    const char *value = strchr (words[i], '=');

    if (value == NULL)
      return FALSE;
    value++;
    if (g_str_has_prefix (words[i], "UUID=")) {
      g_clear_pointer (&uuid, g_free);
      uuid = guestfs_vfs_uuid (guest->g, device);
      if (uuid == NULL || g_ascii_strcasecmp (uuid, value) != 0)
        return FALSE;
    } else if (g_str_has_prefix (words[i], "subvol=") && path &&
               strcmp (value + (*value == '/'), path) == 0) {
      names_volume = TRUE;
    } else {
      return FALSE;
    }
  }
  return names_volume || path == NULL;
}

/* ---- what a subvolume's files say ---- */

/* The text of the file PATH, or NULL. */
static char *
read_text (V2vGuest *guest, const char *path)
{
  size_t length = 0;
  g_autofree char *bytes = NULL; /* the content is not terminated by NUL */

  if (guestfs_is_file_opts (guest->g, path, GUESTFS_IS_FILE_OPTS_FOLLOWSYMLINKS, 1, -1) != 1)
    return NULL;
  bytes = guestfs_pread (guest->g, path, TEXT_MAX, 0, &length);
  return bytes ? g_strndup (bytes, length) : NULL;
}

/* The subvolume that the mount options OPTIONS, with commas between, name: its path or NULL,
 * and its number or 0. */
static char *
subvolume_of (const char *options, gint64 *id_r)
{
  g_auto (GStrv) words = g_strsplit (options, ",", -1);

  *id_r = 0;
  for (guint i = 0; words[i]; i++) {
    if (g_str_has_prefix (words[i], "subvolid="))
      *id_r = g_ascii_strtoll (words[i] + strlen ("subvolid="), NULL, 0);
  }
  for (guint i = 0; words[i]; i++) {
    if (g_str_has_prefix (words[i], "subvol=")) {
      const char *path = words[i] + strlen ("subvol=");
      gsize length = strlen (path += *path == '/');

      return g_strndup (path, length - (length > 0 && path[length - 1] == '/'));
    }
  }
  return NULL;
}

/* Whether SPEC, from a file system table, is another file system than that of DEVICE. */
static gboolean
is_other (V2vGuest *guest, const char *spec, const char *device)
{
  g_autofree char *tag = NULL;
  const char *value = strchr (spec, '=');

  if (value == NULL)
    return FALSE;
  value += 1 + (value[1] == '"');
  if (g_str_has_prefix (spec, "UUID="))
    tag = guestfs_vfs_uuid (guest->g, device);
  else if (g_str_has_prefix (spec, "LABEL="))
    tag = guestfs_vfs_label (guest->g, device);
  return tag && g_ascii_strncasecmp (tag, value, strlen (tag)) != 0;
}

/* Fills in the fields of VOLUME that come from its file system table. TOP is the directory
 * where it is mounted now. */
static void
read_mounted (V2vGuest *guest, Volume *volume, const char *top)
{
  g_autofree char *path = g_strconcat (top, V2V_FILE_SYSTEM_TABLE, NULL);
  g_autofree char *text = read_text (guest, path);
  g_auto (GStrv) lines = g_strsplit (text ? text : "", "\n", -1);

  for (guint i = 0; lines[i]; i++) {
    g_auto (GStrv) words = v2v_guest_table_fields (lines[i]);

    if (g_strv_length (words) < 2 || *words[0] == '#' || strcmp (words[1], "/") != 0 ||
        is_other (guest, words[0], volume->device))
      continue;
    g_free (volume->mounted);
    volume->mounted =
        subvolume_of (g_strv_length (words) > 3 ? words[3] : "", &volume->mounted_id);
    if (volume->mounted == NULL && volume->mounted_id == 0)
      volume->mounted = g_strdup ("");
  }
}

static gboolean
has_names (V2vGuest *guest, const char *directory)
{
  g_auto (GStrv) names =
      guestfs_is_dir_opts (guest->g, directory, GUESTFS_IS_DIR_OPTS_FOLLOWSYMLINKS, 1, -1) == 1
          ? guestfs_ls (guest->g, directory)
          : NULL;

  return names && names[0];
}

/* The value of NAME in TABLE (name, value, name, value ...); NULL if there is none, or it is
 * "-".
 */
static const char *
value_of (char **table, const char *name)
{
  for (guint i = 0; table && table[i] && table[i + 1]; i += 2) {
    if (strcmp (table[i], name) == 0)
      return strcmp (table[i + 1], "-") == 0 ? NULL : table[i + 1];
  }
  return NULL;
}

/* Fills in the other fields of VOLUME. The top subvolume of its file system must be mounted. */
static void
look_into (V2vGuest *guest, Volume *volume)
{
  g_autofree char *top = *volume->path ? g_strconcat ("/", volume->path, NULL) : g_strdup ("");
  g_autofree char *modules = g_strconcat (top, "/lib/modules", NULL);
  g_autofree char *usr_modules = g_strconcat (top, "/usr/lib/modules", NULL);
  g_auto (GStrv) shown = guestfs_btrfs_subvolume_show (guest->g, *top ? top : "/");
  const char *flags = value_of (shown, "Flags");

  volume->read_only = flags && strstr (flags, "readonly") != NULL;
  volume->uuid = g_strdup (value_of (shown, "UUID"));
  volume->parent = g_strdup (value_of (shown, "Parent UUID"));
  volume->has_modules = has_names (guest, usr_modules) || has_names (guest, modules);
  read_mounted (guest, volume, top);
}

/* The roots of ROOTS that are on btrfs, as a list of Volume. */
static GPtrArray *
list_volumes (V2vGuest *guest, char **roots)
{
  GPtrArray *volumes = g_ptr_array_new_with_free_func (volume_free);

  for (guint i = 0; roots[i]; i++) {
    g_autofree char *path = NULL;
    g_autofree char *device = split_root (guest, roots[i], &path);
    g_autofree char *type = guestfs_vfs_type (guest->g, device);
    Volume *volume;

    if (g_strcmp0 (type, "btrfs") != 0)
      continue;
    volume = g_new0 (Volume, 1);
    volume->root = roots[i];
    volume->device = g_steal_pointer (&device);
    volume->is_default = path == NULL;
    volume->path = g_steal_pointer (&path);
    g_ptr_array_add (volumes, volume);
  }
  return volumes;
}

/* Fills in the fields of all VOLUMES on DEVICE. */
static void
look_at_device (V2vGuest *guest, GPtrArray *volumes, const char *device)
{
  struct guestfs_btrfssubvolume_list *list = guestfs_btrfs_subvolume_list (guest->g, device);
  gint64 plain = guestfs_btrfs_subvolume_get_default (guest->g, device);
  gboolean mounted = guestfs_mount_vfs (guest->g, "ro,subvolid=5", "btrfs", device, "/") == 0;

  for (guint i = 0; i < volumes->len; i++) {
    Volume *volume = volumes->pdata[i];

    if (strcmp (volume->device, device) != 0)
      continue;
    if (volume->is_default)
      volume->id = plain;
    for (guint j = 0; list && j < list->len; j++) {
      const struct guestfs_btrfssubvolume *one = &list->val[j];

      if (volume->path && strcmp (one->btrfssubvolume_path, volume->path) == 0)
        volume->id = (gint64)one->btrfssubvolume_id;
      if (volume->path == NULL && (gint64)one->btrfssubvolume_id == plain)
        volume->path = g_strdup (one->btrfssubvolume_path);
    }
    if (volume->path == NULL)
      volume->path = g_strdup ("");
    if (mounted)
      look_into (guest, volume);
  }
  if (mounted)
    guestfs_umount_all (guest->g);
  if (list)
    guestfs_free_btrfssubvolume_list (list);
}

/* ---- choosing the volume that boots ---- */

/* Whether VOLUME's file system table mounts OTHER, which is on the same file system, at "/". */
static gboolean
mounts (const Volume *volume, const Volume *other)
{
  if (strcmp (volume->device, other->device) != 0)
    return FALSE;
  if (volume->mounted && *volume->mounted)
    return strcmp (volume->mounted, other->path) == 0;
  if (volume->mounted_id)
    return volume->mounted_id == other->id;
  return volume->mounted != NULL && other->is_default;
}

/* Whether VOLUME is a snapshot of OTHER. */
static gboolean
is_snapshot_of (const Volume *volume, const Volume *other)
{
  return strcmp (volume->device, other->device) == 0 && volume->parent &&
         g_strcmp0 (volume->parent, other->uuid) == 0;
}

/* Whether VOLUME is a copy of another volume: its file system table, copied too, mounts that
 * volume instead of VOLUME. */
static gboolean
is_copy (const Volume *volume, const Volume *other)
{
  return mounts (volume, other) && !mounts (volume, volume);
}

static gboolean
is_read_only (const Volume *volume, const Volume *other)
{
  return strcmp (volume->device, other->device) == 0 && volume->read_only && !other->read_only;
}

/* Whether VOLUME has no kernel modules, like the root of a container. */
static gboolean
is_without_modules (const Volume *volume, const Volume *other)
{
  return strcmp (volume->device, other->device) == 0 && !volume->has_modules &&
         other->has_modules;
}

/* The subvolume that the first command line of a kernel in TEXT mounts as its root: a path to
 * be freed with g_free and a number, as subvolume_of. */
static char *
subvolume_on_command_line (const char *text, gint64 *id_r)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  *id_r = 0;
  for (guint i = 0; lines[i]; i++) {
    const char *flags = strstr (lines[i], "rootflags=");
    g_autofree char *options = NULL;
    char *path;

    if (flags == NULL || *g_strchug (lines[i]) == '#')
      continue;
    flags = strstr (lines[i], "rootflags=") + strlen ("rootflags=");
    options = g_strndup (flags, strcspn (flags, " \t\"'"));
    path = subvolume_of (options, id_r);
    if (path || *id_r)
      return path;
  }
  return NULL;
}

/* The volume that the first kernel command line in the file PATH boots, or NULL. */
static Volume *
started_by (V2vGuest *guest, GPtrArray *volumes, const char *path)
{
  g_autofree char *text = read_text (guest, path);
  gint64 id = 0;
  g_autofree char *subvolume = subvolume_on_command_line (text ? text : "", &id);

  for (guint i = 0; (subvolume || id) && i < volumes->len; i++) {
    Volume *volume = volumes->pdata[i];

    if (!volume->dropped &&
        (subvolume ? strcmp (subvolume, volume->path) == 0 : id == volume->id))
      return volume;
  }
  return NULL;
}

/* Drops the volumes that the boot menus on the mounted file system do not boot. With every
 * boot loader, the menu is a text file with the kernel's command line. A menu of snapshots,
 * which some programs add, counts only if there is no other. */
static gboolean
drop_by_menus (V2vGuest *guest, GPtrArray *volumes)
{
  /* The paths of menus in a root, and in a separate file system for /boot or EFI. */
  static const char *const patterns[] = {
      "/boot/*.c*f*", "/boot/*/*.c*f*", "/boot/*/*/*.c*f*",   "/loader/*/*.conf",
      "/*/*.cfg",     "/EFI/*/*.cfg",   "/etc/kernel/cmdline"};
  Volume *started = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (patterns); i++) {
    g_auto (GStrv) paths = guestfs_glob_expand (guest->g, patterns[i]);

    for (guint j = 0; paths && paths[j]; j++) {
      Volume *found = started_by (guest, volumes, paths[j]);

      if (found && (started == NULL || (started->parent && !found->parent)))
        started = found;
    }
  }
  for (guint i = 0; started && i < volumes->len; i++) {
    Volume *volume = volumes->pdata[i];

    volume->dropped =
        volume->dropped || (volume != started && strcmp (volume->device, started->device) == 0);
  }
  return started != NULL;
}

/* Drops each volume for which FITS holds with another volume. */
static void
drop (GPtrArray *volumes, gboolean (*fits) (const Volume *, const Volume *))
{
  for (guint i = 0; i < volumes->len; i++) {
    Volume *volume = volumes->pdata[i];

    for (guint j = 0; j < volumes->len && !volume->dropped; j++) {
      const Volume *other = volumes->pdata[j];

      volume->dropped = other != volume && !other->dropped && fits (volume, other);
    }
  }
}

static guint
count_left (GPtrArray *volumes)
{
  guint left = 0;

  for (guint i = 0; i < volumes->len; i++)
    left += !((const Volume *)volumes->pdata[i])->dropped;
  return left;
}

/* Applies the boot menus, those in the volumes and those on separate file systems. */
static void
ask_menus (V2vGuest *guest, GPtrArray *volumes)
{
  for (guint i = 0; i < volumes->len; i++) {
    const Volume *volume = volumes->pdata[i];
    gboolean done = !volume->dropped && guestfs_mount_ro (guest->g, volume->root, "/") == 0 &&
                    drop_by_menus (guest, volumes);

    guestfs_umount_all (guest->g);
    if (done)
      return;
  }
  for (guint i = 0; guest->filesystems[i]; i += 2) {
    const char *device = guest->filesystems[i], *type = guest->filesystems[i + 1];
    gboolean done;

    if (!v2v_guest_owns (guest, device) || strcmp (type, "btrfs") == 0 ||
        strcmp (type, "swap") == 0 || strcmp (type, "crypto_LUKS") == 0 ||
        strcmp (type, "unknown") == 0)
      continue;
    done = guestfs_mount_ro (guest->g, device, "/") == 0 && drop_by_menus (guest, volumes);
    guestfs_umount_all (guest->g);
    if (done)
      return;
  }
}

char **
v2v_guest_own_roots (V2vGuest *guest, char **roots)
{
  g_autoptr (GPtrArray) volumes = list_volumes (guest, roots);
  g_autoptr (GStrvBuilder) own = g_strv_builder_new ();

  for (guint i = 0; volumes->len > 1 && i < volumes->len; i++) {
    const Volume *volume = volumes->pdata[i];
    gboolean seen = FALSE;

    for (guint j = 0; j < i; j++)
      seen = seen || strcmp (((const Volume *)volumes->pdata[j])->device, volume->device) == 0;
    if (!seen)
      look_at_device (guest, volumes, volume->device);
  }
  if (volumes->len > 1) {
    drop (volumes, is_copy);
    drop (volumes, is_without_modules);
    if (count_left (volumes) > 1)
      ask_menus (guest, volumes);
    drop (volumes, is_read_only);
    drop (volumes, is_snapshot_of);
  }
  for (guint i = 0; roots[i]; i++) {
    const Volume *of = NULL;

    for (guint j = 0; j < volumes->len; j++) {
      const Volume *volume = volumes->pdata[j];

      if (volume->root == roots[i])
        of = volume;
    }
    if (of && of->dropped)
      v2v_debug ("inspection: %s is no system of its own: a snapshot, a copy or a container",
                 roots[i]);
    else
      g_strv_builder_add (own, roots[i]);
  }
  return g_strv_builder_end (own);
}

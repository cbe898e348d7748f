/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What is on the disks: the document that virt-inspector(1) prints, made from libguestfs's
 * inspection on the one handle.
 */
#include <config.h>

#include <string.h>

#include "base/log.h"
#include "guest/internal.h"

/* No guest has more; a hostile one might. */
#define APPLICATIONS_MAX 200000

/* ---- writing the document ---- */

/* TEXT as an element of PARENT, unless it is NULL or empty. What comes from a guest may hold
 * what XML cannot. */
static xmlNode *
add_text (xmlNode *parent, const char *name, const char *text)
{
  g_autofree char *clean = NULL;

  if (text == NULL || *text == '\0')
    return NULL;
  clean = v2v_printable (text, -1, FALSE);
  return xmlNewTextChild (parent, NULL, BAD_CAST name, BAD_CAST clean);
}

static void
set_attribute (xmlNode *node, const char *name, const char *text)
{
  g_autofree char *clean = v2v_printable (text, -1, FALSE);

  xmlSetProp (node, BAD_CAST name, BAD_CAST clean);
}

/* libguestfs says "unknown" where it does not know; the document then has no element. */
static void
add_known (xmlNode *parent, const char *name, char *text)
{
  if (g_strcmp0 (text, "unknown") != 0)
    add_text (parent, name, text);
  g_free (text);
}

static void
add_number (xmlNode *parent, const char *name, int number)
{
  g_autofree char *text = g_strdup_printf ("%d", number);

  if (number >= 0)
    add_text (parent, name, text);
}

static void
add_mountpoints (V2vGuest *guest, xmlNode *os)
{
  xmlNode *list = xmlNewChild (os, NULL, BAD_CAST "mountpoints", NULL);

  for (guint i = 0; i < guest->mounts->len; i++) {
    const V2vMountPoint *mount = guest->mounts->pdata[i];
    xmlNode *node = add_text (list, "mountpoint", mount->path);

    if (node)
      set_attribute (node, "dev", mount->device);
  }
}

/* TAGS: name, value, name, value ...; may be NULL. */
static const char *
tag_of (char **tags, const char *name)
{
  for (guint i = 0; tags && tags[i]; i += 2) {
    if (strcmp (tags[i], name) == 0)
      return tags[i + 1];
  }
  return NULL;
}

static void
add_filesystems (V2vGuest *guest, xmlNode *os)
{
  xmlNode *list = xmlNewChild (os, NULL, BAD_CAST "filesystems", NULL);

  for (guint i = 0; guest->filesystems[i]; i += 2) {
    const char *device = guest->filesystems[i], *type = guest->filesystems[i + 1];
    g_auto (GStrv) tags = NULL;
    xmlNode *node;

    if (!v2v_guest_owns (guest, device) || strcmp (type, "crypto_LUKS") == 0)
      continue;
    node = xmlNewChild (list, NULL, BAD_CAST "filesystem", NULL);
    set_attribute (node, "dev", device);
    if (strcmp (type, "unknown") == 0)
      continue;
    add_text (node, "type", type);
    /* One call for all tags; a subvolume is none of blkid's devices. */
    tags = g_str_has_prefix (device, "/dev/") ? guestfs_blkid (guest->g, device) : NULL;
    add_text (node, "label", tag_of (tags, "LABEL"));
    add_text (node, "uuid", tag_of (tags, "UUID"));
  }
}

static void
add_drive_mappings (V2vGuest *guest, xmlNode *os, const char *root)
{
  g_auto (GStrv) mappings = guestfs_inspect_get_drive_mappings (guest->g, root);
  xmlNode *list;

  if (mappings == NULL || mappings[0] == NULL)
    return;
  list = xmlNewChild (os, NULL, BAD_CAST "drive_mappings", NULL);
  for (guint i = 0; mappings[i]; i += 2) {
    xmlNode *node = add_text (list, "drive_mapping", mappings[i + 1]);

    if (node)
      set_attribute (node, "name", mappings[i]);
  }
}

/* Which disk of the appliance is which of the domain. */
static void
add_disks (V2vGuest *guest, xmlNode *os)
{
  xmlNode *list = xmlNewChild (os, NULL, BAD_CAST "disks", NULL);
  char **devices = guest->devices;

  for (guint i = 0; devices[i] && i < guest->targets->len; i++) {
    const char *target = guest->targets->pdata[i];
    xmlNode *node;

    if (target == NULL || !v2v_guest_owns (guest, devices[i]))
      continue;
    node = xmlNewChild (list, NULL, BAD_CAST "disk", NULL);
    set_attribute (node, "dev", devices[i]);
    set_attribute (node, "target", target);
    set_attribute (node, "name",
                   i < guest->kernel_names->len && guest->kernel_names->pdata[i]
                       ? guest->kernel_names->pdata[i]
                       : devices[i]);
  }
}

/* The packages, if their database is of a kind that libguestfs reads. */
static void
add_applications (V2vGuest *guest, xmlNode *os, const char *root)
{
  struct guestfs_application2_list *apps = guestfs_inspect_list_applications2 (guest->g, root);
  xmlNode *list;

  if (apps == NULL) {
    const char *why = guestfs_last_error (guest->g);
    g_autofree char *text = v2v_printable (why ? why : "unknown error", -1, FALSE);

    v2v_debug ("inspection: the packages cannot be listed: %s", text);
    return;
  }
  list = xmlNewChild (os, NULL, BAD_CAST "applications", NULL);
  for (guint i = 0; i < apps->len && i < APPLICATIONS_MAX; i++) {
    const struct guestfs_application2 *app = &apps->val[i];
    xmlNode *node = xmlNewChild (list, NULL, BAD_CAST "application", NULL);

    add_text (node, "name", app->app2_name);
    if (app->app2_epoch > 0)
      add_number (node, "epoch", app->app2_epoch);
    add_text (node, "version", app->app2_version);
    add_text (node, "release", app->app2_release);
    add_text (node, "arch", app->app2_arch);
  }
  guestfs_free_application2_list (apps);
}

/* ---- what is mounted where ---- */

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

/* Is there a file system on DEVICE, itself or in a subvolume? */
static gboolean
is_listed (const V2vGuest *guest, const char *device)
{
  g_autofree char *volumes = g_strdup_printf ("btrfsvol:%s/", device);

  for (guint i = 0; guest->filesystems[i]; i += 2) {
    if (strcmp (guest->filesystems[i], device) == 0 ||
        g_str_has_prefix (guest->filesystems[i], volumes))
      return TRUE;
  }
  return FALSE;
}

/* The device that SPEC, the first field of a line of the file system table, means; NULL if it
 * is none that is there. */
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
      device = guestfs_findfs_label (guest->g, bare);
  } else if (g_str_has_prefix (spec, "/dev/disk/by-uuid/")) {
    device = guestfs_findfs_uuid (guest->g, strrchr (spec, '/') + 1);
  } else if (g_str_has_prefix (spec, "/dev/disk/by-label/")) {
    device = guestfs_findfs_label (guest->g, strrchr (spec, '/') + 1);
  } else if (g_str_has_prefix (spec, "/dev/")) {
    device = device_by_target (guest, spec + strlen ("/dev/"));
    if (device == NULL && strchr (spec + strlen ("/dev/"), '/') != NULL)
      device = guestfs_lvm_canonical_lv_name (guest->g, spec);
    if (device == NULL)
      device = g_strdup (spec);
  }
  return device && is_listed (guest, device) ? g_steal_pointer (&device) : NULL;
}

/* The subvolume that the options of a mount name, as libguestfs writes it; takes DEVICE. */
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

/* Reads the guest's file system table, since libguestfs maps the names of disks by their letter
 * and knows nothing of the domain. */
static void
read_table (V2vGuest *guest, GPtrArray *mounts, const char *root)
{
  g_auto (GStrv) lines = NULL;
  g_autofree char *bytes = NULL; /* no NUL ends them */
  g_autofree char *text = NULL;
  size_t size = 0;

  if (guestfs_mount_ro (guest->g, root, "/") != 0)
    return;
  bytes = guestfs_pread (guest->g, "/etc/fstab", 1024 * 1024, 0, &size);
  text = g_strndup (bytes ? bytes : "", bytes ? size : 0);
  guestfs_umount_all (guest->g);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i]; i++) {
    g_auto (GStrv) words = NULL;
    g_autofree char *device = NULL;

    g_strdelimit (g_strchug (lines[i]), "\t", ' ');
    words = g_regex_split_simple (" +", lines[i], 0, 0);
    if (*lines[i] == '#' || g_strv_length (words) < 2 || words[1][0] != '/' ||
        strcmp (words[1], "/") == 0)
      continue;
    device = resolve_spec (guest, words[0]);
    if (device && g_strv_length (words) > 3)
      device = with_subvolume (g_steal_pointer (&device), words[3]);
    if (device)
      g_ptr_array_add (mounts, v2v_mount_point_new (words[1], device));
    else if (g_str_has_prefix (words[0], "/dev/") || strchr (words[0], '='))
      v2v_debug ("inspection: nothing here is what /etc/fstab mounts at %s", words[1]);
  }
}

/* Does libguestfs's mapping of names (sdb, xvdb ... is the second disk) suit this domain? */
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

static void
find_mounts (V2vGuest *guest, const char *root)
{
  g_auto (GStrv) found = guestfs_inspect_get_mountpoints (guest->g, root);
  GPtrArray *mounts = g_ptr_array_new_with_free_func ((GDestroyNotify)v2v_mount_point_free);
  gboolean complete = found && names_are_plain (guest);

  for (guint i = 0; found && found[i]; i += 2)
    complete = complete && (strcmp (found[i], "/") == 0 || device_exists (guest, found[i + 1]));
  g_ptr_array_add (mounts, v2v_mount_point_new ("/", root));
  for (guint i = 0; complete && found[i]; i += 2) {
    if (strcmp (found[i], "/") != 0)
      g_ptr_array_add (mounts, v2v_mount_point_new (found[i], found[i + 1]));
  }
  if (!complete)
    read_table (guest, mounts, root);
  g_ptr_array_sort (mounts, compare_mounts);
  g_clear_pointer (&guest->mounts, g_ptr_array_unref);
  guest->mounts = mounts;
}

/* ---- which system ---- */

/* "PRODUCT on /dev/sda1". */
static char *
describe_root (V2vGuest *guest, const char *root)
{
  g_autofree char *product = guestfs_inspect_get_product_name (guest->g, root);
  g_autofree char *text = g_strdup_printf ("%s on %s", product ? product : "unknown", root);

  return v2v_printable (text, -1, FALSE);
}

/* The error of disks without a system; encrypted ones are named. */
static void
nothing_found (V2vGuest *guest, const char *disks, GError **error)
{
  g_autoptr (GPtrArray) encrypted = v2v_guest_encrypted_devices (guest);
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < encrypted->len; i++) {
    g_autofree char *uuid = guestfs_luks_uuid (guest->g, encrypted->pdata[i]);

    g_string_append_printf (list, "%s%s (UUID %s)", i ? ", " : "", (char *)encrypted->pdata[i],
                            uuid ? uuid : "unknown");
  }
  if (encrypted->len)
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "no operating system was found on %s\n"
                 "%s is encrypted: give its key with --key UUID:file:FILE",
                 disks, list->str);
  else
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_DATA,
        "no operating system was found on %s\n"
        "is it a disk with a system that starts, in the format its metadata says, and is "
        "every disk of the guest there?",
        disks);
  g_string_free (list, TRUE);
}

static gboolean
choose_root (V2vGuest *guest, char **roots, const char *wanted, GError **error)
{
  g_autofree char *disks = v2v_guest_disk_names (guest);
  GString *list;

  if (roots[0] == NULL) {
    nothing_found (guest, disks, error);
    return FALSE;
  }
  if (wanted == NULL && roots[1] == NULL)
    wanted = "first";
  for (guint i = 0; wanted && roots[i]; i++) {
    if (strcmp (wanted, "first") == 0 || strcmp (wanted, roots[i]) == 0) {
      g_free (guest->root);
      guest->root = g_strdup (roots[i]);
      return TRUE;
    }
  }
  list = g_string_new (NULL);
  for (guint i = 0; roots[i]; i++) {
    g_autofree char *text = describe_root (guest, roots[i]);

    g_string_append_printf (list, "%s%s", i ? "; " : "", text);
  }
  if (wanted)
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_USAGE,
        "there is no operating system on %s: %s holds %s (--root DEVICE, --root first)", wanted,
        disks, list->str);
  else
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "several operating systems were found on %s: %s\n"
                 "choose one with --root DEVICE or --root first",
                 disks, list->str);
  g_string_free (list, TRUE);
  return FALSE;
}

/* The file systems that hold a system, or NULL. All disks of the appliance are looked at, so
 * where it holds several guests that is done once. */
static char **
find_roots (V2vGuest *guest)
{
  g_autoptr (GStrvBuilder) own = g_strv_builder_new ();
  g_auto (GStrv) roots = NULL;

  if (guest->n_disks == 0)
    return guestfs_inspect_os (guest->g);
  roots = guestfs_inspect_get_roots (guest->g);
  if (roots && roots[0] == NULL) {
    g_strfreev (roots);
    roots = guestfs_inspect_os (guest->g);
  }
  if (roots == NULL)
    return NULL;
  for (guint i = 0; roots[i]; i++) {
    if (v2v_guest_owns (guest, roots[i]))
      g_strv_builder_add (own, roots[i]);
  }
  return g_strv_builder_end (own);
}

xmlDoc *
v2v_guest_inspect (V2vGuest *guest, const char *root, GError **error)
{
  g_auto (GStrv) roots = NULL;
  g_autofree char *format = NULL;
  gboolean packaged;
  xmlDoc *doc;
  xmlNode *os;

  g_return_val_if_fail (guest->launched, NULL);
  roots = find_roots (guest);
  if (roots == NULL) {
    v2v_guest_set_error (guest, V2V_EXIT_DATA, error, "the guest cannot be inspected");
    return NULL;
  }
  if (!choose_root (guest, roots, root, error))
    return NULL;
  root = guest->root;
  find_mounts (guest, root);

  doc = xmlNewDoc (BAD_CAST "1.0");
  os = xmlNewNode (NULL, BAD_CAST "operatingsystems");
  xmlDocSetRootElement (doc, os);
  os = xmlNewChild (os, NULL, BAD_CAST "operatingsystem", NULL);
  add_text (os, "root", root);
  add_known (os, "name", guestfs_inspect_get_type (guest->g, root));
  add_known (os, "arch", guestfs_inspect_get_arch (guest->g, root));
  add_known (os, "distro", guestfs_inspect_get_distro (guest->g, root));
  add_known (os, "product_name", guestfs_inspect_get_product_name (guest->g, root));
  add_number (os, "major_version", guestfs_inspect_get_major_version (guest->g, root));
  add_number (os, "minor_version", guestfs_inspect_get_minor_version (guest->g, root));
  format = guestfs_inspect_get_package_format (guest->g, root);
  packaged = format && strcmp (format, "unknown") != 0;
  add_known (os, "package_format", g_strdup (format));
  add_known (os, "package_management", guestfs_inspect_get_package_management (guest->g, root));
  add_known (os, "hostname", guestfs_inspect_get_hostname (guest->g, root));
  add_known (os, "osinfo", guestfs_inspect_get_osinfo (guest->g, root));
  add_mountpoints (guest, os);
  add_filesystems (guest, os);
  add_disks (guest, os);
  if (!packaged) {
    /* Each call takes a while, and only systems without packages have these. */
    add_known (os, "product_variant", guestfs_inspect_get_product_variant (guest->g, root));
    add_drive_mappings (guest, os, root);
  } else {
    /* Packages are read from mounted file systems. */
    for (guint i = 0; i < guest->mounts->len; i++) {
      const V2vMountPoint *mount = guest->mounts->pdata[i];

      guestfs_mount_ro (guest->g, mount->device, mount->path);
    }
    add_applications (guest, os, root);
    guestfs_umount_all (guest->g);
  }
  return doc;
}

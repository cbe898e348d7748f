/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Inspects the guest's disks: creates the document that virt-inspector(1) would print, from
 * libguestfs's inspection with the existing handle.
 */
#include "config.h"

#include <string.h>

#include "base/log.h"
#include "guest/internal.h"

/* The largest number of packages; only a hostile guest has more. */
#define APPLICATIONS_MAX 200000

/* ---- writing the document ---- */

/* Adds TEXT as an element of PARENT, unless it is NULL or empty. Characters that XML cannot
 * contain are replaced, since TEXT comes from the guest. */
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

/* Adds a value, unless it is "unknown", libguestfs's word for a value that it does not know. */
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
    /* One call gets all tags. blkid does not accept subvolumes as devices. */
    tags = g_str_has_prefix (device, "/dev/") ? guestfs_blkid (guest->g, device) : NULL;
    add_text (node, "label", v2v_guest_tag_of (tags, "LABEL"));
    add_text (node, "uuid", v2v_guest_tag_of (tags, "UUID"));
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

/* Adds which disk of the appliance is which disk of the domain. */
static void
add_disks (V2vGuest *guest, xmlNode *os)
{
  xmlNode *list = xmlNewChild (os, NULL, BAD_CAST "disks", NULL);
  char **devices = guest->devices;

  for (guint i = 0; i < guest->targets->len && devices[i]; i++) {
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

/* The directories in which libguestfs looks for packages. It opens everything there, even
 * named pipes, so they are checked first. */
static const char *const package_directories[] = {
    "/var/lib/rpm",  "/usr/lib/sysimage/rpm", "/usr/share/rpm", "/etc/rpm",
    "/var/lib/dpkg", "/var/lib/pacman/local", "/lib/apk/db",
};

/* Adds the packages, if libguestfs can read their database. */
static void
add_applications (V2vGuest *guest, xmlNode *os, const char *root)
{
  struct guestfs_application2_list *apps;
  xmlNode *list;

  for (guint i = 0; i < G_N_ELEMENTS (package_directories); i++) {
    g_autofree char *message = NULL;

    if (!v2v_guest_check_directory (guest, package_directories[i], &message)) {
      v2v_warn ("the packages of the guest are not listed: %s", message);
      return;
    }
  }
  apps = guestfs_inspect_list_applications2 (guest->g, root);
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

/* ---- choosing the operating system ---- */

/* Describes ROOT for messages: "PRODUCT on /dev/sda1". */
static char *
describe_root (V2vGuest *guest, const char *root)
{
  g_autofree char *product = guestfs_inspect_get_product_name (guest->g, root);
  g_autofree char *name = v2v_guest_root_name (guest, root);
  g_autofree char *text = g_strdup_printf ("%s on %s", product ? product : "unknown", name);

  return v2v_printable (text, -1, FALSE);
}

/* Sets the error for disks without an operating system, which names encrypted devices. */
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
choose_root (V2vGuest *guest, char **all, const char *wanted, GError **error)
{
  g_autofree char *disks = v2v_guest_disk_names (guest);
  g_auto (GStrv) roots = NULL;
  GString *list;

  if (all[0] == NULL) {
    guest->without_system = TRUE;
    nothing_found (guest, disks, error);
    return FALSE;
  }
  /* --root may select a snapshot, which is otherwise ignored. */
  for (guint i = 0; wanted && strcmp (wanted, "first") != 0 && all[i]; i++) {
    if (v2v_guest_root_is (guest, all[i], wanted)) {
      g_free (guest->root);
      guest->root = g_strdup (all[i]);
      return TRUE;
    }
  }
  roots = v2v_guest_own_roots (guest, all);
  if (wanted ? strcmp (wanted, "first") == 0 : roots[1] == NULL) {
    g_free (guest->root);
    guest->root = g_strdup (roots[0]);
    return TRUE;
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

/* Whether the file system on DEVICE contains a root: a file system table, and a directory for
 * programs (or a link to one on another file system). */
static gboolean
holds_root (V2vGuest *guest, const char *device)
{
  gboolean found =
      guestfs_mount_ro (guest->g, device, "/") == 0 &&
      guestfs_is_file (guest->g, V2V_FILE_SYSTEM_TABLE) == 1 &&
      (guestfs_is_dir (guest->g, "/bin") == 1 || guestfs_is_symlink (guest->g, "/bin") == 1);

  guestfs_umount_all (guest->g);
  return found;
}

/* Finds the file systems that contain an operating system without libguestfs's inspection,
 * which gives up on all systems in the appliance if it cannot parse one file, such as a file
 * system table with a line at which mount(8) would only print a warning. NULL if none is
 * found. */
static char **
find_roots_by_files (V2vGuest *guest, GError **error)
{
  g_autoptr (GStrvBuilder) roots = g_strv_builder_new ();
  const char *last = guestfs_last_error (guest->g);
  g_autofree char *why = v2v_printable (last ? last : "unknown error", -1, FALSE);
  gboolean found = FALSE;

  /* A failed inspection leaves its last file system mounted. */
  guestfs_umount_all (guest->g);
  for (guint i = 0; guest->filesystems[i]; i += 2) {
    const char *device = guest->filesystems[i], *type = guest->filesystems[i + 1];

    if (v2v_guest_owns (guest, device) && strcmp (type, "swap") != 0 &&
        strcmp (type, "crypto_LUKS") != 0 && strcmp (type, "unknown") != 0 &&
        holds_root (guest, device)) {
      g_strv_builder_add (roots, device);
      found = TRUE;
    }
  }
  if (!found) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "the guest cannot be inspected: %s\n"
                 "and no file system of its disks holds both /bin and " V2V_FILE_SYSTEM_TABLE,
                 why);
    return NULL;
  }
  v2v_debug (
      "inspection: libguestfs cannot tell what system this is (%s); its root is found by "
      "the files that every root has",
      why);
  return g_strv_builder_end (roots);
}

/* The file systems that contain an operating system, or NULL. libguestfs inspects all disks of
 * the appliance, so if they belong to several guests this is done only once. */
static char **
find_roots (V2vGuest *guest, GError **error)
{
  g_autoptr (GStrvBuilder) own = g_strv_builder_new ();
  g_auto (GStrv) roots = NULL;

  if (guest->n_disks > 0)
    roots = guestfs_inspect_get_roots (guest->g);
  if (roots == NULL || roots[0] == NULL) {
    g_strfreev (roots);
    roots = guestfs_inspect_os (guest->g);
  }
  if (roots == NULL)
    return find_roots_by_files (guest, error);
  for (guint i = 0; roots[i]; i++) {
    if (v2v_guest_owns (guest, roots[i]))
      g_strv_builder_add (own, roots[i]);
  }
  return g_strv_builder_end (own);
}

gboolean
v2v_guest_is_without_system (const V2vGuest *guest)
{
  return guest->without_system;
}

static xmlDoc *
inspect (V2vGuest *guest, const char *root, GError **error)
{
  g_auto (GStrv) roots = NULL;
  g_autofree char *format = NULL;
  gboolean packaged;
  xmlDoc *doc;
  xmlNode *os;

  g_return_val_if_fail (guest->launched, NULL);
  guest->without_system = FALSE;
  roots = find_roots (guest, error);
  if (roots == NULL || !choose_root (guest, roots, root, error))
    return NULL;
  root = guest->root;
  v2v_guest_find_mounts (guest, root);

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
    /* Only systems without packages have these values, and each call is slow. */
    add_known (os, "product_variant", guestfs_inspect_get_product_variant (guest->g, root));
    add_drive_mappings (guest, os, root);
  } else {
    /* libguestfs reads packages from mounted file systems. */
    for (guint i = 0; i < guest->mounts->len; i++) {
      const V2vMountPoint *mount = guest->mounts->pdata[i];

      guestfs_mount_ro (guest->g, mount->device, mount->path);
    }
    add_applications (guest, os, root);
    guestfs_umount_all (guest->g);
  }
  return doc;
}

xmlDoc *
v2v_guest_inspect (V2vGuest *guest, const char *root, GError **error)
{
  xmlDoc *doc = inspect (guest, root, error);

  if (v2v_guest_check_alive (guest, error))
    return doc;
  guest->without_system = FALSE;
  if (doc)
    xmlFreeDoc (doc);
  return NULL;
}

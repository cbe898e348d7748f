/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Describes disks on which no operating system was found, for rules that explain the reason.
 */
#include "config.h"

#include <string.h>

#include "base/log.h"
#include "guest/internal.h"

/* The largest number of names of a directory. */
#define NAMES_MAX 100

static void
add_path (xmlNode *list, const char *device, const char *path)
{
  g_autofree char *clean = v2v_printable (path, -1, FALSE);
  xmlNode *node = xmlNewTextChild (list, NULL, BAD_CAST "path", BAD_CAST clean);

  xmlSetProp (node, BAD_CAST "dev", BAD_CAST device);
}

/* Adds the names in DIRECTORY ("" or "/name") of the mounted file system and, if DEEP, in the
 * directories below it. */
static void
add_names (V2vGuest *guest, xmlNode *list, const char *device, const char *directory,
           gboolean deep)
{
  g_auto (GStrv) names = guestfs_ls (guest->g, *directory ? directory : "/");

  for (guint i = 0; names && names[i] && i < NAMES_MAX; i++) {
    g_autofree char *path = g_strconcat (directory, "/", names[i], NULL);

    add_path (list, device, path);
    if (deep && guestfs_is_dir (guest->g, path) == 1)
      add_names (guest, list, device, path, FALSE);
  }
}

static void
add_filesystem (xmlNode *list, const char *device, const char *type)
{
  xmlNode *node = xmlNewChild (list, NULL, BAD_CAST "filesystem", NULL);

  xmlSetProp (node, BAD_CAST "dev", BAD_CAST device);
  if (type && *type && strcmp (type, "unknown") != 0) {
    g_autofree char *clean = v2v_printable (type, -1, FALSE);

    xmlNewTextChild (node, NULL, BAD_CAST "type", BAD_CAST clean);
  }
}

/* Adds the members of larger storage, which the list of file systems does not contain. */
static void
add_members (V2vGuest *guest, xmlNode *list, char **devices)
{
  for (guint i = 0; devices && devices[i]; i++) {
    g_autofree char *type =
        v2v_guest_owns (guest, devices[i]) ? guestfs_vfs_type (guest->g, devices[i]) : NULL;

    if (type && g_str_has_suffix (type, "_member"))
      add_filesystem (list, devices[i], type);
  }
}

xmlDoc *
v2v_guest_survey (V2vGuest *guest)
{
  static const char *const unmountable[] = {"swap", "crypto_LUKS", "BitLocker", "unknown",
                                            NULL};
  g_auto (GStrv) partitions = guestfs_list_partitions (guest->g);
  g_auto (GStrv) arrays = guestfs_list_md_devices (guest->g);
  xmlDoc *doc = xmlNewDoc (BAD_CAST "1.0");
  xmlNode *system = xmlNewNode (NULL, BAD_CAST "operatingsystems");
  xmlNode *filesystems, *paths;

  xmlDocSetRootElement (doc, system);
  system = xmlNewChild (system, NULL, BAD_CAST "operatingsystem", NULL);
  filesystems = xmlNewChild (system, NULL, BAD_CAST "filesystems", NULL);
  paths = xmlNewChild (system, NULL, BAD_CAST "paths", NULL);
  add_members (guest, filesystems, guest->devices);
  add_members (guest, filesystems, partitions);
  add_members (guest, filesystems, arrays);
  for (guint i = 0; guest->filesystems[i]; i += 2) {
    const char *device = guest->filesystems[i], *type = guest->filesystems[i + 1];

    if (!v2v_guest_owns (guest, device))
      continue;
    add_filesystem (filesystems, device, type);
    if (g_strv_contains (unmountable, type) || g_str_has_suffix (type, "_member"))
      continue;
    if (guestfs_mount_ro (guest->g, device, "/") == 0)
      add_names (guest, paths, device, "", TRUE);
    guestfs_umount_all (guest->g);
  }
  return doc;
}

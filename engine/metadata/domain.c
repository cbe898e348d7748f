/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads the parts of a domain document that the engine itself needs: the name and the disks.
 */
#include "config.h"

#include <string.h>

#include "metadata/domain.h"
#include "metadata/element.h"

/* Names of disk formats that only older drivers of the domain format use, with the names that
 * all other programs use. These are words of libvirt's domain format (driver/@type beside
 * driver/@name 'tap' and 'tap2'), not knowledge of a hypervisor. */
static const struct {
  const char *word, *format;
} old_formats[] = {
    {"aio", "raw"},
    {"vhd", "vpc"},
};

/* ---- the domain ---- */

static void
disk_free (V2vDomainDisk *disk)
{
  g_free (disk->target);
  g_free (disk->bus);
  g_free (disk->path);
  g_free (disk->format);
  g_ptr_array_unref (disk->backing);
  g_free (disk);
}

static xmlNode *
domain_root (xmlDoc *doc)
{
  xmlNode *root = xmlDocGetRootElement (doc);

  return root && strcmp ((const char *)root->name, "domain") == 0 ? root : NULL;
}

char *
v2v_domain_name (xmlDoc *doc)
{
  xmlNode *root = domain_root (doc);
  xmlNode *name = root ? v2v_xml_child (root, "name") : NULL;
  g_autofree char *text = name ? v2v_xml_text (name) : NULL;

  return text && *text ? g_steal_pointer (&text) : NULL;
}

/* The path of the local file or device that SOURCE names, as written there, which may be
 * relative. TYPE is the attribute "type" of the element around SOURCE. NULL if it is not
 * local; *WHY_R then says what the disk is instead. */
static char *
local_source (xmlNode *source, const char *type, char **why_r)
{
  const char *name;
  char *path;

  if (g_strcmp0 (type, "file") == 0) {
    name = "file";
  } else if (g_strcmp0 (type, "block") == 0) {
    name = "dev";
  } else {
    *why_r = type ? g_strdup_printf ("has the type '%s'", type) : g_strdup ("has no type");
    return NULL;
  }
  path = v2v_xml_attribute (source, name);
  if (!path)
    *why_r = g_strdup_printf ("has no source: <source %s='PATH'/> is missing or empty", name);
  return path;
}

/* Reads the number in the attribute NAME of NODE. */
static gboolean
number_attribute (xmlNode *node, const char *name, guint64 max, gint64 *number_r)
{
  g_autofree char *text = v2v_xml_attribute (node, name);
  guint64 number;

  if (!text || !g_ascii_string_to_unsigned (text, 10, 0, max, &number, NULL))
    return FALSE;
  *number_r = (gint64)number;
  return TRUE;
}

/* Reads <slices><slice type='storage' offset='N' size='N'/></slices> in SOURCE, which belongs
 * to the disk TARGET. */
static gboolean
read_slice (xmlNode *source, const char *file, const char *target, V2vSlice *slice_r,
            GError **error)
{
  xmlNode *slices = v2v_xml_child (source, "slices");
  xmlNode *slice = slices ? v2v_xml_child (slices, "slice") : NULL;
  g_autofree char *type = v2v_xml_attribute (slice, "type");

  if (!slice)
    return TRUE;
  if (g_strcmp0 (type, "storage") == 0 && xmlChildElementCount (slices) == 1 &&
      number_attribute (slice, "offset", G_MAXINT64 / 2, &slice_r->offset) &&
      number_attribute (slice, "size", G_MAXINT64 / 2, &slice_r->length) && slice_r->length > 0)
    return TRUE;
  g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
               "%s:%ld: the slice of disk '%s' is not understood, expected one <slice "
               "type='storage' offset='BYTES' size='BYTES'/> with a size of at least 1",
               file, xmlGetLineNo (slice), target);
  return FALSE;
}

char *
v2v_domain_path (const char *path, const char *file)
{
  g_autofree char *dir = g_path_get_dirname (file);
  g_autofree char *absolute_dir = g_canonicalize_filename (dir, NULL);

  return g_canonicalize_filename (path, absolute_dir);
}

/* Adds every local file that the backingStore elements below NODE name. Others are left out,
 * so an image that refers to them is refused. */
static void
collect_backing (xmlNode *node, const char *file, GPtrArray *backing)
{
  for (xmlNode *store = v2v_xml_child (node, "backingStore"); store;
       store = v2v_xml_child (store, "backingStore")) {
    g_autofree char *type = v2v_xml_attribute (store, "type");
    g_autofree char *why = NULL;
    xmlNode *source = v2v_xml_child (store, "source");
    g_autofree char *path = source ? local_source (source, type, &why) : NULL;

    if (path)
      g_ptr_array_add (backing, v2v_domain_path (path, file));
  }
}

/* Advice for a disk of TYPE, which cannot be opened on this host. */
static const char *
way_out (const char *type)
{
  static const struct {
    const char *type, *text;
  } ways[] = {
      {"volume", "name the libvirt that has its pool with --connect URI, or write the path "
                 "of the volume's file into the document"},
      {"network",
       "copy it to a file on this host (qemu-img convert can read it) and name that file"},
      {"dir", "make an image of the directory (virt-make-fs) and name the image"},
      {"nvme", "bind the device to its own driver again and name its block device"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    if (g_strcmp0 (type, ways[i].type) == 0)
      return ways[i].text;
  return "make its data available as a file or block device on this host, and name that file "
         "or device";
}

/* Reads one <disk>. *DISK_R remains NULL if the disk has removable media. */
static gboolean
read_disk (xmlNode *node, const char *file, V2vDomainDisk **disk_r, GError **error)
{
  g_autofree char *device = v2v_xml_attribute (node, "device");
  g_autofree char *type = v2v_xml_attribute (node, "type");
  xmlNode *target_node = v2v_xml_child (node, "target");
  xmlNode *driver = v2v_xml_child (node, "driver");
  xmlNode *source = v2v_xml_child (node, "source");
  g_autofree char *target = v2v_xml_attribute (target_node, "dev");
  g_autofree char *format = v2v_xml_attribute (driver, "type");
  g_autofree char *path = NULL;
  g_autofree char *why = NULL;
  V2vSlice slice = {0, 0};
  V2vDomainDisk *disk;
  long line = xmlGetLineNo (node);

  *disk_r = NULL;
  if (g_strcmp0 (device, "cdrom") == 0 || g_strcmp0 (device, "floppy") == 0)
    return TRUE;
  if (!target) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s:%ld: a disk has no name: expected <target dev='NAME'/> in <disk>", file,
                 line);
    return FALSE;
  }
  if (device && strcmp (device, "disk") != 0) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s:%ld: disk '%s' has device='%s', but only 'disk', 'cdrom' and 'floppy' "
                 "can be converted: give the guest's data as a file or block device, or "
                 "remove the disk from the document",
                 file, line, target, device);
    return FALSE;
  }
  path = source ? local_source (source, type, &why) : NULL;
  if (!source)
    why = g_strdup ("has no <source>");
  if (!path) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s:%ld: disk '%s' %s, expected a local disk of type 'file' or 'block': %s",
                 file, line, target, why, way_out (type));
    return FALSE;
  }
  if (v2v_xml_child (node, "encryption") || v2v_xml_child (source, "encryption")) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s:%ld: disk '%s' is encrypted by its host, and the key is not in the "
                 "document: convert it with qemu-img to an unencrypted disk, and name that "
                 "disk",
                 file, line, target);
    return FALSE;
  }
  if (!read_slice (source, file, target, &slice, error))
    return FALSE;

  disk = g_new0 (V2vDomainDisk, 1);
  disk->node = node;
  disk->slice = slice;
  disk->target = g_steal_pointer (&target);
  disk->bus = v2v_xml_attribute (target_node, "bus");
  disk->path = v2v_domain_path (path, file);
  for (gsize i = 0; format && i < G_N_ELEMENTS (old_formats); i++)
    if (strcmp (format, old_formats[i].word) == 0) {
      g_free (format);
      format = g_strdup (old_formats[i].format);
    }
  disk->format = format ? g_steal_pointer (&format) : g_strdup ("raw");
  disk->read_only = v2v_xml_child (node, "readonly") != NULL;
  disk->backing = g_ptr_array_new_with_free_func (g_free);
  collect_backing (node, file, disk->backing);
  *disk_r = disk;
  return TRUE;
}

GPtrArray *
v2v_domain_disks (xmlDoc *doc, const char *file, GError **error)
{
  g_autoptr (GPtrArray) disks = g_ptr_array_new_with_free_func ((GDestroyNotify)disk_free);
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *name = NULL;
  xmlNode *root = domain_root (doc);
  xmlNode *devices;

  if (!root) {
    xmlNode *other = xmlDocGetRootElement (doc);

    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s:%ld: the document is <%s>, expected libvirt's <domain>: virsh dumpxml "
                 "GUEST writes one",
                 file, other ? xmlGetLineNo (other) : 1L,
                 other ? (const char *)other->name : "");
    return NULL;
  }
  name = v2v_domain_name (doc);
  if (!name) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s:%ld: the domain has no name: expected <name>NAME</name> in <domain>", file,
                 xmlGetLineNo (root));
    return NULL;
  }

  devices = v2v_xml_child (root, "devices");
  for (xmlNode *node = devices ? devices->children : NULL; node; node = node->next) {
    V2vDomainDisk *disk;

    if (node->type != XML_ELEMENT_NODE || strcmp ((const char *)node->name, "disk") != 0)
      continue;
    if (!read_disk (node, file, &disk, error))
      return NULL;
    if (!disk)
      continue;
    g_ptr_array_add (disks, disk);
    if (!g_hash_table_add (names, disk->target)) {
      g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                   "%s:%ld: the domain '%s' has two disks named '%s': each disk needs a target "
                   "name of its own",
                   file, xmlGetLineNo (node), name, disk->target);
      return NULL;
    }
  }
  if (disks->len == 0) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s:%ld: the domain '%s' has no disks, so there is nothing to convert: "
                 "expected at least one <disk device='disk'> in <devices>",
                 file, xmlGetLineNo (devices ? devices : root), name);
    return NULL;
  }
  return g_steal_pointer (&disks);
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Writes the paths of the new disks into the domain document.
 */
#include "config.h"

#include <string.h>

#include <libxml/xpath.h>

#include "base/log.h"
#include "metadata/element.h"
#include "storage/disk-sources.h"
#include "storage/snapshot-notes.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (xmlXPathContext, xmlXPathFreeContext)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (xmlXPathObject, xmlXPathFreeObject)

static void
remove_children (xmlNode *parent, const char *name)
{
  xmlNode *node;

  while ((node = v2v_xml_child (parent, name))) {
    xmlUnlinkNode (node);
    xmlFreeNode (node);
  }
}

static xmlNode *
new_child (xmlNode *parent, const char *name)
{
  return xmlNewChild (parent, NULL, BAD_CAST name, NULL);
}

/* Replaces what SOURCE says of the place by PATH. */
static void
set_source (xmlNode *source, const char *path, gboolean block)
{
  static const char *const places[] = {"file", "dev",    "dir",   "name",  "protocol",
                                       "pool", "volume", "index", "query", NULL};

  for (int i = 0; places[i]; i++)
    xmlUnsetProp (source, BAD_CAST places[i]);
  remove_children (source, "host");
  remove_children (source, "slices");
  v2v_xml_set (source, block ? "dev" : "file", path);
}

/* The layers of CHAIN as nested backingStore elements, ended by an empty one: nothing is left
 * to be guessed. */
static void
add_backing_stores (xmlNode *disk, const GPtrArray *chain)
{
  xmlNode *parent = disk;

  for (guint i = 0; i < chain->len; i++) {
    const V2vLayer *layer = chain->pdata[i];
    xmlNode *store = new_child (parent, "backingStore");

    v2v_xml_set (store, "type", layer->block ? "block" : "file");
    v2v_xml_set (new_child (store, "format"), "type", layer->format);
    v2v_xml_set (new_child (store, "source"), layer->block ? "dev" : "file", layer->path);
    parent = store;
  }
  new_child (parent, "backingStore");
}

static void
set_disk (xmlNode *node, const V2vStorageDisk *disk)
{
  xmlNode *driver = v2v_xml_child (node, "driver");
  xmlNode *source = v2v_xml_child (node, "source");
  /* The result of in-place is the disk itself: then its place is right already, and so is its
   * chain. */
  gboolean moved = !g_str_equal (disk->result_path, disk->disk->path);

  if (!driver) {
    driver = xmlNewNode (NULL, BAD_CAST "driver");
    v2v_xml_set (driver, "name", "qemu");
    if (node->children)
      xmlAddPrevSibling (node->children, driver);
    else
      xmlAddChild (node, driver);
  }
  v2v_xml_set (driver, "type", disk->result_format);
  /* libvirt starts no guest with a disk of another format that may be shared. */
  if (strcmp (disk->result_format, "raw") != 0 && v2v_xml_child (node, "shareable")) {
    remove_children (node, "shareable");
    v2v_warn ("the disk %s was shared with other guests, and the new one is in the format %s, "
              "which one guest alone can use: it is no longer shared",
              disk->disk->target, disk->result_format);
  }
  if (!moved)
    return;
  v2v_xml_set (node, "type", "file");
  if (!source)
    source = new_child (node, "source");
  set_source (source, disk->result_path, FALSE);
  remove_children (node, "backingStore");
  remove_children (node, "mirror");
  if (disk->on_source)
    add_backing_stores (node, disk->chain);
}

gboolean
v2v_storage_set_disk_sources (V2vStorageJob *job, xmlDoc *domain, GError **error)
{
  g_autoptr (xmlXPathContext) context = xmlXPathNewContext (domain);
  g_autoptr (xmlXPathObject) found =
      xmlXPathEval (BAD_CAST "/domain/devices/disk[not(@device) or @device = 'disk']", context);
  guint count = found && found->nodesetval ? (guint)found->nodesetval->nodeNr : 0;
  gboolean moved = FALSE;

  if (count != job->disks->len) {
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_CONFIG,
        "the domain has %u disks after the stylesheets, but the guest has %u: a stylesheet "
        "removed or added one",
        count, job->disks->len);
    v2v_error_say (
        error,
        "a fault in a stylesheet, which loses or adds a disk, ended this: " V2V_PLEASE_REPORT);
    return FALSE;
  }
  for (guint i = 0; i < count; i++) {
    const V2vStorageDisk *disk = job->disks->pdata[i];

    if (!disk->result_path)
      continue;
    set_disk (found->nodesetval->nodeTab[i], disk);
    moved |= !g_str_equal (disk->result_path, disk->disk->path);
  }
  if (moved)
    v2v_snapshot_forget (domain);
  return TRUE;
}

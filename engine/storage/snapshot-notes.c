/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the document of a domain says of the files that a snapshot is built on.
 */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "storage/snapshot-notes.h"
#include "storage/stamp.h"

#define SNAPSHOT_URN "urn:v2v-engine:snapshot"
#define SNAPSHOT_PREFIX "v2v"

static xmlNode *
find_child (xmlNode *parent, const char *name, const char *urn)
{
  for (xmlNode *node = parent ? parent->children : NULL; node; node = node->next)
    if (node->type == XML_ELEMENT_NODE && g_str_equal ((const char *)node->name, name) &&
        g_strcmp0 (node->ns ? (const char *)node->ns->href : NULL, urn) == 0)
      return node;
  return NULL;
}

void
v2v_snapshot_forget (xmlDoc *domain)
{
  xmlNode *metadata = find_child (xmlDocGetRootElement (domain), "metadata", NULL);
  xmlNode *node = find_child (metadata, "snapshot", SNAPSHOT_URN);

  if (!node)
    return;
  xmlUnlinkNode (node);
  xmlFreeNode (node);
  if (xmlChildElementCount (metadata) == 0) {
    xmlUnlinkNode (metadata);
    xmlFreeNode (metadata);
  }
}

/* The metadata element of the domain, made after its name and identity if there is none. */
static xmlNode *
need_metadata (xmlNode *root)
{
  static const char *const before[] = {"description", "title", "genid", "uuid", "name", NULL};
  xmlNode *metadata = find_child (root, "metadata", NULL);

  if (metadata)
    return metadata;
  metadata = xmlNewNode (NULL, BAD_CAST "metadata");
  for (int i = 0; before[i]; i++) {
    xmlNode *node = find_child (root, before[i], NULL);

    if (node)
      return xmlAddNextSibling (node, metadata);
  }
  return xmlAddChild (root, metadata);
}

static void
set_property (xmlNode *node, const char *name, const char *value)
{
  xmlNewProp (node, BAD_CAST name, BAD_CAST value);
}

/* Notes size and time of every layer that the snapshot is built on. */
static gboolean
note_layers (xmlNode *node, xmlNs *ns, const V2vStorageDisk *disk, GError **error)
{
  for (guint i = 0; i < disk->chain->len; i++) {
    const V2vLayer *layer = disk->chain->pdata[i];
    xmlNode *backing = xmlNewChild (node, ns, BAD_CAST "backing", NULL);
    g_autofree char *size = NULL;
    g_autofree char *time = NULL;
    struct stat st;

    if (stat (layer->path, &st) < 0) {
      v2v_error_set_errno (error, errno, "cannot find the backing file %s", layer->path);
      return FALSE;
    }
    size =
        g_strdup_printf ("%" G_GINT64_FORMAT, layer->block ? layer->size : (gint64)st.st_size);
    time = v2v_stamp_mtime (&st);
    set_property (backing, "file", layer->path);
    set_property (backing, "format", layer->format);
    set_property (backing, "size", size);
    set_property (backing, "mtime", time);
  }
  return TRUE;
}

gboolean
v2v_snapshot_note (V2vStorageJob *job, xmlDoc *domain, GError **error)
{
  xmlNode *root = xmlDocGetRootElement (domain);
  xmlNode *snapshot;
  xmlNs *ns;

  v2v_snapshot_forget (domain);
  snapshot = xmlNewChild (need_metadata (root), NULL, BAD_CAST "snapshot", NULL);
  ns = xmlNewNs (snapshot, BAD_CAST SNAPSHOT_URN, BAD_CAST SNAPSHOT_PREFIX);
  xmlSetNs (snapshot, ns);
  for (guint i = 0; i < job->disks->len; i++) {
    const V2vStorageDisk *disk = job->disks->pdata[i];
    xmlNode *node = xmlNewChild (snapshot, ns, BAD_CAST "disk", NULL);

    set_property (node, "file", disk->result_path);
    if (!note_layers (node, ns, disk, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
check_backing (xmlNode *node, GError **error)
{
  xmlChar *file = xmlGetProp (node, BAD_CAST "file");
  xmlChar *size = xmlGetProp (node, BAD_CAST "size");
  xmlChar *mtime = xmlGetProp (node, BAD_CAST "mtime");
  struct stat st;
  gboolean same = FALSE;

  if (file && size && mtime && stat ((const char *)file, &st) == 0) {
    g_autofree char *now = v2v_stamp_mtime (&st);

    /* The time of a block device says nothing. */
    same =
        S_ISBLK (st.st_mode) || (g_str_equal (now, (const char *)mtime) &&
                                 g_ascii_strtoll ((const char *)size, NULL, 10) == st.st_size);
  }
  if (!same)
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_DATA,
        "%s, which a snapshot is built on, is not as it was when the snapshot was made, so "
        "the guest's disk is damaged: put the file back as it was, or convert again",
        file ? (const char *)file : "a file");
  xmlFree (file);
  xmlFree (size);
  xmlFree (mtime);
  return same;
}

gboolean
v2v_snapshot_check (xmlDoc *domain, GError **error)
{
  xmlNode *metadata = find_child (xmlDocGetRootElement (domain), "metadata", NULL);
  xmlNode *snapshot = find_child (metadata, "snapshot", SNAPSHOT_URN);

  for (xmlNode *disk = snapshot ? snapshot->children : NULL; disk; disk = disk->next)
    for (xmlNode *node = disk->type == XML_ELEMENT_NODE ? disk->children : NULL; node;
         node = node->next)
      if (node->type == XML_ELEMENT_NODE && g_str_equal ((const char *)node->name, "backing") &&
          !check_backing (node, error))
        return FALSE;
  return TRUE;
}

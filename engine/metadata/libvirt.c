/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Connections to libvirt, and the volumes of its storage pools.
 */
#include "config.h"

#include <string.h>

#include <libvirt/virterror.h>

#include "base/log.h"
#include "metadata/domain.h"
#include "metadata/libvirt.h"
#include "metadata/element.h"

typedef virStoragePool Pool;
typedef virStorageVol Volume;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pool, virStoragePoolFree)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Volume, virStorageVolFree)

/* ---- errors ---- */

/* libvirt prints its errors to standard error unless a function receives them; this one
 * discards them. */
static void
ignore (void *data G_GNUC_UNUSED, virError *error G_GNUC_UNUSED)
{
}

char *
v2v_libvirt_why (void)
{
  const char *message = virGetLastErrorMessage ();

  return g_strchomp (v2v_printable (message, MIN ((gssize)strlen (message), 1000), FALSE));
}

void
v2v_libvirt_set_error (GError **error, V2vExit status, const char *format, ...)
{
  g_autofree char *why = v2v_libvirt_why ();
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, V2V_ERROR, status, "%s: libvirt says: %s", text, why);
}

/* ---- connections ---- */

gboolean
v2v_libvirt_uri_is_plain (const char *uri)
{
  return g_regex_match_simple ("\\A[a-z][a-z0-9]*(\\+unix)?:///(system|session|default)?\\z",
                               uri, 0, 0);
}

V2vLibvirt *
v2v_libvirt_open (const char *uri, gboolean write, GError **error)
{
  V2vLibvirt *libvirt;
  virConnect *handle;
  gboolean readonly = FALSE;
  g_autofree char *why = NULL;
  char *name;

  virSetErrorFunc (NULL, ignore);
  handle = virConnectOpen (uri);
  if (!handle)
    why = v2v_libvirt_why ();
  if (!handle && !write) {
    handle = virConnectOpenReadOnly (uri);
    readonly = handle != NULL;
    if (readonly)
      v2v_debug ("the connection to libvirt is read-only, so passwords in the domain are "
                 "left out: %s",
                 why);
  }
  if (!handle) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_UNAVAILABLE,
                 "no connection to libvirt at %s: libvirt says: %s",
                 uri ? uri : "its default URI", why);
    return NULL;
  }
  libvirt = g_new0 (V2vLibvirt, 1);
  libvirt->handle = handle;
  libvirt->readonly = readonly;
  name = virConnectGetURI (handle);
  libvirt->uri = g_strdup (name ? name : uri ? uri : "");
  free (name);
  return libvirt;
}

void
v2v_libvirt_close (V2vLibvirt *libvirt)
{
  if (!libvirt)
    return;
  virConnectClose (libvirt->handle);
  g_free (libvirt->uri);
  g_free (libvirt);
}

/* ---- volumes ---- */

typedef struct {
  char *path;
  gboolean block;
  char *format; /* NULL if the pool does not know it */
} Place;

static void
place_free (Place *place)
{
  g_free (place->path);
  g_free (place->format);
  g_free (place);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Place, place_free)

/* The format in VOLUME's own document, or NULL. */
static char *
volume_format (Volume *volume)
{
  char *text = virStorageVolGetXMLDesc (volume, 0);
  xmlDoc *doc = text ? v2v_xml_read_memory ("volume", text, strlen (text), NULL) : NULL;
  xmlNode *target = doc ? v2v_xml_child (xmlDocGetRootElement (doc), "target") : NULL;
  g_autofree char *format = v2v_xml_attribute (v2v_xml_child (target, "format"), "type");

  xmlFreeDoc (doc);
  free (text);
  /* libvirt's words for a format that it does not know. */
  if (g_strcmp0 (format, "unknown") == 0 || g_strcmp0 (format, "auto") == 0 ||
      g_strcmp0 (format, "none") == 0)
    return NULL;
  return g_steal_pointer (&format);
}

static Place *
find_volume (V2vLibvirt *libvirt, const char *pool_name, const char *name, GError **error)
{
  g_autoptr (Pool) pool = virStoragePoolLookupByName (libvirt->handle, pool_name);
  g_autoptr (Volume) volume = NULL;
  g_autoptr (Place) place = g_new0 (Place, 1);
  virStorageVolInfo info;
  char *path;

  if (!pool) {
    v2v_libvirt_set_error (error, V2V_EXIT_NOINPUT, "there is no pool '%s' at %s", pool_name,
                           libvirt->uri);
    return NULL;
  }
  if (virStoragePoolIsActive (pool) == 0) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_NOINPUT,
                 "the pool '%s' at %s is not active: start it with virsh pool-start", pool_name,
                 libvirt->uri);
    return NULL;
  }
  volume = virStorageVolLookupByName (pool, name);
  if (!volume) {
    v2v_libvirt_set_error (error, V2V_EXIT_NOINPUT,
                           "there is no volume '%s' in the pool '%s' at %s; virsh pool-refresh "
                           "looks for new ones",
                           name, pool_name, libvirt->uri);
    return NULL;
  }
  if (virStorageVolGetInfo (volume, &info) < 0 || !(path = virStorageVolGetPath (volume))) {
    v2v_libvirt_set_error (error, V2V_EXIT_IOERR,
                           "cannot get information about the volume '%s' in the pool '%s'",
                           name, pool_name);
    return NULL;
  }
  place->path = g_strdup (path);
  free (path);
  place->block = info.type == VIR_STORAGE_VOL_BLOCK;
  if ((info.type != VIR_STORAGE_VOL_FILE && !place->block) || place->path[0] != '/') {
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_DATA,
        "the volume '%s' in the pool '%s' is not a file or block device on this host (%s): "
        "copy it to a file (virsh vol-download) and name that file",
        name, pool_name, place->path);
    return NULL;
  }
  place->format = volume_format (volume);
  return g_steal_pointer (&place);
}

/* Replaces the volume that SOURCE names by its file or device. NODE is the element around
 * SOURCE: a disk or backingStore with a type of its own. *FORMAT_R is set to the format of the
 * volume. */
static gboolean
resolve (V2vLibvirt *libvirt, xmlNode *node, const char *file, char **format_r, GError **error)
{
  xmlNode *source = v2v_xml_child (node, "source");
  g_autofree char *pool = v2v_xml_attribute (source, "pool");
  g_autofree char *name = v2v_xml_attribute (source, "volume");
  g_autoptr (Place) place = NULL;

  if (!pool || !name) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s:%ld: a disk of type 'volume' does not name a volume: expected <source "
                 "pool='POOL' volume='NAME'/>",
                 file, xmlGetLineNo (node));
    return FALSE;
  }
  place = find_volume (libvirt, pool, name, error);
  if (!place) {
    g_prefix_error (error, "%s:%ld: ", file, xmlGetLineNo (node));
    return FALSE;
  }
  xmlUnsetProp (source, (const xmlChar *)"pool");
  xmlUnsetProp (source, (const xmlChar *)"volume");
  xmlUnsetProp (source, (const xmlChar *)"mode");
  v2v_xml_set (source, place->block ? "dev" : "file", place->path);
  v2v_xml_set (node, "type", place->block ? "block" : "file");
  *format_r = g_steal_pointer (&place->format);
  return TRUE;
}

static gboolean
is_volume (xmlNode *node)
{
  g_autofree char *type = v2v_xml_attribute (node, "type");

  return g_strcmp0 (type, "volume") == 0;
}

/* Sets the format of the disk to the volume's, unless the domain already names one. The
 * backing files that a volume's document names are ignored: libvirt reads them from the
 * image's header, which the guest may have written. Only backingStore elements of the domain
 * itself allow files. */
static void
set_format (xmlNode *disk, const char *format)
{
  xmlNode *driver = v2v_xml_child (disk, "driver");
  g_autofree char *given = v2v_xml_attribute (driver, "type");

  if (given || !format)
    return;
  if (!driver) {
    driver = xmlNewDocNode (disk->doc, NULL, (const xmlChar *)"driver", NULL);
    if (disk->children)
      xmlAddPrevSibling (disk->children, driver);
    else
      xmlAddChild (disk, driver);
  }
  v2v_xml_set (driver, "type", format);
}

static gboolean
resolve_disk (V2vLibvirt *libvirt, xmlNode *disk, const char *file, GError **error)
{
  g_autofree char *device = v2v_xml_attribute (disk, "device");
  gboolean fixed = !device || strcmp (device, "disk") == 0 || strcmp (device, "lun") == 0;

  if (is_volume (disk)) {
    g_autofree char *format = NULL;
    g_autoptr (GError) local = NULL;

    if (resolve (libvirt, disk, file, &format, &local)) {
      set_format (disk, format);
    } else if (fixed) {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    } else {
      /* A guest runs without its removable media, so this is not an error. */
      v2v_debug ("leaving a removable disk as it is: %s", local->message);
    }
  }
  for (xmlNode *store = v2v_xml_child (disk, "backingStore"); store;
       store = v2v_xml_child (store, "backingStore")) {
    g_autofree char *format = NULL;

    if (is_volume (store) && !resolve (libvirt, store, file, &format, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
v2v_libvirt_resolve_volumes (V2vLibvirt *libvirt, xmlDoc *doc, const char *file, GError **error)
{
  xmlNode *devices = v2v_xml_child (xmlDocGetRootElement (doc), "devices");

  for (xmlNode *node = devices ? devices->children : NULL; node; node = node->next)
    if (node->type == XML_ELEMENT_NODE && strcmp ((const char *)node->name, "disk") == 0 &&
        !resolve_disk (libvirt, node, file, error))
      return FALSE;
  return TRUE;
}

gboolean
v2v_libvirt_has_volumes (xmlDoc *doc)
{
  xmlNode *devices = v2v_xml_child (xmlDocGetRootElement (doc), "devices");

  for (xmlNode *node = devices ? devices->children : NULL; node; node = node->next)
    if (node->type == XML_ELEMENT_NODE && strcmp ((const char *)node->name, "disk") == 0 &&
        is_volume (node))
      return TRUE;
  return FALSE;
}

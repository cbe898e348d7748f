/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The source "ova": GUEST is an OVA, or a folder with an OVF, or the OVF in it.
 *
 * What the envelope says becomes a domain by xslt/ovf.xsl; here the files that it names are
 * found, checked against the manifest, and put into the domain with their places.
 */
#include "config.h"

#include <string.h>

#include "base/log.h"
#include "metadata/archive.h"
#include "metadata/manifest.h"
#include "metadata/source.h"
#include "metadata/xslt.h"
#include "metadata/tree.h"

#define SECTOR 512

extern const V2vSource v2v_source_ova;

static gboolean
has_suffix (const char *name, const char *suffix)
{
  gsize length = strlen (name), end = strlen (suffix);

  return length >= end && g_ascii_strcasecmp (name + length - end, suffix) == 0;
}

static gboolean
folder_has_ovf (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    if (has_suffix (name, ".ovf"))
      return TRUE;
  return FALSE;
}

static gboolean
ova_fits (const char *guest)
{
  static const char *const ends[] = {".ova",    ".ovf",     ".tar",     ".tar.gz", ".tgz",
                                     ".tar.xz", ".tar.zst", ".tar.bz2", ".zip"};

  if (g_file_test (guest, G_FILE_TEST_IS_DIR))
    return folder_has_ovf (guest);
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    if (has_suffix (guest, ends[i]))
      return g_file_test (guest, G_FILE_TEST_EXISTS);
  return FALSE;
}

static gboolean
ova_ready (const V2vOptionValues *options G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  return TRUE;
}

/* ---- manifests ---- */

static gboolean
is_ours (const V2vArchiveFile *file, const char *suffix)
{
  const char *slash = strrchr (file->name, '/');
  const char *base = slash ? slash + 1 : file->name;

  /* "._NAME" is what some systems keep beside each file. */
  return has_suffix (base, suffix) && !g_str_has_prefix (base, "._");
}

/* Files that are found in a folder meanwhile come after those that were there. */
static gboolean
check_manifests (V2vArchive *archive, const V2vArchiveFile *ovf, GError **error)
{
  const GPtrArray *files = v2v_archive_files (archive);
  guint count = files->len;

  for (guint i = 0; i < count; i++) {
    const V2vArchiveFile *file = files->pdata[i];
    gsize stem = strlen (ovf->name) - strlen ("ovf");

    /* A folder may hold other guests, too: "web.mf" is about "web.ovf", "web2.mf" is not. */
    if (is_ours (file, ".mf") &&
        (!v2v_archive_is_folder (archive) || strncmp (file->name, ovf->name, stem) == 0) &&
        !v2v_manifest_check (archive, file, error))
      return FALSE;
  }
  return TRUE;
}

/* ---- the envelope ---- */

static const V2vArchiveFile *
find_envelope (const V2vArchive *archive, const char *guest, const char *name, GError **error)
{
  const GPtrArray *files = v2v_archive_files (archive);
  const V2vArchiveFile *found = NULL;

  for (guint i = 0; i < files->len; i++) {
    const V2vArchiveFile *file = files->pdata[i];

    if (name ? strcmp (file->name, name) != 0 : !is_ours (file, ".ovf"))
      continue;
    if (found) {
      g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                   "%s: there are two descriptions of guests, %s and %s: name the one to be "
                   "converted, after unpacking the archive if it is one",
                   guest, found->name, file->name);
      return NULL;
    }
    found = file;
  }
  if (!found)
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s: there is no OVF (*.ovf) in it, so nothing says what the guest is: is it "
                 "the archive of a guest?",
                 guest);
  return found;
}

/* ---- the files of its disks ---- */

typedef struct {
  V2vArchive *archive;
  const V2vArchiveFile *ovf;
  char *place;      /* of the envelope */
  GHashTable *used; /* V2vArchiveFile of disks */
  guint made;       /* how many files of our own */
} Disks;

static char *
take_attribute (xmlNode *node, const char *name)
{
  xmlChar *value = xmlGetNoNsProp (node, (const xmlChar *)name);
  char *copy = g_strdup ((const char *)value);

  xmlFree (value);
  xmlUnsetProp (node, (const xmlChar *)name);
  return copy;
}

/* The file that HREF names. */
static const V2vArchiveFile *
find_href (Disks *disks, const char *href, const char *line, GError **error)
{
  g_autofree char *shown = v2v_printable (href, MIN ((gssize)strlen (href), 200), FALSE);
  g_autofree char *unescaped = NULL;
  g_autoptr (GError) local = NULL;
  const V2vArchiveFile *file;

  if (strstr (href, "://")) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s:%s: the file %s is somewhere else: only files beside the OVF are read, "
                 "get it and name it there",
                 disks->place, line, shown);
    return NULL;
  }
  file = v2v_archive_find_beside (disks->archive, disks->ovf, href, &local);
  if (!file && !local && strchr (href, '%') && (unescaped = g_uri_unescape_string (href, NULL)))
    file = v2v_archive_find_beside (disks->archive, disks->ovf, unescaped, &local);
  if (local)
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA, "%s:%s: %s", disks->place, line,
                 local->message);
  else if (!file)
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s:%s: the file %s is named, but it is not there: get the archive again",
                 disks->place, line, shown);
  return file;
}

/* FILE as an image can be read from it: unpacked if it is compressed by itself. */
static const V2vArchiveFile *
plain_file (Disks *disks, const V2vArchiveFile *file, const char *compression, const char *line,
            GError **error)
{
  gboolean said = compression && *compression && g_ascii_strcasecmp (compression, "identity");
  g_autofree char *name = NULL;

  if (said && g_ascii_strcasecmp (compression, "gzip") != 0 &&
      g_ascii_strcasecmp (compression, "bzip2") != 0 &&
      g_ascii_strcasecmp (compression, "xz") != 0) {
    g_autofree char *shown = v2v_printable (compression, -1, FALSE);

    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s:%s: the file %s is compressed by \"%s\"; gzip, bzip2 and xz are known: "
                 "unpack it, and take the attribute out",
                 disks->place, line, file->name, shown);
    return NULL;
  }
  if (!said && !has_suffix (file->name, ".gz") && !has_suffix (file->name, ".xz") &&
      !has_suffix (file->name, ".zst") && !has_suffix (file->name, ".bz2"))
    return file;
  if (!v2v_archive_is_compressed (file)) {
    if (!said)
      return file;
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s:%s: the file %s is said to be compressed, but does not begin so: get the "
                 "archive again",
                 disks->place, line, file->name);
    return NULL;
  }
  name = g_strdup_printf ("image-%u", disks->made++);
  return v2v_archive_unpack (disks->archive, file, name, -1, error);
}

static gboolean
check_size (const Disks *disks, const V2vArchiveFile *file, const char *size, const char *line,
            GError **error)
{
  guint64 number;

  if (!size || !*size || strcmp (size, "0") == 0 ||
      (g_ascii_string_to_unsigned (size, 10, 0, G_MAXINT64, &number, NULL) &&
       (gint64)number == file->size))
    return TRUE;
  {
    g_autofree char *shown = v2v_printable (size, MIN ((gssize)strlen (size), 60), FALSE);

    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s:%s: the file %s has %" G_GINT64_FORMAT
                 " bytes, but the envelope says %s: copy or export it again",
                 disks->place, line, file->name, file->size, shown);
  }
  return FALSE;
}

static void
add_slice (xmlNode *source, const V2vArchiveFile *file)
{
  xmlNode *slices = xmlNewChild (source, NULL, (const xmlChar *)"slices", NULL);
  xmlNode *slice = xmlNewChild (slices, NULL, (const xmlChar *)"slice", NULL);
  g_autofree char *offset = g_strdup_printf ("%" G_GINT64_FORMAT, file->offset);
  /* An archive fills up the last sector. */
  g_autofree char *size =
      g_strdup_printf ("%" G_GINT64_FORMAT, (file->size + SECTOR - 1) / SECTOR * SECTOR);

  v2v_xml_set (slice, "type", "storage");
  v2v_xml_set (slice, "offset", offset);
  v2v_xml_set (slice, "size", size);
}

/* A disk of the guest: its file has to be there, for this disk alone. */
static gboolean
resolve_disk (Disks *disks, xmlNode *source, const char *href, const char *compression,
              const char *size, const char *line, GError **error)
{
  const V2vArchiveFile *file = find_href (disks, href, line, error);
  const V2vArchiveFile *image;

  if (!file)
    return FALSE;
  if (!g_hash_table_add (disks->used, (gpointer)file)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s:%s: two disks are in the same file, %s: export the guest again",
                 disks->place, line, file->name);
    return FALSE;
  }
  image = plain_file (disks, file, compression, line, error);
  if (!image || (image == file && !check_size (disks, file, size, line, error)))
    return FALSE;
  v2v_xml_set (source, "file", image->path);
  if (image->inside)
    add_slice (source, image);
  return TRUE;
}

static gboolean
resolve_empty (Disks *disks, xmlNode *source, const char *size, const char *line,
               GError **error)
{
  g_autofree char *name = g_strdup_printf ("image-%u", disks->made++);
  const V2vArchiveFile *file;
  guint64 bytes;

  if (!g_ascii_string_to_unsigned (size, 10, SECTOR, (guint64)1 << 50, &bytes, NULL)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s:%s: an empty disk is said to have %s bytes, expected 512 to 1 PiB",
                 disks->place, line, size);
    return FALSE;
  }
  file = v2v_archive_add_empty (disks->archive, name, (gint64)(bytes / SECTOR * SECTOR), error);
  if (file)
    v2v_xml_set (source, "file", file->path);
  return file != NULL;
}

/* An image in a drive is nice to have: without it, the drive is empty. */
static void
resolve_media (Disks *disks, xmlNode *source, const char *href, const char *line)
{
  g_autoptr (GError) local = NULL;
  const V2vArchiveFile *file = find_href (disks, href, line, &local);

  if (!local && file && g_str_has_prefix (file->path, "/") && !file->inside &&
      v2v_archive_is_folder (disks->archive)) {
    v2v_xml_set (source, "file", file->path);
    return;
  }
  if (local)
    v2v_warn ("%s; the drive is left empty", local->message);
  else
    v2v_warn ("%s:%s: the image in a drive, %s, stays in the archive, and the drive is left "
              "empty",
              disks->place, line, href);
  xmlUnlinkNode (source);
  xmlFreeNode (source);
}

static gboolean
resolve_sources (Disks *disks, xmlDoc *domain, GError **error)
{
  xmlNode *devices = v2v_xml_child (xmlDocGetRootElement (domain), "devices");

  for (xmlNode *node = devices ? devices->children : NULL; node; node = node->next) {
    xmlNode *source = v2v_xml_child (node, "source");
    g_autofree char *href = NULL, *compression = NULL, *size = NULL, *line = NULL,
                    *empty = NULL, *device = NULL;
    xmlChar *value;
    gboolean ok = TRUE;

    if (!source || strcmp ((const char *)node->name, "disk") != 0)
      continue;
    href = take_attribute (source, "file");
    compression = take_attribute (source, "compression");
    size = take_attribute (source, "size");
    line = take_attribute (source, "line");
    empty = take_attribute (source, "empty");
    value = xmlGetNoNsProp (node, (const xmlChar *)"device");
    device = g_strdup ((const char *)value);
    xmlFree (value);
    if (g_strcmp0 (device, "disk") != 0)
      resolve_media (disks, source, href ? href : "", line ? line : "");
    else if (empty)
      ok = resolve_empty (disks, source, empty, line ? line : "", error);
    else
      ok = resolve_disk (disks, source, href ? href : "", compression, size, line ? line : "",
                         error);
    if (!ok)
      return FALSE;
  }
  return TRUE;
}

/* A guest without a name is called as its file. */
static void
give_name (xmlDoc *domain, const char *guest)
{
  g_autofree char *name = v2v_domain_name (domain);
  xmlNode *node = v2v_xml_child (xmlDocGetRootElement (domain), "name");
  g_autofree char *base = g_path_get_basename (guest);
  char *dot = strchr (base, '.');

  if (name || !node)
    return;
  if (dot && dot > base)
    *dot = '\0';
  if (g_utf8_validate (base, -1, NULL) && !v2v_domain_unwritable (base))
    xmlNodeAddContent (node, (const xmlChar *)base);
}

static xmlDoc *
read_envelope (V2vArchive *archive, const V2vArchiveFile *ovf, const char *guest,
               const V2vOptionValues *options, GError **error)
{
  Disks disks = {.archive = archive, .ovf = ovf};
  gsize length;
  g_autofree char *text = v2v_archive_read (archive, ovf, V2V_XML_MAX, &length, error);
  xmlDoc *doc, *domain = NULL;

  if (!text)
    return NULL;
  disks.place = v2v_archive_place (archive, ovf);
  disks.used = g_hash_table_new (g_direct_hash, g_direct_equal);
  doc = v2v_xml_read_memory (disks.place, text, length, error);
  if (doc) {
    domain = v2v_xslt_read ("ovf.xsl", doc, disks.place, options, error);
    xmlFreeDoc (doc);
  }
  if (domain && !resolve_sources (&disks, domain, error))
    g_clear_pointer (&domain, xmlFreeDoc);
  if (domain) {
    give_name (domain, guest);
    /* What later messages call it, where GUEST is the folder. */
    xmlFree ((xmlChar *)domain->URL);
    domain->URL = xmlStrdup (BAD_CAST disks.place);
  }
  g_hash_table_unref (disks.used);
  g_free (disks.place);
  return domain;
}

static xmlDoc *
ova_read (const char *guest, const V2vOptionValues *options, const char *work_dir,
          GError **error)
{
  g_autoptr (V2vArchive) archive = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *name = NULL;
  const V2vArchiveFile *ovf;

  /* The OVF alone stands for the folder that it is in. */
  if (has_suffix (guest, ".ovf") && !g_file_test (guest, G_FILE_TEST_IS_DIR)) {
    folder = g_path_get_dirname (guest);
    name = g_path_get_basename (guest);
    if (!g_file_test (guest, G_FILE_TEST_EXISTS)) {
      g_set_error (error, V2V_ERROR, V2V_EXIT_NOINPUT, "%s does not exist: name an OVF", guest);
      return NULL;
    }
  }
  archive = v2v_archive_open (folder ? folder : guest, work_dir, error);
  if (!archive || !(ovf = find_envelope (archive, guest, name, error)) ||
      !check_manifests (archive, ovf, error))
    return NULL;
  return read_envelope (archive, ovf, guest, options, error);
}

static const V2vOptionDef ova_options[] = {
    {NULL},
};

const V2vSource v2v_source_ova = {
    .name = "ova",
    .help = "an OVA (an archive with an OVF), a folder with an OVF, or the OVF in it",
    .options = ova_options,
    .fits = ova_fits,
    .ready = ova_ready,
    .read = ova_read,
};

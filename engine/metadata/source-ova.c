/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The source "ova": GUEST is an OVA, or a directory with an OVF, or the OVF in it.
 *
 * xslt/ovf.xsl turns the envelope into a domain. This file finds the files that the envelope
 * names, checks them against the manifest, and puts their paths into the domain.
 */
#include "config.h"

#include <string.h>

#include "base/log.h"
#include "metadata/archive.h"
#include "metadata/manifest.h"
#include "metadata/source.h"
#include "metadata/xslt.h"
#include "metadata/element.h"

#define SECTOR 512

extern const V2vSource v2v_source_ova;

static gboolean
has_suffix (const char *name, const char *suffix)
{
  gsize length = strlen (name), end = strlen (suffix);

  return length >= end && g_ascii_strcasecmp (name + length - end, suffix) == 0;
}

static gboolean
directory_has_ovf (const char *path)
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
    return directory_has_ovf (guest);
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

  /* Some systems keep a file "._NAME" with metadata beside each file NAME. */
  return has_suffix (base, suffix) && !g_str_has_prefix (base, "._");
}

/* Looking up a file in a directory may append to the list of files; only the files that were
 * listed before are looked at. */
static gboolean
check_manifests (V2vArchive *archive, const V2vArchiveFile *ovf, GError **error)
{
  const GPtrArray *files = v2v_archive_files (archive);
  guint count = files->len;

  for (guint i = 0; i < count; i++) {
    const V2vArchiveFile *file = files->pdata[i];
    gsize stem = strlen (ovf->name) - strlen ("ovf");

    /* A directory may contain other guests, too: "web.mf" belongs to "web.ovf", "web2.mf" does
     * not. */
    if (is_ours (file, ".mf") &&
        (!v2v_archive_is_directory (archive) || strncmp (file->name, ovf->name, stem) == 0) &&
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
                   "%s: it contains two descriptions of guests, %s and %s: give the OVF of "
                   "the guest to convert (unpack an archive first)",
                   guest, found->name, file->name);
      return NULL;
    }
    found = file;
  }
  if (!found)
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s: it contains no OVF (*.ovf), which describes the guest: check that this "
                 "is the archive of a guest",
                 guest);
  return found;
}

/* ---- the files of its disks ---- */

typedef struct {
  V2vArchive *archive;
  const V2vArchiveFile *ovf;
  char *place;      /* name of the envelope, for messages */
  GHashTable *used; /* V2vArchiveFile that are disks already */
  guint made;       /* how many files the engine has created */
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

/* ---- files in pieces: NAME.000000000, NAME.000000001 ... ---- */

static guint64
number_of (const V2vArchiveFile *file)
{
  return g_ascii_strtoull (strrchr (file->name, '.') + 1, NULL, 10);
}

static gint
compare_numbers (gconstpointer a, gconstpointer b)
{
  guint64 left = number_of (*(V2vArchiveFile *const *)a);
  guint64 right = number_of (*(V2vArchiveFile *const *)b);

  return left < right ? -1 : left > right;
}

/* The files named HREF.NUMBER, sorted by number. */
static GPtrArray *
numbered_files (const Disks *disks, const char *href)
{
  const GPtrArray *files = v2v_archive_files (disks->archive);
  const char *slash = strrchr (disks->ovf->name, '/');
  g_autofree char *start = g_strdup_printf (
      "%.*s%s.", slash ? (int)(slash + 1 - disks->ovf->name) : 0, disks->ovf->name, href);
  GPtrArray *found = g_ptr_array_new ();

  for (guint i = 0; i < files->len; i++) {
    const V2vArchiveFile *file = files->pdata[i];
    const char *digits = file->name + strlen (start);

    if (g_str_has_prefix (file->name, start) && *digits && strlen (digits) < 19 &&
        strspn (digits, "0123456789") == strlen (digits))
      g_ptr_array_add (found, (gpointer)file);
  }
  g_ptr_array_sort (found, compare_numbers);
  return found;
}

/* Whether FILE begins like a disk image. */
static gboolean
begins_image (const V2vArchiveFile *file)
{
  static const char *const starts[] = {
      "KDMV", "COWD", "# Disk DescriptorFile", "QFI\xfb", "vhdxfile", "conectix", "<<< "};
  char bytes[32];
  gsize length;

  if (!v2v_archive_start (file, bytes, sizeof bytes, &length))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (starts); i++)
    if (length >= strlen (starts[i]) && memcmp (bytes, starts[i], strlen (starts[i])) == 0)
      return TRUE;
  return FALSE;
}

/* Joins FILES, the pieces of HREF, to one file. */
static const V2vArchiveFile *
join_pieces (Disks *disks, const char *href, const GPtrArray *files, const char *line,
             GError **error)
{
  g_autofree char *name = NULL;

  for (guint i = 0; i < files->len; i++)
    if (number_of (files->pdata[i]) != i) {
      g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                   "%s:%s: the file %s is in pieces, and the piece %s.%09u is missing: get "
                   "the archive again",
                   disks->place, line, href, href, i);
      return NULL;
    }
  if (files->len == 1)
    return files->pdata[0];
  name = g_strdup_printf ("image-%u", disks->made++);
  return v2v_archive_join (disks->archive, files, name, error);
}

/* Finds the file HREF by numbered names. Exporters that split a file number its pieces. Others
 * number the only file that they write, or write one file for each snapshot; the last is the
 * guest's current state. NULL without an error if there are no numbered files. */
static const V2vArchiveFile *
find_pieces (Disks *disks, const char *href, gboolean said, const char *line, GError **error)
{
  g_autoptr (GPtrArray) files = numbered_files (disks, href);
  g_autofree char *shown = v2v_printable (href, MIN ((gssize)strlen (href), 200), FALSE);
  const V2vArchiveFile *last;
  guint images = 0;

  if (files->len == 0)
    return NULL;
  for (guint i = 0; i < files->len; i++)
    images += begins_image (files->pdata[i]) ? 1 : 0;
  last = files->pdata[files->len - 1];
  if (said || (files->len > 1 && images == 1 && begins_image (files->pdata[0])))
    return join_pieces (disks, shown, files, line, error);
  if (files->len > 1 && images < files->len) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s:%s: the file %s is missing, and the %u files %s.NUMBER may be its "
                 "pieces or snapshots: unpack the archive, create the file from them, and "
                 "convert the directory",
                 disks->place, line, shown, files->len, shown);
    return NULL;
  }
  v2v_warn ("%s:%s: the file %s is missing; using %s instead%s", disks->place, line, shown,
            last->name,
            files->len > 1 ? ", the last of several, which exporters write for snapshots" : "");
  return last;
}

/* ---- files ---- */

/* The file that HREF names. PIECES says whether the envelope says that it is in pieces. */
static const V2vArchiveFile *
find_href (Disks *disks, const char *href, gboolean pieces, const char *line, GError **error)
{
  g_autofree char *shown = v2v_printable (href, MIN ((gssize)strlen (href), 200), FALSE);
  g_autofree char *unescaped = NULL;
  g_autoptr (GError) local = NULL;
  const V2vArchiveFile *file;

  if (strstr (href, "://")) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s:%s: the file %s is somewhere else, but only files beside the OVF are "
                 "read: copy it there and correct its name in the OVF",
                 disks->place, line, shown);
    return NULL;
  }
  file = v2v_archive_find_beside (disks->archive, disks->ovf, href, &local);
  if (!file && !local && strchr (href, '%') && (unescaped = g_uri_unescape_string (href, NULL)))
    file = v2v_archive_find_beside (disks->archive, disks->ovf, unescaped, &local);
  if (local) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA, "%s:%s: %s", disks->place, line,
                 local->message);
    return NULL;
  }
  if (file)
    return file;
  file = find_pieces (disks, href, pieces, line, &local);
  if (!file && !local && unescaped)
    file = find_pieces (disks, unescaped, pieces, line, &local);
  if (local)
    g_propagate_error (error, g_steal_pointer (&local));
  else if (!file)
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s:%s: the file %s is missing: get the archive again", disks->place, line,
                 shown);
  return file;
}

/* The file from which the image FILE can be read: an unpacked copy if FILE itself is
 * compressed. */
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
                 "%s:%s: the file %s is compressed with \"%s\", expected gzip, bzip2 or xz: "
                 "unpack it, and remove the attribute from the OVF",
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
                 "%s:%s: the OVF says that the file %s is compressed, but it is not: get the "
                 "archive again",
                 disks->place, line, file->name);
    return NULL;
  }
  name = g_strdup_printf ("image-%u", disks->made++);
  return v2v_archive_unpack (disks->archive, file, name, -1, error);
}

/* Warns if FILE does not have the size that the envelope says. It is no error, since the
 * number may come from a template; a truncated image is found when it is examined. */
static void
check_size (const Disks *disks, const V2vArchiveFile *file, const char *size, const char *line)
{
  guint64 number;

  if (!size || !*size || strcmp (size, "0") == 0 ||
      (g_ascii_string_to_unsigned (size, 10, 0, G_MAXINT64, &number, NULL) &&
       (gint64)number == file->size))
    return;
  {
    g_autofree char *shown = v2v_printable (size, MIN ((gssize)strlen (size), 60), FALSE);

    v2v_warn ("%s:%s: the file %s has %" G_GINT64_FORMAT
              " bytes, but the envelope says %s: if it is truncated, copy or export it again",
              disks->place, line, file->name, file->size, shown);
  }
}

static void
add_slice (xmlNode *source, const V2vArchiveFile *file)
{
  xmlNode *slices = xmlNewChild (source, NULL, (const xmlChar *)"slices", NULL);
  xmlNode *slice = xmlNewChild (slices, NULL, (const xmlChar *)"slice", NULL);
  g_autofree char *offset = g_strdup_printf ("%" G_GINT64_FORMAT, file->offset);
  /* The copy in the archive is padded to whole sectors. */
  g_autofree char *size =
      g_strdup_printf ("%" G_GINT64_FORMAT, (file->size + SECTOR - 1) / SECTOR * SECTOR);

  v2v_xml_set (slice, "type", "storage");
  v2v_xml_set (slice, "offset", offset);
  v2v_xml_set (slice, "size", size);
}

/* Sets the path of a disk of the guest. The file must exist, and no other disk may use it. */
static gboolean
resolve_disk (Disks *disks, xmlNode *source, const char *href, const char *compression,
              const char *chunks, const char *size, const char *line, GError **error)
{
  const V2vArchiveFile *file = find_href (disks, href, chunks != NULL, line, error);
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
  if (!image)
    return FALSE;
  if (image == file)
    check_size (disks, file, size, line);
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
                 "%s:%s: an empty disk has %s bytes, expected 512 bytes to 1 PiB", disks->place,
                 line, size);
    return FALSE;
  }
  file = v2v_archive_add_empty (disks->archive, name, (gint64)(bytes / SECTOR * SECTOR), error);
  if (file)
    v2v_xml_set (source, "file", file->path);
  return file != NULL;
}

/* Sets the path of the medium in a drive. A guest can do without it, so the drive is left
 * empty if the file is missing. */
static void
resolve_media (Disks *disks, xmlNode *source, const char *href, const char *line)
{
  g_autoptr (GError) local = NULL;
  const V2vArchiveFile *file = find_href (disks, href, FALSE, line, &local);

  if (!local && file && g_str_has_prefix (file->path, "/") && !file->inside &&
      v2v_archive_is_directory (disks->archive)) {
    v2v_xml_set (source, "file", file->path);
    return;
  }
  if (local)
    v2v_warn ("%s; the drive is left empty", local->message);
  else
    v2v_warn ("%s:%s: the image in a drive, %s, remains in the archive, and the drive is "
              "left empty",
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
    g_autofree char *href = NULL, *compression = NULL, *chunks = NULL, *size = NULL,
                    *line = NULL, *empty = NULL, *device = NULL;
    xmlChar *value;
    gboolean ok = TRUE;

    if (!source || strcmp ((const char *)node->name, "disk") != 0)
      continue;
    href = take_attribute (source, "file");
    compression = take_attribute (source, "compression");
    chunks = take_attribute (source, "chunks");
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
      ok = resolve_disk (disks, source, href ? href : "", compression, chunks, size,
                         line ? line : "", error);
    if (!ok)
      return FALSE;
  }
  return TRUE;
}

/* Names a guest that has no name after its file. */
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
  doc = v2v_xml_read_loosely (disks.place, text, length, error);
  if (doc) {
    domain = v2v_xslt_read ("ovf.xsl", doc, disks.place, options, error);
    xmlFreeDoc (doc);
  }
  if (domain && !resolve_sources (&disks, domain, error))
    g_clear_pointer (&domain, xmlFreeDoc);
  if (domain) {
    give_name (domain, guest);
    /* Later messages name the document by this path, since GUEST may be the directory. */
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
  g_autofree char *directory = NULL;
  g_autofree char *name = NULL;
  const V2vArchiveFile *ovf;

  /* An OVF given as the guest stands for the directory that contains it. */
  if (has_suffix (guest, ".ovf") && !g_file_test (guest, G_FILE_TEST_IS_DIR)) {
    directory = g_path_get_dirname (guest);
    name = g_path_get_basename (guest);
    if (!g_file_test (guest, G_FILE_TEST_EXISTS)) {
      g_set_error (error, V2V_ERROR, V2V_EXIT_NOINPUT, "%s does not exist: name an OVF", guest);
      return NULL;
    }
  }
  archive = v2v_archive_open (directory ? directory : guest, work_dir, error);
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
    .help = "an OVA (an archive with an OVF), a directory with an OVF, or the OVF in it",
    .options = ova_options,
    .fits = ova_fits,
    .ready = ova_ready,
    .read = ova_read,
};

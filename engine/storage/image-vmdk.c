/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * VMDK: descriptors, which are text and name extents and a parent, and sparse
 * extents, which may hold a descriptor.
 *
 * A program that opens a VMDK also opens its extents, and searches for the keywords of a
 * descriptor with little regard for lines. So a descriptor is accepted only if each of its lines
 * is understood, and words that name files only where they belong.
 */
#include "config.h"

#include <string.h>

#include "base/log.h"
#include "storage/bytes.h"
#include "storage/image.h"

#define FORMAT "vmdk"
#define DESCRIPTOR_MAX (1024 * 1024)
#define LINE_SHOWN 120
#define PARENT_KEY "parentFileNameHint"
#define KIND_KEY "createType"

/* A descriptor inside a sparse extent: where it is looked for, and how far. */
#define EMBEDDED_OFFSET 512
#define EMBEDDED_LENGTH (20 * 512)

static gboolean
bad_line (const V2vImageFile *file, const char *line, const char *why, GError **error)
{
  g_autofree char *shown = v2v_printable (line, (gssize)strnlen (line, LINE_SHOWN), FALSE);

  v2v_image_bad (file, FORMAT, error, "its descriptor has the line \"%s\", %s", shown, why);
  return FALSE;
}

/* ACCESS SECTORS TYPE "NAME" [OFFSET [anything]] */
static gboolean
read_extent_line (const V2vImageFile *file, V2vImage *image, const char *line,
                  guint64 *sectors_r, GError **error)
{
  g_autoptr (GRegex) regex =
      g_regex_new ("^(RW|RDONLY|NOACCESS)[ \\t]+([0-9]{1,18})[ \\t]+([A-Z]{1,10})"
                   "(?:[ \\t]+\"([^\"]{1,511})\"(?:[ \\t]+([0-9]{1,18}))?)?[ \\t]*$",
                   G_REGEX_RAW, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *access = NULL, *type = NULL, *name = NULL, *sectors = NULL;
  V2vMemberRole role;

  if (!g_regex_match (regex, line, 0, &match))
    return bad_line (file, line,
                     "which is no extent; expected: RW SECTORS TYPE \"FILE\" [OFFSET]", error);
  access = g_match_info_fetch (match, 1);
  sectors = g_match_info_fetch (match, 2);
  type = g_match_info_fetch (match, 3);
  name = g_match_info_fetch (match, 4);
  *sectors_r = g_ascii_strtoull (sectors, NULL, 10);
  if (g_str_equal (type, "ZERO") && !(name && *name))
    return bad_line (file, line, "an extent without a file, which is not supported", error);
  if (g_str_equal (type, "FLAT") || g_str_equal (type, "VMFS"))
    role = V2V_MEMBER_DATA;
  else if (g_str_equal (type, "SPARSE") || g_str_equal (type, "VMFSSPARSE") ||
           g_str_equal (type, "SESPARSE"))
    role = V2V_MEMBER_SPARSE_EXTENT;
  else
    return bad_line (
        file, line,
        "an extent of a type that is not supported; FLAT, SPARSE, VMFS, VMFSSPARSE "
        "and SESPARSE are",
        error);
  if (!g_str_equal (access, "RW"))
    return bad_line (file, line, "an extent that is not readable and writable (RW)", error);
  if (!name || !*name || !*sectors_r)
    return bad_line (file, line, "an extent without a file or without sectors", error);
  return v2v_image_add_member (image, file, role, name, strlen (name), NULL, error);
}

/* parentFileNameHint="FILE": LINE begins with the key. */
static gboolean
read_parent_line (const V2vImageFile *file, V2vImage *image, const char *line, GError **error)
{
  const char *value = line + strlen (PARENT_KEY);
  const char *end;

  /* The name has to follow the key at once: programs skip two bytes without checking them. */
  if (!g_str_has_prefix (value, "=\"") || !(end = strchr (value + 2, '"')) || end[1])
    return bad_line (file, line, "expected: " PARENT_KEY "=\"FILE\"", error);
  for (guint i = 0; i < image->members->len; i++)
    if (((const V2vMember *)image->members->pdata[i])->role == V2V_MEMBER_BACKING)
      return bad_line (file, line, "the second that names a parent", error);
  return v2v_image_add_member (image, file, V2V_MEMBER_BACKING, value + 2,
                               (gsize)(end - value - 2), NULL, error);
}

/* createType="KIND": LINE begins with the key. Programs can read only these. */
static gboolean
read_kind_line (const V2vImageFile *file, const char *line, GError **error)
{
  static const char *const kinds[] = {
      "monolithicSparse", "monolithicFlat", "twoGbMaxExtentSparse", "twoGbMaxExtentFlat",
      "streamOptimized",  "vmfs",           "vmfsSparse",           "seSparse"};
  const char *quote = strchr (line, '"');

  for (gsize i = 0; quote && i < G_N_ELEMENTS (kinds); i++)
    if (g_str_has_prefix (quote + 1, kinds[i]) &&
        g_str_equal (quote + 1 + strlen (kinds[i]), "\""))
      return TRUE;
  return bad_line (
      file, line,
      "a kind of disk that cannot be read here; copy it to one that is whole, with "
      "vmkfstools -i DISK -d thin NEW or by exporting the guest as an OVA",
      error);
}

/* KEY = VALUE, with a KEY that nothing could take for an extent. */
static gboolean
is_setting (const char *line)
{
  gsize key =
      strspn (line, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");
  gsize space = strspn (line + key, " \t");

  return g_ascii_isalpha (line[0]) && line[key + space] == '=';
}

/* TEXT (NUL-terminated) is the descriptor. EXTENTS: its extents are files to be opened;
 * otherwise the only one is this file. */
static gboolean
read_descriptor (const V2vImageFile *file, V2vImage *image, const char *text, gboolean extents,
                 guint64 *sectors_r, GError **error)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint64 total = 0;

  for (guint i = 0; lines[i]; i++) {
    char *line = g_strstrip (lines[i]);
    gsize word = strcspn (line, " \t");

    for (const char *p = line; *p; p++)
      if (((guchar)*p < 0x20 && *p != '\t') || *p == 0x7f)
        return bad_line (file, line, "with a control character", error);
    if (strstr (line, PARENT_KEY)) {
      if (!g_str_has_prefix (line, PARENT_KEY) ||
          strstr (line + strlen (PARENT_KEY), PARENT_KEY))
        return bad_line (file, line, "which hides a parent", error);
      if (!read_parent_line (file, image, line, error))
        return FALSE;
    } else if ((word == 2 && strncmp (line, "RW", 2) == 0) ||
               (word == 6 && strncmp (line, "RDONLY", 6) == 0) ||
               (word == 8 && strncmp (line, "NOACCESS", 8) == 0)) {
      guint64 sectors = 0;

      if (!extents)
        continue;
      if (!read_extent_line (file, image, line, &sectors, error))
        return FALSE;
      total += sectors;
      if (total > (guint64)V2V_IMAGE_SIZE_MAX / V2V_SECTOR)
        return bad_line (file, line, "which makes the disk larger than 1 PiB", error);
    } else if (extents && g_str_has_prefix (line, KIND_KEY)) {
      if (!read_kind_line (file, line, error))
        return FALSE;
    } else if (*line && *line != '#' && !is_setting (line)) {
      return bad_line (file, line, "which is neither KEY=VALUE nor an extent nor a comment",
                       error);
    }
  }
  *sectors_r = total;
  return TRUE;
}

static gboolean
read_descriptor_file (const V2vImageFile *file, V2vImage *image, GError **error)
{
  g_autofree char *text = NULL;
  guint64 sectors = 0;
  gsize length;

  if (file->length > DESCRIPTOR_MAX) {
    v2v_image_bad (file, FORMAT, error,
                   "its descriptor has %" G_GINT64_FORMAT " bytes, more than the limit of %d",
                   file->length, DESCRIPTOR_MAX);
    return FALSE;
  }
  length = (gsize)file->length;
  text = g_malloc0 (length + 1);
  if (!v2v_image_pread (file, 0, text, length, "the VMDK descriptor", error))
    return FALSE;
  /* Some programs fill the descriptor up with NULs; text after a NUL would be hidden. */
  for (gsize i = strlen (text); i < length; i++)
    if (text[i]) {
      v2v_image_bad (file, FORMAT, error, "its descriptor holds a NUL");
      return FALSE;
    }
  if (!read_descriptor (file, image, text, TRUE, &sectors, error))
    return FALSE;
  if (!sectors) {
    v2v_image_bad (file, FORMAT, error, "its descriptor names no extent");
    return FALSE;
  }
  return v2v_image_set_size (image, file, sectors * V2V_SECTOR, error);
}

/* The descriptor inside of a sparse extent. Programs read the text up to its first NUL; a
 * parent named after it is not accepted either. */
static gboolean
read_embedded (const V2vImageFile *file, V2vImage *image, GError **error)
{
  g_autofree char *text = g_malloc0 (EMBEDDED_LENGTH + 1);
  gssize n = v2v_image_pread_some (file, EMBEDDED_OFFSET, text, EMBEDDED_LENGTH, error);
  guint64 sectors;
  gsize shown;

  if (n < 0)
    return FALSE;
  shown = strlen (text);
  if ((gsize)n > shown &&
      memmem (text + shown, (gsize)n - shown, PARENT_KEY, strlen (PARENT_KEY))) {
    v2v_image_bad (file, FORMAT, error, "it hides a parent behind its descriptor");
    return FALSE;
  }
  /* No text: a sparse extent needs no descriptor, and what is there is data. */
  if (!strstr (text, PARENT_KEY) && !g_str_has_prefix (text, "# Disk"))
    return TRUE;
  return read_descriptor (file, image, text, FALSE, &sectors, error);
}

/* The header of a hosted sparse extent ("KDMV"). */
static gboolean
read_hosted_sparse (const V2vImageFile *file, guint64 *sectors_r, GError **error)
{
  guchar h[V2V_SECTOR];
  guint32 version;
  guint64 descriptor;

  if (!v2v_image_pread (file, 0, h, sizeof h, "the VMDK header", error))
    return FALSE;
  version = v2v_le32 (h + 4);
  *sectors_r = v2v_le64 (h + 12);
  descriptor = v2v_le64 (h + 28);
  if (version < 1 || version > 3) {
    v2v_image_bad (file, FORMAT, error, "it has version %u; 1 to 3 are known", version);
    return FALSE;
  }
  /* Without a capacity, a program would search for a descriptor and extents. */
  if (*sectors_r == 0 || *sectors_r > (guint64)V2V_IMAGE_SIZE_MAX / V2V_SECTOR) {
    v2v_image_bad (file, FORMAT, error,
                   "its capacity is said to be %" G_GUINT64_FORMAT " sectors", *sectors_r);
    return FALSE;
  }
  if (descriptor > 1) {
    v2v_image_bad (file, FORMAT, error,
                   "its descriptor is said to be at sector %" G_GUINT64_FORMAT "; 1 is usual",
                   descriptor);
    return FALSE;
  }
  return TRUE;
}

/* Sets *SECTORS_R to what the header of a sparse extent says; 0 for a text. */
static gboolean
read_sparse_header (const V2vImageFile *file, guint64 *sectors_r, GError **error)
{
  guchar h[24] = {0};

  *sectors_r = 0;
  if (v2v_image_pread_some (file, 0, h, sizeof h, error) < 0)
    return FALSE;
  if (memcmp (h, "KDMV", 4) == 0)
    return read_hosted_sparse (file, sectors_r, error);
  if (memcmp (h, "COWD", 4) == 0) {
    *sectors_r = v2v_le32 (h + 12);
    return TRUE;
  }
  if (v2v_le64 (h) == 0xcafebabe)
    *sectors_r = v2v_le64 (h + 16);
  return TRUE;
}

gboolean
v2v_image_read_vmdk (const V2vImageFile *file, V2vImage *image, GError **error)
{
  guint64 sectors;
  guchar magic[4] = {0};

  if (v2v_image_pread_some (file, 0, magic, sizeof magic, error) < 0)
    return FALSE;
  if (memcmp (magic, "KDMV", 4) != 0 && memcmp (magic, "COWD", 4) != 0)
    return read_descriptor_file (file, image, error);
  return read_sparse_header (file, &sectors, error) &&
         v2v_image_set_size (image, file, sectors * V2V_SECTOR, error) &&
         read_embedded (file, image, error);
}

gboolean
v2v_image_read_vmdk_extent (const V2vImageFile *file, V2vImage *image, GError **error)
{
  guint64 sectors;

  if (!read_sparse_header (file, &sectors, error))
    return FALSE;
  if (!sectors) {
    v2v_image_bad (file, FORMAT, error,
                   "it is said to be a sparse extent, but has no header of one");
    return FALSE;
  }
  return v2v_image_set_size (image, file, sectors * V2V_SECTOR, error);
}

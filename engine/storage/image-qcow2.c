/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The header of qcow2, versions 2 and 3, and which clusters an image has.
 */
#include "config.h"

#include <string.h>

#include "storage/bytes.h"
#include "storage/image.h"

#define FORMAT "qcow2"
#define HEADER_V2 72
#define HEADER_V3 104
#define HEADER_MAX 65536
#define NAME_MAX_BYTES 1023
#define EXTENSIONS_MAX 64

#define EXTENSION_END 0
#define EXTENSION_BACKING_FORMAT 0xe2792acau
#define EXTENSION_DATA_FILE 0x44415441u

/* Incompatible features. */
#define FEATURE_DIRTY 1u
#define FEATURE_CORRUPT 2u
#define FEATURE_DATA_FILE 4u
#define FEATURE_COMPRESSION 8u
#define FEATURE_EXTENDED_L2 16u

/* An L1 entry and an L2 entry. */
#define OFFSET_MASK G_GUINT64_CONSTANT (0x00fffffffffffe00)
#define L2_ZERO 1u
#define L2_COMPRESSED (G_GUINT64_CONSTANT (1) << 62)
#define L1_BYTES_MAX (32 * 1024 * 1024)

typedef struct {
  guint32 version;
  guint64 backing_offset;
  guint32 backing_length;
  guint32 cluster_bits;
  guint64 size;
  guint32 encryption;
  guint32 l1_entries;
  guint64 l1_offset;
  guint64 incompatible;
  guint32 header_length;
} Header;

static gboolean
read_header (const V2vImageFile *file, Header *h, GError **error)
{
  guchar raw[HEADER_V3] = {0};

  if (!v2v_image_pread (file, 0, raw, HEADER_V2, "the qcow2 header", error))
    return FALSE;
  if (memcmp (raw, "QFI\xfb", 4) != 0) {
    v2v_image_bad (file, FORMAT, error, "it does not begin with \"QFI\\xfb\"");
    return FALSE;
  }
  h->version = v2v_be32 (raw + 4);
  if (h->version != 2 && h->version != 3) {
    v2v_image_bad (file, FORMAT, error, "it has version %u; 2 and 3 are known", h->version);
    return FALSE;
  }
  if (h->version == 3 && !v2v_image_pread (file, 0, raw, HEADER_V3, "the qcow2 header", error))
    return FALSE;
  h->backing_offset = v2v_be64 (raw + 8);
  h->backing_length = v2v_be32 (raw + 16);
  h->cluster_bits = v2v_be32 (raw + 20);
  h->size = v2v_be64 (raw + 24);
  h->encryption = v2v_be32 (raw + 32);
  h->l1_entries = v2v_be32 (raw + 36);
  h->l1_offset = v2v_be64 (raw + 40);
  h->incompatible = h->version == 3 ? v2v_be64 (raw + 72) : 0;
  h->header_length = h->version == 3 ? v2v_be32 (raw + 100) : HEADER_V2;
  if (h->cluster_bits < 9 || h->cluster_bits > 21) {
    v2v_image_bad (file, FORMAT, error,
                   "its clusters are said to have 2^%u bytes; 2^9 to 2^21 are possible",
                   h->cluster_bits);
    return FALSE;
  }
  if (h->header_length < HEADER_V2 || (h->version == 3 && h->header_length < HEADER_V3) ||
      h->header_length > HEADER_MAX || h->header_length > 1u << h->cluster_bits) {
    v2v_image_bad (file, FORMAT, error, "its header is said to have %u bytes",
                   h->header_length);
    return FALSE;
  }
  if (h->encryption) {
    v2v_image_bad (
        file, FORMAT, error,
        "it is encrypted by its format (method %u); decrypt it first (qemu-img convert)",
        h->encryption);
    return FALSE;
  }
  if (h->incompatible & FEATURE_CORRUPT) {
    v2v_image_bad (file, FORMAT, error,
                   "it is marked as corrupt; repair it first (qemu-img check -r all)");
    return FALSE;
  }
  if (h->incompatible & ~(guint64)(FEATURE_DIRTY | FEATURE_DATA_FILE | FEATURE_COMPRESSION |
                                   FEATURE_EXTENDED_L2)) {
    v2v_image_bad (file, FORMAT, error,
                   "it uses features that are not known (bits 0x%" G_GINT64_MODIFIER "x)",
                   h->incompatible);
    return FALSE;
  }
  return TRUE;
}

/* Reads the extensions: *BACKING_FORMAT_R and *DATA_FILE_R are NULL if there is none. */
static gboolean
read_extensions (const V2vImageFile *file, const Header *h, char **backing_format_r,
                 char **data_file_r, GError **error)
{
  guint64 end = h->backing_offset ? h->backing_offset : (guint64)1 << h->cluster_bits;
  guint64 at = h->header_length;

  for (guint i = 0; at + 8 <= end; i++) {
    guchar head[8];
    guint32 type, length;
    char **into = NULL;

    if (i == EXTENSIONS_MAX) {
      v2v_image_bad (file, FORMAT, error, "its header has more than %d extensions",
                     EXTENSIONS_MAX);
      return FALSE;
    }
    if (!v2v_image_pread (file, (gint64)at, head, sizeof head, "a qcow2 header extension",
                          error))
      return FALSE;
    type = v2v_be32 (head);
    length = v2v_be32 (head + 4);
    at += 8;
    if (type == EXTENSION_END)
      return TRUE;
    if (length > end - at) {
      v2v_image_bad (file, FORMAT, error,
                     "its header extension 0x%08x is said to have %u bytes; there is room for "
                     "%" G_GUINT64_FORMAT,
                     type, length, end - at);
      return FALSE;
    }
    if (type == EXTENSION_BACKING_FORMAT)
      into = backing_format_r;
    else if (type == EXTENSION_DATA_FILE)
      into = data_file_r;
    if (into) {
      g_autofree char *text = NULL;

      if (*into || length == 0 || length > NAME_MAX_BYTES) {
        v2v_image_bad (file, FORMAT, error, "its header extension 0x%08x %s", type,
                       *into ? "is there twice" : "is empty or too long");
        return FALSE;
      }
      text = g_malloc0 ((gsize)length + 1);
      if (!v2v_image_pread (file, (gint64)at, text, length, "a qcow2 header extension", error))
        return FALSE;
      if (strlen (text) != length) {
        v2v_image_bad (file, FORMAT, error, "its header extension 0x%08x holds a NUL", type);
        return FALSE;
      }
      *into = g_steal_pointer (&text);
    }
    at += ((guint64)length + 7) & ~(guint64)7;
  }
  return TRUE;
}

gboolean
v2v_image_read_qcow2 (const V2vImageFile *file, V2vImage *image, GError **error)
{
  g_autofree char *backing_format = NULL;
  g_autofree char *data_file = NULL;
  Header h;

  if (!read_header (file, &h, error))
    return FALSE;
  if (!v2v_image_set_size (image, file, h.size, error))
    return FALSE;
  if (h.backing_offset && (h.backing_length == 0 || h.backing_length > NAME_MAX_BYTES ||
                           h.backing_offset < h.header_length ||
                           h.backing_offset + h.backing_length > (guint64)1 << h.cluster_bits ||
                           h.backing_offset > (guint64)1 << h.cluster_bits)) {
    v2v_image_bad (file, FORMAT, error,
                   "the name of its backing file is said to have %u bytes at %" G_GUINT64_FORMAT
                   "; at most %d within the first cluster are possible",
                   h.backing_length, h.backing_offset, NAME_MAX_BYTES);
    return FALSE;
  }
  if (!read_extensions (file, &h, &backing_format, &data_file, error))
    return FALSE;
  if (h.backing_offset) {
    char name[NAME_MAX_BYTES];

    if (!v2v_image_pread (file, (gint64)h.backing_offset, name, h.backing_length,
                          "the name of the backing file", error) ||
        !v2v_image_add_member (image, file, V2V_MEMBER_BACKING, name, h.backing_length,
                               backing_format, error))
      return FALSE;
  }
  if ((h.incompatible & FEATURE_DATA_FILE) && !data_file) {
    v2v_image_bad (file, FORMAT, error, "its data are in another file, which it does not name");
    return FALSE;
  }
  if (data_file)
    return v2v_image_add_member (image, file, V2V_MEMBER_DATA, data_file, strlen (data_file),
                                 NULL, error);
  return TRUE;
}

gboolean
v2v_qcow2_size (const V2vImageFile *file, gint64 *size_r, GError **error)
{
  g_autoptr (V2vImage) image = v2v_image_new ();
  Header h;

  if (!read_header (file, &h, error) || !v2v_image_set_size (image, file, h.size, error))
    return FALSE;
  *size_r = image->size;
  return TRUE;
}

/* Stretches that touch become one. */
typedef struct {
  V2vRangeFunc range;
  gpointer data;
  gint64 offset;
  gint64 length; /* 0: none yet */
} Joiner;

static gboolean
join (gint64 offset, gint64 length, gint64 host G_GNUC_UNUSED, gpointer data, GError **error)
{
  Joiner *joiner = data;

  if (joiner->length && joiner->offset + joiner->length == offset) {
    joiner->length += length;
    return TRUE;
  }
  if (joiner->length && !joiner->range (joiner->offset, joiner->length, joiner->data, error))
    return FALSE;
  joiner->offset = offset;
  joiner->length = length;
  return TRUE;
}

/* Where the cluster of ENTRY is. */
static gint64
host_of (guint64 entry)
{
  if (entry & L2_COMPRESSED)
    return V2V_QCOW2_COMPRESSED;
  return entry & L2_ZERO ? V2V_QCOW2_ZERO : (gint64)(entry & OFFSET_MASK);
}

gboolean
v2v_qcow2_each_cluster (const V2vImageFile *file, V2vClusterFunc func, gpointer data,
                        GError **error)
{
  g_autofree guchar *l1 = NULL;
  g_autofree guchar *l2 = NULL;
  gint64 cluster, per_table;
  guint64 tables;
  Header h;

  if (!read_header (file, &h, error))
    return FALSE;
  if (h.incompatible & (FEATURE_DATA_FILE | FEATURE_EXTENDED_L2)) {
    v2v_image_bad (file, FORMAT, error, "its clusters are not kept in the usual way");
    return FALSE;
  }
  if (h.size > (guint64)V2V_IMAGE_SIZE_MAX) {
    v2v_image_bad (file, FORMAT, error, "it is too large");
    return FALSE;
  }
  cluster = (gint64)1 << h.cluster_bits;
  per_table = cluster / 8;
  tables = (h.size + (guint64)(cluster * per_table) - 1) / (guint64)(cluster * per_table);
  if (tables > h.l1_entries || tables * 8 > L1_BYTES_MAX || h.l1_offset > G_MAXINT64) {
    v2v_image_bad (file, FORMAT, error,
                   "its L1 table has %u entries, %" G_GUINT64_FORMAT " are needed",
                   h.l1_entries, tables);
    return FALSE;
  }
  l1 = g_malloc (tables * 8 + 1);
  l2 = g_malloc ((gsize)cluster);
  if (!v2v_image_pread (file, (gint64)h.l1_offset, l1, tables * 8, "the L1 table", error))
    return FALSE;
  for (guint64 i = 0; i < tables; i++) {
    guint64 table = v2v_be64 (l1 + i * 8) & OFFSET_MASK;

    if (!table)
      continue;
    if (!v2v_image_pread (file, (gint64)table, l2, (gsize)cluster, "an L2 table", error))
      return FALSE;
    for (gint64 j = 0; j < per_table; j++) {
      guint64 entry = v2v_be64 (l2 + j * 8);
      gint64 offset = ((gint64)i * per_table + j) * cluster;

      if ((guint64)offset >= h.size)
        break;
      if (!(entry & (OFFSET_MASK | L2_COMPRESSED | L2_ZERO)))
        continue;
      if (!func (offset, MIN (cluster, (gint64)h.size - offset), host_of (entry), data, error))
        return FALSE;
    }
  }
  return TRUE;
}

gboolean
v2v_qcow2_each_allocated (const V2vImageFile *file, V2vRangeFunc range, gpointer data,
                          GError **error)
{
  Joiner joiner = {range, data, 0, 0};

  return v2v_qcow2_each_cluster (file, join, &joiner, error) &&
         (!joiner.length || range (joiner.offset, joiner.length, data, error));
}

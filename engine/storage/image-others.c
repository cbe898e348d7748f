/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * VDI, VHDX and VHD ("vpc"). Each can contain only the differences from a parent. That is
 * refused, since programs do not agree how parents are named.
 */
#include "config.h"

#include <string.h>

#include "storage/bytes.h"
#include "storage/image.h"

#define VHDX_REGIONS_MAX 64
#define VHDX_ITEMS_MAX 256

static gboolean
differs (const V2vImageFile *file, const char *format, GError **error)
{
  v2v_image_bad (
      file, format, error,
      "it holds only the difference to a parent; merge it with its parent first, with "
      "the tools of the hypervisor that made it");
  return FALSE;
}

/* ---- VDI ---- */

#define VDI_SIGNATURE 0xbeda107fu
#define VDI_DYNAMIC 1
#define VDI_STATIC 2

gboolean
v2v_image_read_vdi (const V2vImageFile *file, V2vImage *image, GError **error)
{
  static const guchar no_uuid[16];
  guchar h[512];
  guint32 type;

  if (!v2v_image_pread (file, 0, h, sizeof h, "the VDI header", error))
    return FALSE;
  if (v2v_le32 (h + 0x40) != VDI_SIGNATURE) {
    v2v_image_bad (file, "vdi", error, "it has no VDI signature");
    return FALSE;
  }
  if (v2v_le32 (h + 0x44) != 0x00010001) {
    v2v_image_bad (file, "vdi", error, "it has version 0x%08x; 0x00010001 is known",
                   v2v_le32 (h + 0x44));
    return FALSE;
  }
  type = v2v_le32 (h + 0x4c);
  if (memcmp (h + 0x1a8, no_uuid, 16) != 0 || memcmp (h + 0x1b8, no_uuid, 16) != 0)
    return differs (file, "vdi", error);
  if (type != VDI_DYNAMIC && type != VDI_STATIC)
    return differs (file, "vdi", error);
  return v2v_image_set_size (image, file, v2v_le64 (h + 0x170), error);
}

/* ---- VHDX ---- */

#define VHDX_REGION_TABLE (192 * 1024)
#define VHDX_REGION_TABLE_2 (256 * 1024)
#define VHDX_HAS_PARENT 2u

static const guchar vhdx_metadata_region[16] = {0x06, 0xa2, 0x7c, 0x8b, 0x90, 0x47, 0x9a, 0x4b,
                                                0xb8, 0xfe, 0x57, 0x5f, 0x05, 0x0f, 0x88, 0x6e};
static const guchar vhdx_file_parameters[16] = {0x37, 0x67, 0xa1, 0xca, 0x36, 0xfa, 0x43, 0x4d,
                                                0xb3, 0xb6, 0x33, 0xf0, 0xaa, 0x44, 0xe7, 0x6b};
static const guchar vhdx_disk_size[16] = {0x24, 0x42, 0xa5, 0x2f, 0x1b, 0xcd, 0x76, 0x48,
                                          0xb2, 0x11, 0x5d, 0xbe, 0xd8, 0x3b, 0xf4, 0xb8};

/* Where the metadata region begins by the region table at TABLE; 0: it does not say. */
static gboolean
vhdx_metadata_offset (const V2vImageFile *file, gint64 table, guint64 *offset_r, GError **error)
{
  guchar head[16];
  guint32 entries;

  *offset_r = 0;
  if (!v2v_image_pread (file, table, head, sizeof head, "the VHDX region table", error))
    return FALSE;
  entries = v2v_le32 (head + 8);
  if (memcmp (head, "regi", 4) != 0)
    return TRUE;
  if (entries > VHDX_REGIONS_MAX) {
    v2v_image_bad (file, "vhdx", error, "its region table is said to have %u entries", entries);
    return FALSE;
  }
  for (guint i = 0; i < entries; i++) {
    guchar entry[32];

    if (!v2v_image_pread (file, table + 16 + 32 * (gint64)i, entry, sizeof entry,
                          "the VHDX region table", error))
      return FALSE;
    if (memcmp (entry, vhdx_metadata_region, 16) == 0)
      *offset_r = v2v_le64 (entry + 16);
  }
  return TRUE;
}

static gboolean
vhdx_read_metadata (const V2vImageFile *file, gint64 region, V2vImage *image, GError **error)
{
  guchar head[32];
  gboolean parameters = FALSE, size = FALSE;
  guint entries;

  if (!v2v_image_pread (file, region, head, sizeof head, "the VHDX metadata", error))
    return FALSE;
  entries = v2v_le16 (head + 10);
  if (memcmp (head, "metadata", 8) != 0 || entries > VHDX_ITEMS_MAX) {
    v2v_image_bad (file, "vhdx", error, "its metadata are damaged");
    return FALSE;
  }
  for (guint i = 0; i < entries; i++) {
    guchar entry[32], item[8];
    gboolean is_parameters, is_size;

    if (!v2v_image_pread (file, region + 32 + 32 * (gint64)i, entry, sizeof entry,
                          "the VHDX metadata", error))
      return FALSE;
    is_parameters = memcmp (entry, vhdx_file_parameters, 16) == 0;
    is_size = memcmp (entry, vhdx_disk_size, 16) == 0;
    if (!is_parameters && !is_size)
      continue;
    if (!v2v_image_pread (file, region + (gint64)v2v_le32 (entry + 16), item, sizeof item,
                          "the VHDX metadata", error))
      return FALSE;
    if (is_parameters && (v2v_le32 (item + 4) & VHDX_HAS_PARENT))
      return differs (file, "vhdx", error);
    if (is_size && !v2v_image_set_size (image, file, v2v_le64 (item), error))
      return FALSE;
    parameters |= is_parameters;
    size |= is_size;
  }
  if (!parameters || !size)
    v2v_image_bad (file, "vhdx", error, "its metadata lack the %s",
                   parameters ? "size of the disk" : "parameters of the file");
  return parameters && size;
}

gboolean
v2v_image_read_vhdx (const V2vImageFile *file, V2vImage *image, GError **error)
{
  guint64 first, second;

  /* Tools may take either table: both have to be seen, and to agree. */
  if (!vhdx_metadata_offset (file, VHDX_REGION_TABLE, &first, error) ||
      !vhdx_metadata_offset (file, VHDX_REGION_TABLE_2, &second, error))
    return FALSE;
  if ((!first && !second) || first > G_MAXINT32 * G_GINT64_CONSTANT (1024) ||
      second > G_MAXINT32 * G_GINT64_CONSTANT (1024)) {
    v2v_image_bad (file, "vhdx", error, "its region table does not say where its metadata are");
    return FALSE;
  }
  if (first && !vhdx_read_metadata (file, (gint64)first, image, error))
    return FALSE;
  return !second || second == first || vhdx_read_metadata (file, (gint64)second, image, error);
}

/* ---- VHD ---- */

#define VPC_FOOTER 512
#define VPC_FIXED 2
#define VPC_DYNAMIC 3
#define VPC_DIFFERENCING 4

static gboolean
vpc_read_footer (const V2vImageFile *file, const guchar *footer, V2vImage *image,
                 GError **error)
{
  guint32 type = v2v_be32 (footer + 60);

  if (type == VPC_DIFFERENCING)
    return differs (file, "vpc", error);
  if (type != VPC_FIXED && type != VPC_DYNAMIC) {
    v2v_image_bad (file, "vpc", error, "its type is %u; fixed (2) and dynamic (3) are known",
                   type);
    return FALSE;
  }
  return v2v_image_set_size (image, file, v2v_be64 (footer + 48), error);
}

gboolean
v2v_image_read_vpc (const V2vImageFile *file, V2vImage *image, GError **error)
{
  guchar start[VPC_FOOTER] = {0}, end[VPC_FOOTER];
  gboolean at_start, at_end;

  if (file->length < VPC_FOOTER) {
    v2v_image_bad (file, "vpc", error, "it is shorter than a VHD footer");
    return FALSE;
  }
  if (!v2v_image_pread (file, 0, start, sizeof start, "the VHD header", error) ||
      !v2v_image_pread (file, file->length - VPC_FOOTER, end, sizeof end, "the VHD footer",
                        error))
    return FALSE;
  at_start = memcmp (start, "conectix", 8) == 0;
  at_end = memcmp (end, "conectix", 8) == 0;
  if (!at_start && !at_end) {
    v2v_image_bad (file, "vpc", error, "it has no VHD footer");
    return FALSE;
  }
  /* The one at the start is used if there is one, but neither may lie. */
  if (at_end && !vpc_read_footer (file, end, image, error))
    return FALSE;
  return !at_start || vpc_read_footer (file, start, image, error);
}

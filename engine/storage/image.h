/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Readers of disk image headers. They open nothing: all they get is a descriptor,
 * and what a header names they only report.
 *
 * The content is hostile. Whatever a reader does not understand in full it refuses,
 * since the tool that opens the image later may see a file name where the reader saw none.
 */
#pragma once

#include <glib.h>

#include "metadata/domain.h"

/* No virtual disk is larger: what says so is no header. */
#define V2V_IMAGE_SIZE_MAX ((gint64)1 << 50)
#define V2V_SECTOR 512

typedef enum {
  V2V_MEMBER_BACKING,       /* what unallocated clusters are read from: an image of its own */
  V2V_MEMBER_DATA,          /* plain data, read and written as they are */
  V2V_MEMBER_SPARSE_EXTENT, /* part of a disk with a header of its own */
} V2vMemberRole;

/* Another file that a header names. */
typedef struct {
  V2vMemberRole role;
  char *name;   /* as it stands in the header */
  char *format; /* of a backing file, if recorded, else NULL */
} V2vMember;

typedef struct {
  gint64 size;        /* virtual bytes */
  GPtrArray *members; /* V2vMember */
} V2vImage;

/* What a reader reads: an open file or block device or a part of it, never beyond its end. */
typedef struct {
  int fd;
  gint64 base;      /* where it begins in the file */
  const char *path; /* for messages */
  gint64 length;
} V2vImageFile;

gboolean v2v_image_file_init (V2vImageFile *file, int fd, const char *path, GError **error);
/* From now on FILE is only that part of it, which has to lie within. */
gboolean v2v_image_file_slice (V2vImageFile *file, const V2vSlice *slice, GError **error);
/* Reads exactly LENGTH bytes, or fails saying that WHAT is cut short. */
gboolean v2v_image_pread (const V2vImageFile *file, gint64 offset, void *buffer, gsize length,
                          const char *what, GError **error);
/* As much as there is, up to LENGTH. Returns the number of bytes, or -1. */
gssize v2v_image_pread_some (const V2vImageFile *file, gint64 offset, void *buffer,
                             gsize length, GError **error);

V2vImage *v2v_image_new (void);
void v2v_image_free (V2vImage *image);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vImage, v2v_image_free)
/* Refuses a NAME (LENGTH bytes of the header) that no file should have. */
gboolean v2v_image_add_member (V2vImage *image, const V2vImageFile *file, V2vMemberRole role,
                               const char *name, gsize length, const char *format,
                               GError **error);
/* Sets the virtual size, refusing absurd ones. */
gboolean v2v_image_set_size (V2vImage *image, const V2vImageFile *file, guint64 size,
                             GError **error);
/* Sets ERROR: FILE is no image in FORMAT, and why. */
void v2v_image_bad (const V2vImageFile *file, const char *format, GError **error,
                    const char *why, ...) G_GNUC_PRINTF (4, 5);

/* The formats: "raw" and those that have headers. */
const char *const *v2v_image_formats (void);
/* What FILE begins with: the name of a format, known to the readers or only recognised, or
 * NULL. Never "raw". */
const char *v2v_image_probe (const V2vImageFile *file);

/* Reads the header of FILE, which is said to be in FORMAT. */
V2vImage *v2v_image_read (const V2vImageFile *file, const char *format, GError **error);
/* Reads the header of one extent of a disk. */
V2vImage *v2v_image_read_extent (const V2vImageFile *file, GError **error);

/* The readers. */
gboolean v2v_image_read_qcow2 (const V2vImageFile *file, V2vImage *image, GError **error);
gboolean v2v_image_read_vmdk (const V2vImageFile *file, V2vImage *image, GError **error);
gboolean v2v_image_read_vmdk_extent (const V2vImageFile *file, V2vImage *image, GError **error);
gboolean v2v_image_read_vdi (const V2vImageFile *file, V2vImage *image, GError **error);
gboolean v2v_image_read_vhdx (const V2vImageFile *file, V2vImage *image, GError **error);
gboolean v2v_image_read_vpc (const V2vImageFile *file, V2vImage *image, GError **error);

/* The virtual size of FILE, a qcow2 of our own making: what its header names is not looked at.
 */
gboolean v2v_qcow2_size (const V2vImageFile *file, gint64 *size_r, GError **error);

/* Calls RANGE for each stretch of the guest's disk that FILE, a qcow2 without a data file, has
 * clusters for, in ascending order; neighbours are joined. RANGE returns FALSE (with an error)
 * to end. */
typedef gboolean (*V2vRangeFunc) (gint64 offset, gint64 length, gpointer data, GError **error);
gboolean v2v_qcow2_each_allocated (const V2vImageFile *file, V2vRangeFunc range, gpointer data,
                                   GError **error);

/* The same by clusters (the last may be shorter), each with the place of its bytes in FILE, or why
 * there is none. */
#define V2V_QCOW2_ZERO (-1)
#define V2V_QCOW2_COMPRESSED (-2)
typedef gboolean (*V2vClusterFunc) (gint64 offset, gint64 length, gint64 host, gpointer data,
                                    GError **error);
gboolean v2v_qcow2_each_cluster (const V2vImageFile *file, V2vClusterFunc func, gpointer data,
                                 GError **error);

/* v2v_image_read or, with EXTENT, v2v_image_read_extent in a process of its own that has little
 * memory and time and nothing to write to: whatever a header makes of it, this process lives
 * on. SLICE may be NULL. With a FORMAT of NULL the format is probed, and *FORMAT_R (interned)
 * is NULL if the file begins with none that is known. */
V2vImage *v2v_image_read_limited (int fd, const char *path, const V2vSlice *slice,
                                  const char *format, gboolean extent, const char **format_r,
                                  GError **error);

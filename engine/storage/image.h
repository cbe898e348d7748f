/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Readers of disk image headers. They open nothing: all they get is a descriptor,
 * and what a header names they only report.
 *
 * The content is hostile. Whatever a reader does not understand in full it refuses,
 * since the tool that opens the image later may see a file name where the reader saw none.
 */
#pragma once

#include "storage/image-file.h"

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

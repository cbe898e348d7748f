/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Readers of disk image headers. They open no file: they get a descriptor, and only report the
 * names that a header contains.
 *
 * The content is hostile. A reader refuses everything that it does not understand completely,
 * since the program that opens the image later might see a file name where the reader saw none.
 */
#pragma once

#include "storage/image-file.h"

/* The formats: "raw" and those that have headers. */
const char *const *v2v_image_formats (void);
/* Detects the format of FILE by its beginning: the name of a format that has a reader or is
 * only recognised, or NULL. Never "raw". */
const char *v2v_image_probe (const V2vImageFile *file);

/* Reads the header of FILE, whose recorded format is FORMAT. */
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

/* The virtual size of FILE, a qcow2 that this program made; the names in its header are
 * ignored. */
gboolean v2v_qcow2_size (const V2vImageFile *file, gint64 *size_r, GError **error);

/* Calls RANGE for each range of the guest's disk for which FILE, a qcow2 without a data
 * file, has clusters, in ascending order; adjacent ranges are joined. RANGE returns FALSE
 * (with an error) to end. */
typedef gboolean (*V2vRangeFunc) (gint64 offset, gint64 length, gpointer data, GError **error);
gboolean v2v_qcow2_each_allocated (const V2vImageFile *file, V2vRangeFunc range, gpointer data,
                                   GError **error);

/* Like v2v_qcow2_each_allocated, but for each cluster (the last may be shorter), with the offset of
 * its bytes in FILE, or the reason why it has none. */
#define V2V_QCOW2_ZERO (-1)
#define V2V_QCOW2_COMPRESSED (-2)
typedef gboolean (*V2vClusterFunc) (gint64 offset, gint64 length, gint64 host, gpointer data,
                                    GError **error);
gboolean v2v_qcow2_each_cluster (const V2vImageFile *file, V2vClusterFunc func, gpointer data,
                                 GError **error);

/* Calls v2v_image_read or, with EXTENT, v2v_image_read_extent in a process of its own with
 * little memory and time, which cannot write to any file: even if a header crashes that
 * process, this one goes on. SLICE may be NULL. If FORMAT is NULL, the format is detected;
 * *FORMAT_R (interned) is NULL if it is unknown. */
V2vImage *v2v_image_read_limited (int fd, const char *path, const V2vSlice *slice,
                                  const char *format, gboolean extent, const char **format_r,
                                  GError **error);

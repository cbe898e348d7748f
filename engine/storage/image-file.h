/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Shared by the readers of image headers: a file that is read within limits, and the contents of
 * its header.
 */
#pragma once

#include "base/error.h"
#include "base/slice.h"

/* The largest virtual disk that a header may declare. */
#define V2V_IMAGE_SIZE_MAX ((gint64)1 << 50)
#define V2V_SECTOR 512

typedef enum {
  V2V_MEMBER_BACKING,       /* an image of its own, from which unallocated clusters are read */
  V2V_MEMBER_DATA,          /* raw data */
  V2V_MEMBER_SPARSE_EXTENT, /* part of a disk with a header of its own */
} V2vMemberRole;

/* Another file that a header names. */
typedef struct {
  V2vMemberRole role;
  char *name;   /* as the header has it */
  char *format; /* of a backing file, if recorded, else NULL */
} V2vMember;

typedef struct {
  gint64 size;        /* virtual bytes */
  GPtrArray *members; /* V2vMember */
} V2vImage;

/* What a reader reads: an open file or block device, or a part of it. Reading beyond its end
 * fails. */
typedef struct {
  int fd;
  gint64 base;      /* where it begins in the file */
  const char *path; /* for messages */
  gint64 length;
} V2vImageFile;

gboolean v2v_image_file_init (V2vImageFile *file, int fd, const char *path, GError **error);
/* Restricts FILE to a part of it; fails if the part is not within FILE. */
gboolean v2v_image_file_slice (V2vImageFile *file, const V2vSlice *slice, GError **error);
/* Reads exactly LENGTH bytes; otherwise fails with the message that WHAT is cut short. */
gboolean v2v_image_pread (const V2vImageFile *file, gint64 offset, void *buffer, gsize length,
                          const char *what, GError **error);
/* Reads up to LENGTH bytes. Returns the number of bytes, or -1. */
gssize v2v_image_pread_some (const V2vImageFile *file, gint64 offset, void *buffer,
                             gsize length, GError **error);

V2vImage *v2v_image_new (void);
void v2v_image_free (V2vImage *image);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vImage, v2v_image_free)
/* Refuses a NAME (LENGTH bytes of the header) that is not acceptable as a file name. */
gboolean v2v_image_add_member (V2vImage *image, const V2vImageFile *file, V2vMemberRole role,
                               const char *name, gsize length, const char *format,
                               GError **error);
/* Sets the virtual size; refuses one that is too large. */
gboolean v2v_image_set_size (V2vImage *image, const V2vImageFile *file, guint64 size,
                             GError **error);
/* Sets ERROR: FILE is not a valid image in FORMAT, and why. */
void v2v_image_bad (const V2vImageFile *file, const char *format, GError **error,
                    const char *why, ...) G_GNUC_PRINTF (4, 5);

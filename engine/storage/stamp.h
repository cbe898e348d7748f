/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What tells whether a file or block device was written to since.
 */
#pragma once

#include <sys/stat.h>

#include <glib.h>

#include "base/error.h"

typedef struct {
  guint64 device, inode; /* of a block device: its number, and 0 */
  gint64 size;
  gint64 mtime, ctime; /* nanoseconds; of a block device 0: its times say nothing */
  gint64 sectors; /* of a block device: written since the host was started, -1 if that is not
                     known; of a file 0 */
  gboolean block;
} V2vStamp;

/* FD is a file or block device. What is still to be written out of a block device is written
 * first, as it would count later. */
gboolean v2v_stamp_fd (int fd, const char *path, V2vStamp *stamp, GError **error);
gboolean v2v_stamp_path (const char *path, V2vStamp *stamp, GError **error);

gboolean v2v_stamp_is_same_file (const V2vStamp *a, const V2vStamp *b);
/* NULL, or what differs, for people ("its size was 1 and is 2"). To be freed with g_free. */
char *v2v_stamp_difference (const V2vStamp *before, const V2vStamp *now);

/* The same of two dates of change. To be freed with g_free. */
char *v2v_stamp_changed (gint64 before, gint64 now);

/* When ST was last written to, as it is written down: "SECONDS.NANOSECONDS". To be freed with
 * g_free. */
char *v2v_stamp_mtime (const struct stat *st);

/* Nanoseconds. */
static inline gint64
v2v_stamp_time (const struct timespec *time)
{
  return (gint64)time->tv_sec * G_GINT64_CONSTANT (1000000000) + time->tv_nsec;
}

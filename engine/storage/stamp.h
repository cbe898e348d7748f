/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Stamps, by which later writes to a file or block device are recognised.
 */
#pragma once

#include <sys/stat.h>

#include <glib.h>

#include "base/error.h"

typedef struct {
  guint64 device, inode; /* of a block device: its number, and 0 */
  gint64 size;
  gint64 mtime, ctime; /* nanoseconds; 0 for a block device, whose times do not change with
                        * its content */
  gint64 sectors;      /* of a block device: sectors written since the host was started, -1 if
                   * unknown; 0 for a file */
  gboolean block;
} V2vStamp;

/* Makes the stamp of FD, a file or block device. Pending writes of a block device are
 * flushed first, since they would be counted later. */
gboolean v2v_stamp_fd (int fd, const char *path, V2vStamp *stamp, GError **error);
gboolean v2v_stamp_path (const char *path, V2vStamp *stamp, GError **error);

gboolean v2v_stamp_is_same_file (const V2vStamp *a, const V2vStamp *b);
/* NULL, or the difference in words ("its size was 1 and is 2"). To be freed with g_free. */
char *v2v_stamp_difference (const V2vStamp *before, const V2vStamp *now);

/* The difference of two times of change in words. To be freed with g_free. */
char *v2v_stamp_changed (gint64 before, gint64 now);

/* The time of the last write to ST, as "SECONDS.NANOSECONDS". To be freed with g_free. */
char *v2v_stamp_mtime (const struct stat *st);

/* Nanoseconds. */
static inline gint64
v2v_stamp_time (const struct timespec *time)
{
  return (gint64)time->tv_sec * G_GINT64_CONSTANT (1000000000) + time->tv_nsec;
}

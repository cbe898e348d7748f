/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Finds out whether another program has a disk open for writing.
 */
#pragma once

#include <sys/stat.h>

#include <glib.h>

#include "base/error.h"

/* FD is PATH, opened for reading, and ST its status. Fails (V2V_EXIT_TEMPFAIL, naming the
 * process) if another process has the file or block device open for writing, holds an
 * emulator's lock for writing, if a writable loop device lies over it, or if the kernel has
 * claimed it (a mounted file system, a volume group). */
gboolean v2v_in_use_check (const char *path, int fd, const struct stat *st, GError **error);

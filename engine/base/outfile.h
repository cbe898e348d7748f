/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Writes files at a path that the user named: a report, a capture, a screenshot.
 *
 * The path may lead to a device, a pipe or a link, as /dev/stdout does: these are written to
 * and stay what they are. A regular file is replaced in one step: nobody sees half of the new
 * text, and the old file remains if writing fails.
 */
#pragma once

#include <glib.h>

#include "base/error.h"

typedef struct V2vOutFile V2vOutFile;

/* Finds out what PATH leads to and whether it can be written, without writing anything. A
 * device or pipe is held open from now on, so the reader of a pipe waits until the text comes.
 *
 * Refuses, with V2V_EXIT_CANTCREAT or V2V_EXIT_NOPERM: a directory, a socket, a block device
 * (it may hold a disk), a pipe that nobody reads, and links by which another user could choose
 * the file that is overwritten. The message begins with PATH. */
V2vOutFile *v2v_out_file_open (const char *path, GError **error);
void v2v_out_file_free (V2vOutFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vOutFile, v2v_out_file_free)

/* The absolute path, with links followed, of the regular file that will be created or replaced;
 * NULL for a device or pipe. Belongs to FILE. */
const char *v2v_out_file_regular (const V2vOutFile *file);
/* Is the file at PATH, existing or not, the one that FILE writes? */
gboolean v2v_out_file_is (const V2vOutFile *file, const char *path);

/* Writes LENGTH bytes of TEXT (-1: up to the terminating zero byte) and makes them durable.
 * MODE is the mode of a regular file; 0: the mode and owner of the file that is replaced, or
 * for a new file 0666 reduced by the umask. */
gboolean v2v_out_file_write (V2vOutFile *file, const char *text, gssize length, guint mode,
                             GError **error);

/* Opens PATH, writes TEXT and closes it; parameters as above. */
gboolean v2v_write_file (const char *path, const char *text, gssize length, guint mode,
                         GError **error);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Files at a path that the user named: a report, a capture, a screenshot.
 *
 * The name may be that of a device, a pipe or a link, as /dev/stdout is: these are written to
 * and stay what they are. A regular file is replaced in one step, so that nobody sees half of
 * the new text and a failure leaves the old one.
 */
#pragma once

#include <glib.h>

#include "base/error.h"

typedef struct V2vOutFile V2vOutFile;

/* Finds out what PATH leads to and whether it can be written, and writes nothing. A device or
 * pipe is held open from here on: whoever reads a pipe waits until the text comes. Refused with
 * V2V_EXIT_CANTCREAT or V2V_EXIT_NOPERM: a directory, a socket, a block device (it may hold a
 * disk), a pipe that nobody reads, a link that belongs to another user or a link to its directory
 * that another could have put there (who chooses what is overwritten). The message begins with
 * PATH. */
V2vOutFile *v2v_out_file_open (const char *path, GError **error);
void v2v_out_file_free (V2vOutFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vOutFile, v2v_out_file_free)

/* The absolute path of the regular file that will be made or replaced, links followed; NULL for
 * a device or pipe. Belongs to FILE. */
const char *v2v_out_file_regular (const V2vOutFile *file);
/* Is what is at PATH, or would be made there, what FILE writes? */
gboolean v2v_out_file_is (const V2vOutFile *file, const char *path);

/* Writes LENGTH bytes (-1: up to the terminating zero) and makes them durable. MODE is that of
 * a regular file; 0: the mode and owner of the file that is replaced, or for a new one what the
 * umask leaves of 0666. */
gboolean v2v_out_file_write (V2vOutFile *file, const char *text, gssize length, guint mode,
                             GError **error);

/* Opens, writes and closes. */
gboolean v2v_write_file (const char *path, const char *text, gssize length, guint mode,
                         GError **error);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Errors: one GError domain whose codes are the exit statuses of the program.
 *
 * A message says what was given, what was expected, where, and what to do next. A function
 * that can fail takes a GError ** as its last parameter and also returns success or failure.
 * On failure it sets exactly one error; on success it does not touch the error.
 */
#pragma once

#include <glib.h>

/* Exit statuses, taken from sysexits.h, by which a scheduler can decide what to do next. */
typedef enum {
  V2V_EXIT_OK = 0,           /* done, or there was nothing to do */
  V2V_EXIT_USAGE = 64,       /* the command line is wrong */
  V2V_EXIT_DATA = 65,        /* the guest, its disks or its metadata are wrong */
  V2V_EXIT_NOINPUT = 66,     /* a file or guest that was named does not exist */
  V2V_EXIT_UNAVAILABLE = 69, /* the host lacks something */
  V2V_EXIT_SOFTWARE = 70,    /* a bug in this program */
  V2V_EXIT_CANTCREAT = 73,   /* the output cannot be created */
  V2V_EXIT_IOERR = 74,       /* reading or writing failed */
  V2V_EXIT_TEMPFAIL = 75,    /* try again later */
  V2V_EXIT_NOPERM = 77,      /* no permission */
  V2V_EXIT_CONFIG = 78,      /* the rules are wrong */
} V2vExit;

#define V2V_ERROR (v2v_error_quark ())
GQuark v2v_error_quark (void);

/* Is STATUS one of the statuses above that report a failure? */
gboolean v2v_is_failure (gint64 status);

/* The exit status for ERROR, never V2V_EXIT_OK: the code of an error of V2V_ERROR, the nearest
 * status for a GIOError or GFileError, and V2V_EXIT_SOFTWARE for all others. */
V2vExit v2v_error_exit (const GError *error);

/* Sets ERROR to an error of V2V_ERROR with the status for the errno value ERRNUM: ENOENT and
 * ENOTDIR are NOINPUT; EACCES and EPERM are NOPERM; ENOSPC, EDQUOT, EROFS and EEXIST are
 * CANTCREAT; EAGAIN and EBUSY are TEMPFAIL; all others are IOERR. The system's text for ERRNUM
 * is appended to the message. */
void v2v_error_set_errno (GError **error, int errnum, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

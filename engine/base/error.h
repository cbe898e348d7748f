/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Errors: one GError domain whose codes are the exit statuses of the program.
 *
 * A message says what was given, what was expected, where, and what to do
 * next. The last parameter of a function that can fail is a GError **; it also
 * returns success or failure, sets exactly one error on failure and leaves the
 * error alone on success.
 */
#pragma once

#include <glib.h>

/* Exit statuses, after sysexits.h, so that a scheduler can tell what to do. */
typedef enum {
  V2V_EXIT_OK = 0,           /* done, or nothing to do */
  V2V_EXIT_USAGE = 64,       /* the command line is wrong */
  V2V_EXIT_DATA = 65,        /* the guest, its disks or its metadata are wrong */
  V2V_EXIT_NOINPUT = 66,     /* a file or guest that was named does not exist */
  V2V_EXIT_UNAVAILABLE = 69, /* the host lacks something */
  V2V_EXIT_SOFTWARE = 70,    /* a mistake in this program */
  V2V_EXIT_CANTCREAT = 73,   /* the output cannot be created */
  V2V_EXIT_IOERR = 74,       /* reading or writing failed */
  V2V_EXIT_TEMPFAIL = 75,    /* try again later */
  V2V_EXIT_NOPERM = 77,      /* no permission */
  V2V_EXIT_CONFIG = 78,      /* the rules are wrong */
} V2vExit;

#define V2V_ERROR (v2v_error_quark ())
GQuark v2v_error_quark (void);

/* Is STATUS one of the above that tells of a failure? */
gboolean v2v_is_failure (gint64 status);

/* The exit status for ERROR, which never is V2V_EXIT_OK: its code if it is ours; for a GIOError or
 * GFileError the nearest status; V2V_EXIT_SOFTWARE otherwise. */
V2vExit v2v_error_exit (const GError *error);

/* Sets ERROR in the domain V2V_ERROR with the status for the errno value ERRNUM
 * (ENOENT: NOINPUT, EACCES: NOPERM, ENOSPC, EROFS, EEXIST: CANTCREAT, else IOERR).
 * The text of errno is appended to the message. */
void v2v_error_set_errno (GError **error, int errnum, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

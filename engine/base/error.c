/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Errors whose codes are exit statuses.
 */
#include "config.h"

#include <errno.h>

#include <gio/gio.h>

#include "base/error.h"

G_DEFINE_QUARK (v2v - error - quark, v2v_error)

static V2vExit
exit_for_errno (int errnum)
{
  switch (errnum) {
  case ENOENT:
  case ENOTDIR:
    return V2V_EXIT_NOINPUT;
  case EACCES:
  case EPERM:
    return V2V_EXIT_NOPERM;
  case ENOSPC:
  case EDQUOT:
  case EROFS:
  case EEXIST:
    return V2V_EXIT_CANTCREAT;
  case EAGAIN:
  case EBUSY:
    return V2V_EXIT_TEMPFAIL;
  default:
    return V2V_EXIT_IOERR;
  }
}

gboolean
v2v_is_failure (gint64 status)
{
  switch (status) {
  case V2V_EXIT_USAGE:
  case V2V_EXIT_DATA:
  case V2V_EXIT_NOINPUT:
  case V2V_EXIT_UNAVAILABLE:
  case V2V_EXIT_SOFTWARE:
  case V2V_EXIT_CANTCREAT:
  case V2V_EXIT_IOERR:
  case V2V_EXIT_TEMPFAIL:
  case V2V_EXIT_NOPERM:
  case V2V_EXIT_CONFIG:
    return TRUE;
  default:
    return FALSE;
  }
}

V2vExit
v2v_error_exit (const GError *error)
{
  if (error->domain == V2V_ERROR)
    return v2v_is_failure (error->code) ? (V2vExit)error->code : V2V_EXIT_SOFTWARE;
  if (error->domain == G_IO_ERROR)
    switch (error->code) {
    case G_IO_ERROR_NOT_FOUND:
      return V2V_EXIT_NOINPUT;
    case G_IO_ERROR_PERMISSION_DENIED:
      return V2V_EXIT_NOPERM;
    case G_IO_ERROR_NO_SPACE:
    case G_IO_ERROR_EXISTS:
    case G_IO_ERROR_READ_ONLY:
      return V2V_EXIT_CANTCREAT;
    default:
      return V2V_EXIT_IOERR;
    }
  if (error->domain == G_FILE_ERROR)
    switch (error->code) {
    case G_FILE_ERROR_NOENT:
    case G_FILE_ERROR_NOTDIR:
      return V2V_EXIT_NOINPUT;
    case G_FILE_ERROR_ACCES:
    case G_FILE_ERROR_PERM:
      return V2V_EXIT_NOPERM;
    case G_FILE_ERROR_NOSPC:
    case G_FILE_ERROR_EXIST:
    case G_FILE_ERROR_ROFS:
      return V2V_EXIT_CANTCREAT;
    default:
      return V2V_EXIT_IOERR;
    }
  return V2V_EXIT_SOFTWARE;
}

void
v2v_error_set_errno (GError **error, int errnum, const char *format, ...)
{
  va_list args;
  g_autofree char *text = NULL;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, V2V_ERROR, exit_for_errno (errnum), "%s: %s", text, g_strerror (errnum));
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Room in file systems, before something is written and when there was too little.
 */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/statvfs.h>

#include "base/log.h"
#include "storage/space.h"

#define MIB (1024 * 1024)

gboolean
v2v_storage_check_space (const char *path, gint64 needed, const char *what, GError **error)
{
  struct statvfs fs;
  guint64 available;

  if (statvfs (path, &fs) < 0) {
    v2v_error_set_errno (error, errno, "cannot find the free space of %s", path);
    return FALSE;
  }
  available = (guint64)fs.f_bavail * fs.f_frsize;
  if (needed <= 0 || (guint64)needed <= available)
    return TRUE;
  g_set_error (
      error, V2V_ERROR, V2V_EXIT_CANTCREAT,
      "no space for %s: %.1f MiB are needed, %.1f MiB are free in the file system of %s; "
      "free some, or choose another directory",
      what, (double)needed / MIB, (double)available / MIB, path);
  return FALSE;
}

void
v2v_storage_explain_full (const char *dir, GError **error)
{
  g_autofree char *text = NULL;

  if (!error || !*error ||
      (!strstr ((*error)->message, g_strerror (ENOSPC)) &&
       !strstr ((*error)->message, "No space left on device")))
    return;
  text = g_strdup_printf ("no space left in the file system of %s: %s; free some, or choose "
                          "another directory",
                          dir, (*error)->message);
  g_clear_error (error);
  g_set_error_literal (error, V2V_ERROR, V2V_EXIT_CANTCREAT, text);
}

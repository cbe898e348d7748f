/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Checks the type of a path in the guest before it is opened: if a guest has a named pipe or a
 * device instead of a file, reading it might never end.
 */
#include "config.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/log.h"
#include "guest/internal.h"

/* The largest number of names in a list of special files. */
#define LIST_MAX 64

static const char *
kind_name (gint64 mode)
{
  switch (mode & S_IFMT) {
  case S_IFDIR:
    return "a directory";
  case S_IFIFO:
    return "a named pipe";
  case S_IFSOCK:
    return "a socket";
  case S_IFCHR:
    return "a character device";
  case S_IFBLK:
    return "a block device";
  default:
    return "something else";
  }
}

int
v2v_guest_check_file (V2vGuest *guest, const char *path, gint64 size_max, char **message_r)
{
  struct guestfs_statns *status = guestfs_statns (guest->g, path);
  g_autofree char *shown = v2v_printable (path, -1, FALSE);
  gint64 mode, size;

  /* The call that opens the file reports the error better. */
  if (status == NULL)
    return 0;
  mode = status->st_mode;
  size = status->st_size;
  guestfs_free_statns (status);
  if (!S_ISREG (mode)) {
    *message_r = g_strdup_printf ("%s is %s, where a regular file was expected", shown,
                                  kind_name (mode));
    return S_ISDIR (mode) ? EISDIR : EINVAL;
  }
  if (size_max && size > size_max) {
    *message_r =
        g_strdup_printf ("%s has %" G_GINT64_FORMAT " bytes, and more than %" G_GINT64_FORMAT
                         " MiB of a file are not read",
                         shown, size, size_max >> 20);
    return EFBIG;
  }
  return 0;
}

gboolean
v2v_guest_check_directory (V2vGuest *guest, const char *directory, char **message_r)
{
  g_autofree char *real = guestfs_realpath (guest->g, directory);
  g_autofree char *quoted = NULL;
  g_autofree char *command = NULL;
  g_autofree char *output = NULL;
  g_auto (GStrv) names = NULL;
  char *argv[] = {NULL, NULL};

  if (real == NULL)
    return TRUE;
  quoted = g_shell_quote (real);
  /* Lists the special files with a program of the appliance, in one call. Links are checked in
   * the guest below. */
  command =
      g_strdup_printf ("cd /sysroot%s 2>/dev/null && find . -maxdepth 2 ! -type f ! -type d "
                       "-printf '%%P\\n' | head -n %d",
                       quoted, LIST_MAX);
  argv[0] = command;
  output = guestfs_debug (guest->g, "sh", argv);
  names = g_strsplit (output ? output : "", "\n", -1);
  for (guint i = 0; names[i]; i++) {
    g_autofree char *path = g_build_filename (real, names[i], NULL);

    if (*names[i] && v2v_guest_check_file (guest, path, 0, message_r) == EINVAL)
      return FALSE;
  }
  return TRUE;
}

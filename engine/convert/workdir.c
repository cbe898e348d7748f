/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A directory for the temporary files of one run, and an appliance that is started in it.
 */
#include "config.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/log.h"
#include "base/tempfile.h"
#include "convert/workdir.h"
#include "storage/leftovers.h"

#define WORK_DIR_TRIES 100

char *
v2v_work_dir_new (GError **error)
{
  const char *parent = g_getenv ("TMPDIR");
  g_autofree char *absolute = g_canonicalize_filename (parent ? parent : "/var/tmp", NULL);

  v2v_leftovers_remove_dead ();
  for (int i = 0; i < WORK_DIR_TRIES; i++) {
    g_autofree char *path = g_strdup_printf ("%s/" V2V_WORK_DIR_PREFIX "%06x", absolute,
                                             g_random_int () & 0xffffff);

    /* Noted before it is made, so that it is cleaned up if the program dies in between. */
    v2v_temp_add (path);
    if (mkdir (path, 0700) == 0)
      return g_steal_pointer (&path);
    v2v_temp_forget (path);
    if (errno != EEXIST)
      break;
  }
  v2v_error_set_errno (
      error, errno,
      "cannot make a directory for temporary files in %s; TMPDIR names another place",
      absolute);
  return NULL;
}

gboolean
v2v_launch_below (V2vGuest *guest, const char *directory, GError **error)
{
  g_autofree char *old_tmpdir = g_strdup (g_getenv ("TMPDIR"));
  gboolean ok;

  /* If the appliance is killed, its files are removed with the work directory. */
  guestfs_set_tmpdir (v2v_guest_handle (guest), directory);
  v2v_watch_space (directory);
  v2v_step ("appliance", "Starting the appliance", 600);
  /* This includes the file with changes to the appliance's own disk: qemu makes it in TMPDIR
   * and removes its name at once, but may be killed in between. */
  g_setenv ("TMPDIR", directory, TRUE);
  ok = v2v_guest_launch (guest, error);
  if (old_tmpdir)
    g_setenv ("TMPDIR", old_tmpdir, TRUE);
  else
    g_unsetenv ("TMPDIR");
  return ok;
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Makes the descriptors and the environment safe that the program was started with.
 */
#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>

#include "base/startup.h"

static const char *const names[] = {"HOME", "LIBVIRT_DEFAULT_URI", "TMPDIR", NULL};
static const char *const families[] = {"LIBGUESTFS_", "V2V_ENGINE_", "XDG_", NULL};

static gboolean
is_looked_at (const char *name)
{
  if (g_strv_contains (names, name))
    return TRUE;
  for (int i = 0; families[i]; i++)
    if (g_str_has_prefix (name, families[i]))
      return TRUE;
  return FALSE;
}

void
v2v_startup (void)
{
  g_auto (GStrv) variables = NULL;

  for (int fd = 0; fd <= 2; fd++)
    /* open(2) returns the lowest free number, which is FD. */
    if (fcntl (fd, F_GETFD) < 0 && open ("/dev/null", O_RDWR) != fd)
      _exit (1);
  variables = g_listenv ();
  for (char **name = variables; *name; name++)
    if (!*g_getenv (*name) && is_looked_at (*name))
      g_unsetenv (*name);
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Discards the blocks of deleted files, so that a copy of the disk can leave them out.
 */
#include "config.h"

#include "base/log.h"
#include "guest/internal.h"

static void
trim (V2vGuest *guest, const char *path)
{
  if (guestfs_fstrim (guest->g, path, -1) == 0) {
    v2v_debug ("%s: unused blocks were discarded", path);
  } else {
    g_autofree char *why = v2v_printable (guestfs_last_error (guest->g), -1, FALSE);

    /* Not every file system supports this, nor does every layer below it: encryption blocks
     * it. */
    v2v_debug ("%s: unused blocks stay: %s", path, why);
  }
}

void
v2v_guest_trim (V2vGuest *guest)
{
  g_auto (GStrv) mounts = guestfs_mountpoints (guest->g);
  g_autoptr (GHashTable) done = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; mounts && mounts[i] && mounts[i + 1]; i += 2) {
    /* Subvolumes share a file system, which is trimmed once. */
    char *device = guestfs_mountable_device (guest->g, mounts[i]);

    if (!device)
      device = g_strdup (mounts[i]);
    if (!g_hash_table_add (done, device))
      continue;
    v2v_step_detail (mounts[i + 1]);
    trim (guest, mounts[i + 1]);
  }
  v2v_step_detail (NULL);
}

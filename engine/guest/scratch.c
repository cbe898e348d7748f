/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A guest for tests that has only a file tree: a disk with one partition, whose file system is
 * created again for each file tree.
 */
#include "config.h"

#include "guest/internal.h"

#define DISK "/dev/sda"
#define PARTITION "/dev/sda1"

gboolean
v2v_guest_take_tree (V2vGuest *guest, const char *archive, GError **error)
{
  guestfs_h *g = guest->g;
  const char *what = "the files of the test cannot be put into a guest";

  g_return_val_if_fail (guest->launched && guest->disks->len == 1, FALSE);
  guestfs_aug_close (g); /* fails if Augeas is not open, which does not matter */
  if (guestfs_umount_all (g) != 0 ||
      (!guest->root && guestfs_part_disk (g, DISK, "mbr") != 0) ||
      guestfs_mkfs (g, "ext4", PARTITION) != 0 || guestfs_mount (g, PARTITION, "/") != 0 ||
      guestfs_rm_rf (g, "/lost+found") != 0 || guestfs_tar_in (g, archive, "/") != 0) {
    v2v_guest_set_error (guest, V2V_EXIT_IOERR, error, "%s", what);
    return FALSE;
  }
  g_free (guest->root);
  guest->root = g_strdup (PARTITION);
  g_clear_pointer (&guest->mounts, g_ptr_array_unref);
  guest->mounts = g_ptr_array_new_with_free_func ((GDestroyNotify)v2v_mount_point_free);
  g_ptr_array_add (guest->mounts, v2v_mount_point_new ("/", PARTITION));
  guest->mounted = TRUE;
  return v2v_guest_list_filesystems (guest, error);
}

gboolean
v2v_guest_give_tree (V2vGuest *guest, const char *archive, GError **error)
{
  if (guestfs_tar_out_opts (guest->g, "/", archive, GUESTFS_TAR_OUT_OPTS_NUMERICOWNER, 1, -1) ==
      0)
    return TRUE;
  v2v_guest_set_error (guest, V2V_EXIT_IOERR, error, "the files of the guest cannot be read");
  return FALSE;
}

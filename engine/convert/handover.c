/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fills the slots of the new domain with what it needs from the guest itself.
 */
#include "config.h"

#include "base/log.h"
#include "convert/handover.h"
#include "metadata/slot.h"

#define FILE_MAX (G_GINT64_CONSTANT (1024) * 1024 * 1024)

static gboolean
copy_out (V2vGuest *guest, const char *path, const char *to, GError **error)
{
  guestfs_h *g = v2v_guest_handle (guest);
  g_autofree char *shown = v2v_printable (path, -1, FALSE);
  int is_file = guestfs_is_file_opts (g, path, GUESTFS_IS_FILE_OPTS_FOLLOWSYMLINKS, 1, -1);
  gint64 size = is_file > 0 ? guestfs_filesize (g, path) : -1;

  if (size < 0) {
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_DATA,
        "the new machine is to start with %s of the guest, which is no file: expected a "
        "kernel or an initramfs; v2v-engine plan tells which rule asks for it",
        shown);
    return FALSE;
  }
  if (size > FILE_MAX) {
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_DATA,
        "%s of the guest, with which the new machine is to start, is larger than "
        "1 GiB: it can be no kernel and no initramfs; v2v-engine plan tells which rule asks "
        "for it",
        shown);
    return FALSE;
  }
  if (guestfs_download (g, path, to) != 0) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_IOERR, "cannot copy %s out of the guest: %s", shown,
                 guestfs_last_error (g));
    return FALSE;
  }
  return TRUE;
}

static gboolean
fill (V2vGuest *guest, xmlNode *element, const char *directory, GError **error)
{
  g_autofree char *name = v2v_slot_name (element);
  const V2vHanded *handed = g_hash_table_lookup (v2v_guest_handed (guest), name);
  g_autofree char *copy = NULL;

  if (!handed) {
    xmlUnlinkNode (element);
    xmlFreeNode (element);
    return TRUE;
  }
  if (handed->text) {
    v2v_slot_fill (element, handed->text);
    v2v_slot_settle (element);
    return TRUE;
  }
  copy = g_build_filename (directory, name, NULL);
  if (!copy_out (guest, handed->path, copy, error))
    return FALSE;
  v2v_slot_fill (element, copy);
  return TRUE;
}

gboolean
v2v_handover (V2vGuest *guest, xmlDoc *domain, const char *directory, GError **error)
{
  xmlNode *next;

  for (xmlNode *node = v2v_slot_next (domain, NULL); node; node = next) {
    next = v2v_slot_next (domain, node);
    if (!fill (guest, node, directory, error))
      return FALSE;
  }
  return TRUE;
}

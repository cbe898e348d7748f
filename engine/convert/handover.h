/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fills the slots of the new domain with what it needs from the guest itself: a kernel that the
 * host starts directly, its initramfs and its command line.
 */
#pragma once

#include "guest/session.h"

/* Copies what scripts gave for the slots of DOMAIN (metadata/slot.h) out of GUEST, whose
 * file systems are mounted, into the directory DIRECTORY, and fills the slots with a text,
 * or with the path of the copy, which the output then replaces by the final path. A slot
 * that no script fills is removed. The guest is hostile: anything but a regular file of at
 * most 1 GiB is V2V_EXIT_DATA. */
gboolean v2v_handover (V2vGuest *guest, xmlDoc *domain, const char *directory, GError **error);

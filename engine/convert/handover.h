/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the new domain needs of the guest itself: a kernel that is started from outside, with its
 * initramfs and its command line.
 */
#pragma once

#include "guest/session.h"

/* Copies what scripts gave for the slots of DOMAIN (metadata/slot.h) out of GUEST, whose file systems are mounted, into
 * the directory DIRECTORY, and fills DOMAIN's elements: with a text, or with the path of the copy,
 * for outputs to give that its place. An element for which nothing was given goes. The guest is
 * hostile: what is no regular file, or larger than 1 GiB, is V2V_EXIT_DATA. */
gboolean v2v_handover (V2vGuest *guest, xmlDoc *domain, const char *directory, GError **error);

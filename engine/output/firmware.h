/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * UEFI firmware of the host, as its descriptors tell (share/interop/firmware.json of qemu).
 */
#pragma once

#include <libxml/tree.h>

#include "base/error.h"

typedef struct {
  char *code; /* the image that is executed */
  char *vars; /* fresh variables, to be copied; NULL: none */
} V2vFirmware;

void v2v_firmware_free (V2vFirmware *firmware);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vFirmware, v2v_firmware_free)

/* Does the document ask for UEFI? */
gboolean v2v_firmware_wanted (xmlDoc *domain);
/* What fits the document best: its loader and its template if it names them, else the first
 * descriptor for its architecture, machine and features. */
V2vFirmware *v2v_firmware_find (xmlDoc *domain, GError **error);
/* Part of v2v_firmware_find: descriptors lie in the directories WHERE (one at least), those of
 * the highest precedence first. */
V2vFirmware *v2v_firmware_find_in (xmlDoc *domain, const char *const *where, GError **error);
/* The variables of a UEFI firmware, as they are in a flash, out of the file at PATH; NULL if it is not a
 * regular file of at most 64 MiB that begins like a firmware volume (UEFI Platform Initialization,
 * volume 3: "_FVH" after 40 bytes): a domain document may name any file of the host there. To be freed
 * with g_free. */
char *v2v_firmware_read_variables (const char *path, gsize *length_r);

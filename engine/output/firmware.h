/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Finds the host's UEFI firmware by its descriptors (QEMU's docs/interop/firmware.json).
 */
#pragma once

#include <libxml/tree.h>

#include "base/error.h"

typedef struct {
  char *code; /* the image that is executed */
  char *vars; /* template of new variables, to be copied; NULL if the firmware has none */
} V2vFirmware;

void v2v_firmware_free (V2vFirmware *firmware);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vFirmware, v2v_firmware_free)

/* Whether the document asks for UEFI firmware. */
gboolean v2v_firmware_wanted (xmlDoc *domain);
/* Finds the firmware for the document: the loader and template that it names, or else those of
 * the first descriptor that matches its architecture, machine and features. */
V2vFirmware *v2v_firmware_find (xmlDoc *domain, GError **error);
/* Like v2v_firmware_find, with the descriptors in the directories WHERE (at least one), in
 * descending order of precedence. For tests. */
V2vFirmware *v2v_firmware_find_in (xmlDoc *domain, const char *const *where, GError **error);
/* Reads the variables of a UEFI firmware, an image of its flash, from the file PATH. NULL if
 * the file is not a regular file of at most 64 MiB that begins like a firmware volume (UEFI
 * Platform Initialization, volume 3: "_FVH" after 40 bytes), since a domain document may name
 * any file of the host. To be freed with g_free. */
char *v2v_firmware_read_variables (const char *path, gsize *length_r);

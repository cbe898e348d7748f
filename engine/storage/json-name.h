/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Names of images for programs that take an image by its name: "json:{...}".
 */
#pragma once

#include "storage/examine.h"

/* The name of an image at OVERLAY (NULL: none) over the layers of CHAIN, each with its
 * format. To be freed with g_free. */
char *v2v_storage_json_name (const char *overlay, const GPtrArray *chain);
/* Like v2v_storage_json_name, but by descriptors of this process instead of paths, for
 * layers that have one. */
char *v2v_storage_held_name (const char *overlay, const GPtrArray *chain);
/* As v2v_storage_held_name, for a chain whose first member, a whole file or device, has its
 * changes in REDO, a qcow2 over it. */
char *v2v_storage_redo_name (const char *overlay, const char *redo, const GPtrArray *chain);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Names of images for tools that take an image by its name: "json:{...}".
 */
#pragma once

#include "storage/examine.h"

/* An image at OVERLAY (NULL: none) over the layers of CHAIN, each with its
 * format. To be freed with g_free. */
char *v2v_storage_json_name (const char *overlay, const GPtrArray *chain);
/* The same, by descriptors of this process instead of paths where the chain has them. */
char *v2v_storage_held_name (const char *overlay, const GPtrArray *chain);
/* As v2v_storage_held_name, but what was written to the first of CHAIN, which is a whole file or
 * device, is in REDO, a qcow2 over it. */
char *v2v_storage_redo_name (const char *overlay, const char *redo, const GPtrArray *chain);

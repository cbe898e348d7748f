/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Compares two texts and shows the difference as a unified diff.
 */
#pragma once

#include <glib.h>

/* Returns the unified diff of two texts, which are called OLD_NAME and NEW_NAME in it; "" if
 * they are equal. To be freed with g_free. */
char *v2v_text_diff (const char *old_text, const char *new_text, const char *old_name,
                     const char *new_name);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The difference of two texts as a unified diff.
 */
#pragma once

#include <glib.h>

/* With names for the two; "" if they are equal. To be freed with g_free. */
char *v2v_text_diff (const char *old_text, const char *new_text, const char *old_name,
                     const char *new_name);

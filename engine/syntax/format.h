/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Formats rule files.
 */
#pragma once

#include "base/diag.h"

/* Returns the formatted text of a rule file, or NULL if it has errors, which are in DIAGS.
 * Comments are kept, and formatting the result again does not change it. To be freed with
 * g_free. */
char *v2v_format_rules (const char *file, const char *text, gsize length, V2vDiags *diags);

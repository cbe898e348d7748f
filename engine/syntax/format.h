/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The one layout of rule files.
 */
#pragma once

#include "base/diag.h"

/* The formatted text of a rule file (comments kept, idempotent), or NULL with DIAGS. To be
 * freed with g_free. */
char *v2v_format_rules (const char *file, const char *text, gsize length, V2vDiags *diags);

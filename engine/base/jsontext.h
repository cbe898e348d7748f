/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * JSON as people read it: numbers with at most three digits after the point, where JSON-GLib
 * writes 1.9999999999999999e-06.
 */
#pragma once

#include <json-glib/json-glib.h>

/* ROOT as text, indented if PRETTY. To be freed with g_free. */
char *v2v_json_text (JsonNode *root, gboolean pretty);

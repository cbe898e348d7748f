/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * JSON as people read it: numbers with at most three digits after the point, where JSON-GLib
 * writes 1.9999999999999999e-06. And JSON that anybody may have written, which is bounded before
 * JSON-GLib, whose parser and whose destructors call themselves, gets to see it.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "base/error.h"

/* How deep objects and arrays may lie in each other, and how many values there may be. */
#define V2V_JSON_DEPTH_MAX 64
#define V2V_JSON_VALUES_MAX (2 * 1024 * 1024)

/* The object in the LENGTH bytes at TEXT; anything else is V2V_EXIT_DATA. To be freed with
 * json_node_unref. */
JsonNode *v2v_json_parse (const char *text, gsize length, GError **error);

/* ROOT as text, indented if PRETTY. To be freed with g_free. */
char *v2v_json_text (JsonNode *root, gboolean pretty);

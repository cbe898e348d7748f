/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Writes readable JSON, and parses untrusted JSON.
 *
 * Numbers are written with at most three digits after the decimal point, where JSON-GLib
 * writes 1.9999999999999999e-06. Input is checked against limits before JSON-GLib parses it:
 * its parser and its destructors are recursive and would exhaust the stack.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "base/error.h"

/* How deep objects and arrays may be nested, and how many values a text may contain. */
#define V2V_JSON_DEPTH_MAX 64
#define V2V_JSON_VALUES_MAX (2 * 1024 * 1024)

/* Parses the LENGTH bytes at TEXT, which must be a JSON object (else V2V_EXIT_DATA). To be
 * freed with json_node_unref. */
JsonNode *v2v_json_parse (const char *text, gsize length, GError **error);

/* ROOT as text, indented if PRETTY. To be freed with g_free. */
char *v2v_json_text (JsonNode *root, gboolean pretty);

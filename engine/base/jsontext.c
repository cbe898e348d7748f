/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Writes readable JSON, and parses untrusted JSON.
 */
#include "config.h"

#include <string.h>

#include "base/jsontext.h"
#include "base/printable.h"

#define NUMBER "+-.0123456789eE"

/* Appends the number in the LENGTH bytes at TEXT, rounded. Whole numbers are not changed. */
static void
append_number (GString *out, const char *text, gsize length)
{
  g_autofree char *number = g_strndup (text, length);
  char rounded[G_ASCII_DTOSTR_BUF_SIZE];
  gsize end;

  if (!strpbrk (number, ".eE")) {
    g_string_append (out, number);
    return;
  }
  g_ascii_formatd (rounded, sizeof rounded, "%.3f", g_ascii_strtod (number, NULL));
  /* Keep one digit after the point: the value must not decide whether this is an integer. */
  for (end = strlen (rounded); end > 2 && rounded[end - 1] == '0' && rounded[end - 2] != '.';)
    end--;
  g_string_append_len (out, rounded, (gssize)end);
}

char *
v2v_json_text (JsonNode *root, gboolean pretty)
{
  g_autofree char *text = json_to_string (root, pretty);
  GString *out = g_string_sized_new (strlen (text));
  gboolean in_string = FALSE;
  char *printable;

  for (const char *at = text; *at;) {
    gsize length = in_string ? 0 : strspn (at, NUMBER);

    /* Only what begins like a number is one: the letter "e" also occurs in true and false. */
    if (length && (*at == '-' || g_ascii_isdigit (*at))) {
      append_number (out, at, length);
      at += length;
      continue;
    }
    if (in_string && *at == '\\' && at[1])
      g_string_append_c (out, *at++);
    else if (*at == '"')
      in_string = !in_string;
    g_string_append_c (out, *at++);
  }
  printable = v2v_printable_json (out->str);
  g_string_free (out, TRUE);
  return printable;
}

/* ---- reading ---- */

/* The bytes that may occur outside of strings. Other bytes would begin something that
 * JSON-GLib's parser accepts although it is not JSON, such as comments. */
#define PLAIN                                                                                  \
  " \t\r\n[]{}:,+-.0123456789"                                                                 \
  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

static gboolean
is_bounded (const char *text, gsize length, GError **error)
{
  gboolean in_string = FALSE;
  guint depth = 0, values = 0;

  for (gsize i = 0; i < length; i++) {
    const char c = text[i];

    if (c == '"') {
      in_string = !in_string;
    } else if (in_string) {
      i += c == '\\';
    } else if (c == '[' || c == '{') {
      depth++;
      values++;
    } else if (c == ']' || c == '}') {
      depth -= depth > 0;
    } else if (c == ',') {
      values++;
    } else if (!c || !strchr (PLAIN, c)) {
      g_set_error (error, V2V_ERROR, V2V_EXIT_DATA, "byte %" G_GSIZE_FORMAT " is not JSON", i);
      return FALSE;
    }
    if (depth > V2V_JSON_DEPTH_MAX || values > V2V_JSON_VALUES_MAX) {
      g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                   depth > V2V_JSON_DEPTH_MAX
                       ? "arrays and objects are nested more than %d deep"
                       : "there are more than %d values",
                   depth > V2V_JSON_DEPTH_MAX ? V2V_JSON_DEPTH_MAX : V2V_JSON_VALUES_MAX);
      return FALSE;
    }
  }
  return TRUE;
}

JsonNode *
v2v_json_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (GError) local = NULL;
  JsonNode *root;

  if (!is_bounded (text, length, error))
    return NULL;
  parser = json_parser_new ();
  if (!json_parser_load_from_data (parser, text, (gssize)length, &local)) {
    g_set_error_literal (error, V2V_ERROR, V2V_EXIT_DATA, local->message);
    return NULL;
  }
  root = json_parser_get_root (parser);
  if (!root || !JSON_NODE_HOLDS_OBJECT (root)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA, "expected a JSON object");
    return NULL;
  }
  return json_node_copy (root);
}

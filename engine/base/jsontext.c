/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * JSON as people read it.
 */
#include "config.h"

#include <string.h>

#include "base/jsontext.h"

#define NUMBER "+-.0123456789eE"

/* The number in the LENGTH bytes at TEXT; whole numbers stay as they are. */
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
  /* One digit stays after the point: the kind of the number does not depend on its value. */
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

  for (const char *at = text; *at;) {
    gsize length = in_string ? 0 : strspn (at, NUMBER);

    /* Outside of strings, an "e" is also part of true and false. */
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
  return g_string_free (out, FALSE);
}

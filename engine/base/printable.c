/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Makes untrusted text safe to print.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/printable.h"

/* How much of the end of a long message is kept, since the end says what to do. */
#define END_MAX 1024

/* U+2028 and U+2029 are excluded: some programs take them for the end of a line, so that text
 * could fake a message of its own. */
gboolean
v2v_is_printable (gunichar c)
{
  return c == '\t' || (g_unichar_isprint (c) && c != 0x2028 && c != 0x2029);
}

static gboolean
is_invalid (gunichar c)
{
  return c == (gunichar)-1 || c == (gunichar)-2;
}

char *
v2v_printable (const char *text, gssize length, gboolean keep_lines)
{
  const char *end = text + (length < 0 ? strlen (text) : (gsize)length);
  GString *out = g_string_sized_new ((gsize)(end - text));

  while (text < end) {
    gunichar c = g_utf8_get_char_validated (text, end - text);

    if (is_invalid (c) || c == 0) {
      g_string_append_printf (out, "\\x%02x", (guchar)*text);
      text++;
      continue;
    }
    if ((c == '\n' && keep_lines) || v2v_is_printable (c))
      g_string_append_unichar (out, c);
    else if (c < 0x100)
      g_string_append_printf (out, "\\x%02x", c);
    else
      g_string_append_printf (out, "\\u%04x", c);
    text = g_utf8_next_char (text);
  }
  return g_string_free (out, FALSE);
}

/* The offset, AT or lower, where the character of TEXT that contains the byte AT begins. */
static gsize
beginning (const char *text, gsize at)
{
  while (at > 0 && ((guchar)text[at] & 0xc0) == 0x80)
    at--;
  return at;
}

char *
v2v_printable_message (const char *text, gboolean keep_lines)
{
  const gsize length = strlen (text);
  gsize first, last;
  g_autofree char *begin = NULL;
  g_autofree char *end = NULL;

  if (length <= V2V_MESSAGE_MAX)
    return v2v_printable (text, (gssize)length, keep_lines);
  first = beginning (text, V2V_MESSAGE_MAX - END_MAX);
  last = beginning (text, length - END_MAX);
  begin = v2v_printable (text, (gssize)first, keep_lines);
  end = v2v_printable (text + last, -1, keep_lines);
  return g_strdup_printf ("%s... (%" G_GSIZE_FORMAT " more bytes) ...%s", begin, last - first,
                          end);
}

/* Returns TEXT with each character that is not printable, except line feeds, written by
 * FORMAT. */
static char *
replaced (const char *text, void (*append) (GString *out, gunichar c))
{
  GString *out = g_string_sized_new (strlen (text));

  while (*text) {
    gunichar c = g_utf8_get_char_validated (text, -1);

    if (is_invalid (c)) {
      g_string_append_c (out, '?');
      text++;
      continue;
    }
    if (c == '\n' || v2v_is_printable (c))
      g_string_append_unichar (out, c);
    else
      append (out, c);
    text = g_utf8_next_char (text);
  }
  return g_string_free (out, FALSE);
}

static void
append_json (GString *out, gunichar c)
{
  if (c < 0x10000)
    g_string_append_printf (out, "\\u%04x", c);
  else
    g_string_append_printf (out, "\\u%04x\\u%04x", 0xd7c0 + (c >> 10), 0xdc00 + (c & 0x3ff));
}

static void
append_xml (GString *out, gunichar c)
{
  g_string_append_printf (out, "&#x%X;", c);
}

char *
v2v_printable_json (const char *text)
{
  return replaced (text, append_json);
}

char *
v2v_printable_xml (const char *text)
{
  return replaced (text, append_xml);
}

void
v2v_print (const char *text)
{
  g_autofree char *printable = v2v_printable (text, -1, TRUE);

  fputs (printable, stdout);
}

void
v2v_printf (const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  v2v_print (text);
}

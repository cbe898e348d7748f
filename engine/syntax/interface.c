/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads the first line of a rule file and checks that this engine provides the interface that
 * it names.
 */
#include "config.h"

#include <string.h>

#include "lang/codes.h"
#include "lang/limits.h"
#include "syntax/syntax.h"

guint v2v_interface = V2V_INTERFACE;

/* Steps over white space and comments. */
static gsize
skip_blank (const char *text, gsize length, gsize i)
{
  while (i < length && (g_ascii_isspace (text[i]) || text[i] == '#')) {
    if (text[i] == '#')
      while (i < length && text[i] != '\n')
        i++;
    else
      i++;
  }
  return i;
}

/* Parses LANGUAGE[.INTERFACE] at the beginning of TEXT. Returns its length; 0 if there is
 * none. */
static gsize
read_interface (const char *text, gsize length, guint64 *language_r, guint64 *interface_r)
{
  gsize i = 0, point;

  *language_r = *interface_r = 0;
  for (; i < length && g_ascii_isdigit (text[i]); i++)
    *language_r = MIN (*language_r * 10 + (guint)(text[i] - '0'), G_MAXUINT32);
  point = i;
  if (i == 0 || i + 1 >= length || text[i] != '.' || !g_ascii_isdigit (text[i + 1]))
    return i;
  for (i = point + 1; i < length && g_ascii_isdigit (text[i]); i++)
    *interface_r = MIN (*interface_r * 10 + (guint)(text[i] - '0'), G_MAXUINT32);
  return i;
}

gboolean
v2v_is_interface (const char *text)
{
  const gsize length = strlen (text);
  guint64 language, interface;

  return length > 0 && read_interface (text, length, &language, &interface) == length;
}

static V2vPlace
place_of (const V2vRuleFile *file, gsize position)
{
  V2vPlace place = {file->path, 1, 1};

  for (gsize i = 0; i < position; i++) {
    place.column += ((guchar)file->text[i] & 0xc0) != 0x80;
    if (file->text[i] == '\n') {
      place.line++;
      place.column = 1;
    }
  }
  return place;
}

gboolean
v2v_check_interface (V2vRuleFile *file, V2vDiags *diags)
{
  static const char keyword[] = "v2v-rules";
  const char *const text = file->text;
  const gsize length = file->length;
  const gboolean mark = length >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0;
  gsize i = skip_blank (text, length, mark ? 3 : 0), digits;
  guint64 language, interface;
  g_autofree char *wanted = NULL;
  g_autofree char *hint = NULL;

  file->interface = 0;
  if (length - i < sizeof keyword - 1 || memcmp (text + i, keyword, sizeof keyword - 1) != 0)
    return TRUE;
  i = skip_blank (text, length, i + sizeof keyword - 1);
  digits = read_interface (text + i, length - i, &language, &interface);
  if (digits == 0 || (language == V2V_LANGUAGE && interface <= v2v_interface)) {
    file->interface = (guint)interface;
    return TRUE;
  }
  wanted = memchr (text + i, '.', digits) != NULL
               ? g_strndup (text + i, MIN (digits, 40))
               : g_strdup_printf ("%.*s.0", (int)MIN (digits, 40), text + i);
  if (language < V2V_LANGUAGE)
    hint = g_strdup_printf ("bring it up to version %d of the language", V2V_LANGUAGE);
  else
    hint = g_strdup_printf (
        "install a v2v-engine that has %s, or the edition of this file for %d.%u", wanted,
        V2V_LANGUAGE, v2v_interface);
  v2v_diags_set_text (diags, file->path, text, length);
  v2v_diags_add (diags, V2V_DIAG_ERROR, V2V_CODE_VERSION, place_of (file, i), (guint)digits,
                 hint, "this file is made for interface %s, but this v2v-engine has %d.%u",
                 wanted, V2V_LANGUAGE, v2v_interface);
  return FALSE;
}

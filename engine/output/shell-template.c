/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Makes a shell script from a template.
 */
#include "config.h"

#include "output/shell-template.h"

#include <string.h>

#include "base/error.h"

/* Appends TEXT, quoted as one word of the shell. */
static void
append_quoted (GString *script, const char *text)
{
  g_string_append_c (script, '\'');
  while (*text) {
    if (g_str_has_prefix (text, V2V_SHELL_RUN)) {
      g_string_append (script, "'\"$run\"'");
      text += strlen (V2V_SHELL_RUN);
    } else if (*text == '\'') {
      g_string_append (script, "'\\''");
      text++;
    } else
      g_string_append_c (script, *text++);
  }
  g_string_append_c (script, '\'');
}

/* The separator between words that are appended to SCRIPT: a space, or, if the last line of
 * SCRIPT contains only blanks, a line end and these blanks. */
static char *
separator (const GString *script)
{
  const char *newline = strrchr (script->str, '\n');
  const char *line = newline ? newline + 1 : script->str;

  return line[strspn (line, " \t")] ? g_strdup (" ") : g_strconcat ("\n", line, NULL);
}

static void
append_words (GString *script, const GPtrArray *words)
{
  g_autofree char *between = separator (script);

  for (guint i = 0; i < words->len; i++) {
    if (i)
      g_string_append (script, between);
    append_quoted (script, words->pdata[i]);
  }
}

/* The length of the name between AT, a '@', and the next '@'; 0 if there is no name. */
static gsize
name_length (const char *at)
{
  const gsize length = strspn (at + 1, "abcdefghijklmnopqrstuvwxyz");

  return at[length + 1] == '@' ? length : 0;
}

char *
v2v_shell_fill (const char *text, GHashTable *words, GError **error)
{
  g_autoptr (GString) script = g_string_new (NULL);
  const char *at;

  while ((at = strchr (text, '@'))) {
    const gsize length = name_length (at);
    g_autofree char *name = g_strndup (at + 1, length);
    const GPtrArray *value = g_hash_table_lookup (words, name);

    g_string_append_len (script, text, at - text);
    if (!length) {
      g_string_append_c (script, '@');
      text = at + 1;
      continue;
    }
    if (!value) {
      g_set_error (error, V2V_ERROR, V2V_EXIT_CONFIG, "nothing is called @%s@ here", name);
      return NULL;
    }
    append_words (script, value);
    text = at + length + 2;
  }
  g_string_append (script, text);
  return g_string_free (g_steal_pointer (&script), FALSE);
}

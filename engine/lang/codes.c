/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 *  Reads rules/codes.md, which explains each kind of mistake in this form:
 * 
 *    ### V2V012: title
 *    explanation
 *    Wrong:     (then an example between two lines of ```)
 *    Right:     (likewise)
 * 
 *  A heading with fewer # ends the explanation of a code.
 */
#include "config.h"

#include "lang/codes.h"

#include <string.h>

#include "base/error.h"
#include "lang/ruleset.h"

#define HEADING "### V2V"

typedef struct {
  V2vCodeHelp *help;
  GString *explanation, *wrong, *right;
  GString *example; /* WRONG or RIGHT, to which lines between ``` are appended; or NULL */
  gboolean inside;  /* the line is between two lines of ``` */
} Reading;

static void
help_free (gpointer data)
{
  V2vCodeHelp *help = data;

  g_free (help->title);
  g_free (help->explanation);
  g_free (help->wrong);
  g_free (help->right);
  g_free (help);
}

void
v2v_code_texts_free (V2vCodeTexts *texts)
{
  g_free (texts->path);
  g_ptr_array_unref (texts->helps);
  g_free (texts);
}

/* Returns the text, or NULL if it is empty, and frees the GString. */
static char *
text_of (GString *string)
{
  char *text = g_string_free (string, FALSE);

  if (*text)
    return text;
  g_free (text);
  return NULL;
}

static void
end_code (Reading *reading)
{
  if (!reading->help)
    return;
  reading->help->explanation = text_of (reading->explanation);
  reading->help->wrong = text_of (reading->wrong);
  reading->help->right = text_of (reading->right);
  reading->help = NULL;
}

/* Begins the explanation of a code; TEXT is "012: title". */
static void
begin_code (Reading *reading, GPtrArray *helps, const char *heading)
{
  char *end;
  const guint64 code = g_ascii_strtoull (heading, &end, 10);

  end_code (reading);
  *reading = (Reading){.help = g_new0 (V2vCodeHelp, 1),
                       .explanation = g_string_new (NULL),
                       .wrong = g_string_new (NULL),
                       .right = g_string_new (NULL)};
  reading->help->code = (guint)code;
  reading->help->title = g_strdup (*end == ':' ? end + 1 : end);
  g_strstrip (reading->help->title);
  g_ptr_array_add (helps, reading->help);
}

static void
add_line (Reading *reading, const char *line)
{
  if (g_str_has_prefix (line, "```")) {
    reading->inside = !reading->inside;
  } else if (reading->inside) {
    if (reading->example)
      g_string_append_printf (reading->example, "%s\n", line);
  } else if (g_str_equal (line, "Wrong:")) {
    reading->example = reading->wrong;
  } else if (g_str_equal (line, "Right:")) {
    reading->example = reading->right;
  } else if (*line) {
    g_string_append_printf (reading->explanation, "%s%s", reading->explanation->len ? " " : "",
                            line);
  }
}

static GPtrArray *
read_texts (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  GPtrArray *helps = g_ptr_array_new_with_free_func (help_free);
  Reading reading = {0};

  for (int i = 0; lines[i]; i++) {
    if (!reading.inside && g_str_has_prefix (lines[i], HEADING))
      begin_code (&reading, helps, lines[i] + strlen (HEADING));
    else if (!reading.inside && *lines[i] == '#')
      end_code (&reading);
    else if (reading.help)
      add_line (&reading, lines[i]);
  }
  end_code (&reading);
  return helps;
}

V2vCodeTexts *
v2v_code_texts_load (const GPtrArray *rule_dirs, GError **error)
{
  const char *path = v2v_find_script (rule_dirs, "rules", V2V_CODE_TEXTS);
  g_autofree char *text = NULL;
  V2vCodeTexts *texts;

  if (!path) {
    g_autoptr (GString) looked = g_string_new (NULL);

    for (guint i = 0; i < rule_dirs->len; i++)
      g_string_append_printf (looked, "%s%s/rules", i ? ", " : "",
                              ((const V2vRuleDir *)rule_dirs->pdata[i])->path);
    g_set_error (error, V2V_ERROR, V2V_EXIT_UNAVAILABLE,
                 "cannot find the file %s, which explains the codes, in %s: install the "
                 "rules of v2v-engine, or set V2V_ENGINE_DATA_DIR",
                 V2V_CODE_TEXTS, looked->str);
    return NULL;
  }
  if (!g_file_get_contents (path, &text, NULL, error))
    return NULL;
  texts = g_new0 (V2vCodeTexts, 1);
  texts->path = g_strdup (path);
  texts->helps = read_texts (text);
  return texts;
}

const V2vCodeHelp *
v2v_code_texts_find (const V2vCodeTexts *texts, const char *name)
{
  for (guint i = 0; i < texts->helps->len; i++) {
    const V2vCodeHelp *help = texts->helps->pdata[i];
    char code[16];

    g_snprintf (code, sizeof code, "V2V%03u", help->code);
    if (g_ascii_strcasecmp (code, name) == 0)
      return help;
  }
  return NULL;
}

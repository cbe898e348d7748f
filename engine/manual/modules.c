/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Collects what Lua modules offer, from their source: each function of the table that a module
 * returns, with the comment above it.
 */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "manual/manual.h"

/* "lib.text" -> "lib/text.lua"; NULL if NAME cannot be the name of a module. */
static char *
relative_path (const char *name)
{
  GString *path;

  for (const char *at = name; *at; at++)
    if (!g_ascii_isalnum (*at) && !strchr ("_-.", *at))
      return NULL;
  if (!strchr (name, '.') || strstr (name, "..") || *name == '.')
    return NULL;
  path = g_string_new (name);
  g_strdelimit (path->str, ".", '/');
  g_string_append (path, ".lua");
  return g_string_free (path, FALSE);
}

char *
v2v_manual_module_path (const V2vRuleSet *rules, const char *name)
{
  g_autofree char *relative = relative_path (name);

  for (guint i = 0; relative && rules->rule_dirs && i < rules->rule_dirs->len; i++) {
    const V2vRuleDir *rule_dir = rules->rule_dirs->pdata[i];
    g_autofree char *path = g_build_filename (rule_dir->path, "lua", relative, NULL);

    if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
      return g_steal_pointer (&path);
  }
  return NULL;
}

/* The text of a comment line, or NULL if LINE is not a comment. */
static const char *
comment_of (const char *line)
{
  if (!g_str_has_prefix (line, "--"))
    return NULL;
  line += 2;
  return *line == ' ' ? line + 1 : line;
}

/* The lines from FIRST to END (not included) as one paragraph. */
static char *
join_comment (char **lines, guint first, guint end)
{
  GString *text = g_string_new (NULL);

  for (guint i = first; i < end; i++)
    g_string_append_printf (text, "%s%s", text->len ? " " : "", comment_of (lines[i]));
  return g_string_free (text, FALSE);
}

/* The NAME in the last "return NAME" of the file. */
static char *
returned_name (char **lines)
{
  g_autofree char *name = NULL;

  for (char **line = lines; *line; line++)
    if (g_str_has_prefix (*line, "return ")) {
      g_free (name);
      name = g_strstrip (g_strdup (*line + strlen ("return ")));
    }
  return g_steal_pointer (&name);
}

/* Gets name and arguments from LINE if it begins a function of TABLE: "function M.name(a,
 * b)". */
static gboolean
is_function (const char *line, const char *table, char **name_r, char **arguments_r)
{
  g_autofree char *begin = g_strconcat ("function ", table, ".", NULL);
  const char *open, *close;

  if (!g_str_has_prefix (line, begin) || !(open = strchr (line, '(')) ||
      !(close = strchr (open, ')')))
    return FALSE;
  *name_r = g_strndup (line + strlen (begin), (gsize)(open - line) - strlen (begin));
  *arguments_r = g_strndup (open + 1, (gsize)(close - open - 1));
  return TRUE;
}

/* The comment at the beginning of the file, without its first line, which names the licence. */
static void
add_head (xmlNode *node, char **lines)
{
  guint end = 0;
  g_autofree char *text = NULL;

  while (lines[end] && comment_of (lines[end]))
    end++;
  text = join_comment (lines, MIN (1, end), end);
  v2v_manual_sentence (node, text);
}

gboolean
v2v_manual_module (xmlNode *manual, const char *name, const char *path, GError **error)
{
  xmlNode *node = v2v_manual_add (manual, "module", name);
  g_autofree char *text = NULL, *table = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (path, &text, NULL, error))
    return FALSE;
  lines = g_strsplit (text, "\n", -1);
  table = returned_name (lines);
  add_head (node, lines);
  for (guint i = 0, first = 0; table && lines[i]; i++) {
    g_autofree char *function = NULL, *arguments = NULL;

    if (is_function (lines[i], table, &function, &arguments)) {
      g_autofree char *comment = join_comment (lines, first, i);
      xmlNode *child = v2v_manual_add (node, "function", function);

      v2v_manual_set (child, "arguments", arguments);
      v2v_manual_sentence (child, comment);
    }
    if (!comment_of (lines[i]))
      first = i + 1;
  }
  return TRUE;
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Searches all files of a directory for words with one call, since reading each file with a
 * call would take minutes.
 *
 * Programs of the appliance (find, grep) search, never those of the guest. They follow no
 * links and open only regular files, and their input, output and time are limited.
 */
#include "config.h"

#include <string.h>

#include "base/log.h"
#include "guest/internal.h"

/* Limits: KiB of a file, levels of directories, bytes of a line, bytes of all results,
 * seconds. */
#define FILE_MAX 2048
#define DEPTH_MAX 12
#define LINE_MAX_BYTES 4000
#define OUTPUT_MAX 1000000
#define SECONDS_MAX 60

/* Separates the fields in find's output. It is not NUL, since libguestfs's debug call returns
 * a NUL-terminated text. */
#define SEPARATOR '\001'

/* Appends WORD to LINE as one word of the shell, between BEFORE and AFTER. */
static void
append_quoted (GString *line, const char *before, const char *word, const char *after)
{
  g_autofree char *whole = g_strconcat (before, word, after, NULL);
  g_autofree char *quoted = g_shell_quote (whole);

  g_string_append_c (line, ' ');
  g_string_append (line, quoted);
}

/* WORD, escaped so that it matches only itself in find's patterns. */
static char *
pattern_of (const char *word)
{
  GString *pattern = g_string_new (NULL);

  for (; *word; word++) {
    if (strchr ("*?[]\\", *word))
      g_string_append_c (pattern, '\\');
    g_string_append_c (pattern, *word);
  }
  return g_string_free (pattern, FALSE);
}

char *
v2v_search_command (const char *top, const char *directory, const char *const *words,
                    const char *const *without)
{
  GString *line = g_string_new ("LC_ALL=C; export LC_ALL; directory=");
  g_autoptr (GString) found = g_string_new (NULL);
  g_autoptr (GString) pruned = g_string_new ("");
  g_autofree char *below =
      g_strconcat (top, strcmp (directory, "/") == 0 ? "" : directory, NULL);
  g_autofree char *root = g_shell_quote (below);
  gboolean named = FALSE;

  g_string_append_printf (line, "%s; ", root);
  /* A link in the path to the directory would lead out of the guest. */
  g_string_append (line, "cd \"$directory\" 2>/dev/null && [ \"$(pwd -P)\" = \"$directory\" ]");
  for (guint i = 0; without && without[i]; i++) {
    g_autofree char *pattern = pattern_of (without[i]);

    g_string_append (pruned, " -path");
    append_quoted (pruned, "./", pattern, "");
    g_string_append (pruned, " -prune -o");
  }
  /* Search names of files, and targets of links. */
  for (guint i = 0; words[i]; i++) {
    g_autofree char *pattern = pattern_of (words[i]);

    if (strchr (words[i], '/'))
      continue;
    g_string_append (found, named ? " -o -name" : " -name");
    append_quoted (found, "*", pattern, "*");
    g_string_append (found, " -o -lname");
    append_quoted (found, "*", pattern, "*");
    named = TRUE;
  }
  g_string_append (line, " && { ");
  if (named)
    g_string_append_printf (
        line, "find . -xdev -maxdepth %d%s \\( %s \\) -printf '%%y\\001%%P\\001%%l\\n'; ",
        DEPTH_MAX, pruned->str, found->str + 1);
  /* Search the lines of files. */
  g_string_append_printf (
      line,
      "timeout %d find . -xdev -maxdepth %d%s -type f -size -%dk -print0 | xargs -0 -r "
      "grep -I -H -n -F",
      SECONDS_MAX, DEPTH_MAX, pruned->str, FILE_MAX);
  for (guint i = 0; words[i]; i++) {
    g_string_append (line, " -e");
    append_quoted (line, "", words[i], "");
  }
  g_string_append_printf (line, " -- | cut -b -%d; } 2>/dev/null </dev/null | head -c %d; :",
                          LINE_MAX_BYTES, OUTPUT_MAX);
  return g_string_free (line, FALSE);
}

/* Parses a line "TYPE^APATH^ALINK" from find. */
static gboolean
parse_name (char *line, V2vFound *found_r)
{
  char *path = line + 2;
  char *target = line[0] && line[1] == SEPARATOR ? strchr (path, SEPARATOR) : NULL;

  if (!target || target == path)
    return FALSE;
  *target = '\0';
  *found_r = (V2vFound){.path = path, .type = *line, .text = target + 1};
  return TRUE;
}

/* Parses a line "./PATH:LINE:TEXT" from grep. A path with a ':' may result in a path that does
 * not exist. */
static gboolean
parse_match (char *line, V2vFound *found_r)
{
  if (!g_str_has_prefix (line, "./"))
    return FALSE;
  for (char *colon = strchr (line, ':'); colon; colon = strchr (colon + 1, ':')) {
    char *end = colon + 1 + strspn (colon + 1, G_CSET_DIGITS);

    if (end == colon + 1 || *end != ':')
      continue;
    *colon = '\0';
    *found_r = (V2vFound){
        .path = line + 2, .line = g_ascii_strtoll (colon + 1, NULL, 10), .text = end + 1};
    return found_r->line > 0;
  }
  return FALSE;
}

gboolean
v2v_search_parse (char *output, V2vFoundFunc take, void *data)
{
  gboolean complete = strlen (output) < OUTPUT_MAX;

  for (char *line = output, *next; line && *line; line = next) {
    V2vFound found;

    next = strchr (line, '\n');
    if (next)
      *next++ = '\0';
    else if (!complete)
      break;
    /* Any other line is part of a name that contains a line feed. */
    if (parse_name (line, &found) || parse_match (line, &found))
      take (&found, data);
  }
  return complete;
}

gboolean
v2v_guest_search (V2vGuest *guest, const char *directory, const char *const *words,
                  const char *const *without, V2vFoundFunc take, void *data,
                  gboolean *complete_r, GError **error)
{
  g_autofree char *command = NULL;
  g_autofree char *output = NULL;

  *complete_r = TRUE;
  command = v2v_search_command ("/sysroot", directory, words, without);
  {
    char *argv[] = {command, NULL};

    output = guestfs_debug (guest->g, "sh", argv);
  }
  if (!output) {
    v2v_guest_set_error (guest, V2V_EXIT_IOERR, error, "%s cannot be searched", directory);
    return FALSE;
  }
  *complete_r = v2v_search_parse (output, take, data);
  return TRUE;
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Checks that a rule file uses only what exists in the interface for which it is made.
 */
#include "config.h"

#include <stdarg.h>

#include "check/check.h"

void
v2v_check_status (V2vCheck *check, const V2vStatus *status, V2vPlace place, guint length,
                  const char *format, ...)
{
  const V2vRuleFile *file =
      check->files != NULL ? g_hash_table_lookup (check->files, place.file) : NULL;
  g_autofree char *what = NULL;
  va_list args;

  if (file == NULL)
    return;
  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  if (status->since > file->interface) {
    g_autofree char *hint =
        g_strdup_printf ("begin the file with v2v-rules %d.%u", V2V_LANGUAGE, status->since);

    check_error (check, V2V_CODE_SINCE, place, length, hint,
                 "%s came with interface %d.%u, but this file is made for %d.%u", what,
                 V2V_LANGUAGE, status->since, V2V_LANGUAGE, file->interface);
  } else if (status->deprecated != NULL && !check->providing && check->scripts != NULL &&
             check->scripts->deprecated) {
    check_warning (check, V2V_CODE_DEPRECATED, place, length, status->deprecated,
                   "%s is deprecated", what);
  }
}

/* ---- functions that scripts call ---- */

#define MODULES_MAX 100

void
v2v_check_functions (V2vCheck *check)
{
  for (guint i = 0; i < check->syntax->decls->len; i++) {
    V2vFunctionSyntax *syntax = g_ptr_array_index (check->syntax->decls, i);
    const V2vFunctionSyntax *other;

    if (syntax->decl.kind != V2V_DECL_FUNCTION || syntax->decl.name.name == NULL)
      continue;
    other = g_hash_table_lookup (check->functions, syntax->decl.name.name);
    if (other != NULL) {
      g_autofree char *where = v2v_place_text (other->decl.name.place);

      name_error (check, V2V_CODE_DUPLICATE, syntax->decl.name, NULL,
                  "function %s is already declared at %s", syntax->decl.name.name, where);
      continue;
    }
    g_hash_table_insert (check->functions, (gpointer)syntax->decl.name.name, syntax);
  }
}

typedef struct {
  V2vCheck *check;
  const V2vCallSyntax *call; /* the call at which mistakes are reported */
  const V2vRuleFile *file;
  /* first part of the script's name; modules in this directory belong to the same author and
   * are read too */
  char *directory;
  GHashTable *seen;   /* set of absolute paths that have been read or are to be read */
  GPtrArray *modules; /* absolute paths of modules that are still to be read */
  const char *path;   /* path of the script that is being read */
  guint line;
} Scan;

static void
add_module (Scan *scan, const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, ".", -1);
  g_autofree char *joined = g_strjoinv ("/", parts);
  g_autofree char *file = g_strconcat (joined, ".lua", NULL);
  const char *path;

  if (g_strcmp0 (parts[0], scan->directory) != 0 || scan->modules->len >= MODULES_MAX)
    return;
  path = v2v_ruleset_find_script (scan->check->rules, scan->file->path, "lua", file);
  if (path != NULL && g_hash_table_add (scan->seen, (gpointer)path))
    g_ptr_array_add (scan->modules, (gpointer)path);
}

/* Handles the name "a.b.c" found in the script. */
static void
use_name (Scan *scan, const char *name)
{
  const V2vFunctionSyntax *function = g_hash_table_lookup (scan->check->functions, name);
  g_autofree char *script = NULL;

  if (function == NULL)
    return;
  script = g_path_get_basename (scan->path);
  v2v_check_use (scan->check, &function->status, scan->call->call.place,
                 scan->call->file_length, "%s, which line %u of %s names,", name, scan->line,
                 script);
}

/* The offset after the long bracket ("[[", "[=[" ...) that begins at I; I itself if none begins
 * there. */
static gsize
skip_long (Scan *scan, const char *text, gsize length, gsize i)
{
  gsize level = 0, p = i + 1;

  while (p < length && text[p] == '=')
    level++, p++;
  if (p >= length || text[p] != '[')
    return i;
  for (p++; p < length; p++) {
    gsize q = p + 1;

    scan->line += text[p] == '\n';
    if (text[p] != ']')
      continue;
    while (q < length && text[q] == '=')
      q++;
    if (q < length && text[q] == ']' && q - p - 1 == level)
      return q + 1;
  }
  return length;
}

static gsize
skip_string (Scan *scan, const char *text, gsize length, gsize i)
{
  const char quote = text[i];

  for (i++; i < length && text[i] != quote && text[i] != '\n'; i++)
    if (text[i] == '\\' && i + 1 < length)
      scan->line += text[++i] == '\n';
  return MIN (i + 1, length);
}

static gboolean
is_name (char c)
{
  return g_ascii_isalnum (c) || c == '_';
}

/* Scans the Lua source in TEXT for names with dots and for "require". A full parser is not
 * needed, since only the names of declared functions matter. */
static void
scan_script (Scan *scan, const char *text, gsize length)
{
  g_autoptr (GString) name = g_string_new (NULL);
  char before = '\0'; /* the last character that was not white space */

  scan->line = 1;
  for (gsize i = 0; i < length;) {
    const char c = text[i];
    gsize end = i + 1;

    if (c == '\n') {
      scan->line++;
    } else if (c == '-' && i + 1 < length && text[i + 1] == '-') {
      end =
          i + 2 < length && text[i + 2] == '[' ? skip_long (scan, text, length, i + 2) : i + 2;
      if (end == i + 2)
        while (end < length && text[end] != '\n')
          end++;
    } else if (c == '"' || c == '\'') {
      end = skip_string (scan, text, length, i);
      if (strcmp (name->str, "require") == 0 && (before == 'e' || before == '(') &&
          end > i + 1) {
        g_autofree char *module = g_strndup (text + i + 1, end - i - 2);

        add_module (scan, module);
      }
      g_string_truncate (name, 0);
      before = c;
    } else if (c == '[') {
      const gsize after = skip_long (scan, text, length, i);

      end = MAX (end, after);
      g_string_truncate (name, 0);
      before = c;
    } else if (is_name (c)) {
      while (end < length && is_name (text[end]))
        end++;
      if (before != '.' && before != ':')
        g_string_truncate (name, 0);
      else if (before == '.' && name->len > 0)
        g_string_append_c (name, '.');
      else
        g_string_assign (name, ":"); /* a field or method of a value, not of a declared table */
      g_string_append_len (name, text + i, (gssize)(end - i));
      use_name (scan, name->str);
      before = text[end - 1];
    } else if (c == '.' && before != '.') {
      before = c;
    } else if (c == '(') {
      before = c;
    } else if (!g_ascii_isspace (c)) {
      g_string_truncate (name, 0);
      before = c == '.' ? ' ' : c; /* ".." is an operator, so a name after it is not a field */
    }
    i = end;
  }
}

void
v2v_check_script (V2vCheck *check, const V2vCallSyntax *syntax, const V2vRuleFile *file)
{
  g_autoptr (GHashTable) seen = NULL;
  g_autoptr (GPtrArray) modules = NULL;
  const char *const name = syntax->call.file, *const slash = strchr (name, '/');
  g_autofree char *directory = slash != NULL ? g_strndup (name, (gsize)(slash - name)) : NULL;
  Scan scan = {.check = check, .call = syntax, .file = file, .directory = directory};

  if (check->functions == NULL || g_hash_table_size (check->functions) == 0)
    return;
  scan.seen = seen = g_hash_table_new (NULL, NULL);
  scan.modules = modules = g_ptr_array_new ();
  g_hash_table_add (seen, (gpointer)syntax->call.path);
  g_ptr_array_add (modules, (gpointer)syntax->call.path);
  for (guint i = 0; i < modules->len; i++) {
    g_autofree char *text = NULL;
    gsize length;

    scan.path = g_ptr_array_index (modules, i);
    /* Ignore a script that cannot be read: loading it reports that. */
    if (g_file_get_contents (scan.path, &text, &length, NULL))
      scan_script (&scan, text, length);
  }
}

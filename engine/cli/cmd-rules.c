/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The command rules: lists what is loaded, and what hides, overrides or disables what.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <json-glib/json-glib.h>

#include "base/jsontext.h"
#include "base/log.h"
#include "cli/commands.h"
#include "cli/load-rules.h"

static const V2vOptionDef options[] = {
    {"files", NULL, "list the files, those that others hide too", FALSE},
    {"json", NULL, "print the list as JSON", FALSE},
    {NULL},
};

/* ---- what is asked for ---- */

/* PATTERN is a glob, or part of a name. NULL matches everything. */
static gboolean
fits (const char *pattern, const char *name, const char *origin)
{
  if (pattern == NULL)
    return TRUE;
  if (strpbrk (pattern, "*?") == NULL)
    return strstr (name, pattern) != NULL || strstr (origin, pattern) != NULL;
  return g_pattern_match_simple (pattern, name) || g_pattern_match_simple (pattern, origin);
}

static const char *
rule_dir_path (const V2vRuleSet *rules, guint rule_dir)
{
  return ((const V2vRuleDir *)rules->rule_dirs->pdata[rule_dir])->path;
}

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  if (value == NULL)
    return;
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
add_place (JsonBuilder *builder, const char *name, V2vPlace place)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
  add_string (builder, "path", place.file);
  json_builder_set_member_name (builder, "line");
  json_builder_add_int_value (builder, place.line);
  json_builder_end_object (builder);
}

static void
print_json (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = v2v_json_text (root, TRUE);

  printf ("%s\n", text);
}

/* ---- declarations ---- */

static const char *
state_of (const V2vListedDecl *decl)
{
  if (decl->by.file == NULL)
    return decl->is_override ? "override" : "in effect";
  return decl->is_disabled ? "disabled" : "overridden";
}

static void
print_decl (const V2vListedDecl *decl)
{
  v2v_printf ("%s:%u: %s %s", decl->place.file, decl->place.line, decl->kind, decl->name);
  if (decl->was != NULL)
    v2v_printf (" (was %s)", decl->was);
  if (decl->by.file != NULL)
    v2v_printf (" [%s by %s:%u]", state_of (decl), decl->by.file, decl->by.line);
  else if (decl->is_override)
    printf (" [override]");
  if (decl->describe != NULL) {
    g_autofree char *describe = v2v_printable (decl->describe, -1, FALSE);

    printf (": %s", describe);
  }
  putchar ('\n');
}

static void
add_decl (JsonBuilder *builder, const V2vRuleSet *rules, const V2vListedDecl *decl)
{
  json_builder_begin_object (builder);
  add_string (builder, "kind", decl->kind);
  add_string (builder, "name", decl->name);
  add_string (builder, "was", decl->was);
  add_string (builder, "describe", decl->describe);
  add_string (builder, "state", state_of (decl));
  add_place (builder, "at", decl->place);
  if (decl->by.file != NULL)
    add_place (builder, "by", decl->by);
  add_string (builder, "file", decl->origin);
  add_string (builder, "directory", rule_dir_path (rules, decl->rule_dir));
  json_builder_end_object (builder);
}

/* ---- files ---- */

static void
print_file (const V2vListedFile *file)
{
  v2v_printf ("%s", file->path);
  if (file->is_off)
    printf (": off");
  if (file->hidden_by != NULL)
    v2v_printf (": hidden by %s", file->hidden_by);
  putchar ('\n');
}

static void
add_file (JsonBuilder *builder, const V2vRuleSet *rules, const V2vListedFile *file)
{
  json_builder_begin_object (builder);
  add_string (builder, "path", file->path);
  add_string (builder, "file", file->origin);
  add_string (builder, "directory", rule_dir_path (rules, file->rule_dir));
  add_string (builder, "state",
              file->hidden_by != NULL ? "hidden"
              : file->is_off          ? "off"
                                      : "in effect");
  add_string (builder, "by", file->hidden_by);
  json_builder_end_object (builder);
}

static gint
compare_files (gconstpointer a, gconstpointer b)
{
  const V2vListedFile *x = a, *y = b;
  const int order = (x->rule_dir > y->rule_dir) - (x->rule_dir < y->rule_dir);

  return order != 0 ? order : strcmp (x->origin, y->origin);
}

static gboolean
run (V2vCommandLine *line, GError **error)
{
  const char *pattern = line->words->len > 0 ? line->words->pdata[0] : NULL;
  const gboolean files = v2v_option_is_set (line->values, "files");
  const gboolean as_json = v2v_option_is_set (line->values, "json");
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  guint listed = 0;

  /* --files lists the files of tests, too. */
  line->rules = v2v_load_rules (line, NULL, files, error);
  if (line->rules == NULL)
    return FALSE;
  json_builder_begin_array (builder);
  g_array_sort (line->rules->listed_files, compare_files);
  for (guint i = 0; files && i < line->rules->listed_files->len; i++) {
    const V2vListedFile *file = &g_array_index (line->rules->listed_files, V2vListedFile, i);

    if (!fits (pattern, file->path, file->origin))
      continue;
    listed++;
    if (as_json)
      add_file (builder, line->rules, file);
    else
      print_file (file);
  }
  for (guint i = 0; !files && i < line->rules->listed_decls->len; i++) {
    const V2vListedDecl *decl = &g_array_index (line->rules->listed_decls, V2vListedDecl, i);

    if (!fits (pattern, decl->name, decl->origin))
      continue;
    listed++;
    if (as_json)
      add_decl (builder, line->rules, decl);
    else
      print_decl (decl);
  }
  json_builder_end_array (builder);
  if (as_json)
    print_json (builder);
  if (listed > 0 || pattern == NULL)
    return TRUE;
  g_set_error (error, V2V_ERROR, V2V_EXIT_NOINPUT,
               "%s: no %s is called so; give part of a name or of a file's path, or a pattern "
               "with * and ?; v2v-engine rules lists all",
               pattern, files ? "rule file" : "rule, provider, probe, option or operation");
  return FALSE;
}

const V2vCommand v2v_command_rules = {
    .name = "rules",
    .arguments = "[PATTERN]",
    .help = "list the loaded rules with their files, and what overrides them",
    .options = options,
    .own_rules = TRUE,
    .words_max = 1,
    .run = run,
};

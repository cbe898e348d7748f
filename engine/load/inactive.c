/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Explains which declarations of a name are not in effect: those that are disabled,
 * overridden, or in a file that another one hides. The files are read again for this, because
 * only users ask for it, seldom.
 */
#include "config.h"

#include <sys/stat.h>

#include "load/files.h"
#include "load/load.h"
#include "syntax/parser.h"

#define DIRECTORY_DEPTH_MAX 16

typedef struct {
  const char *path, *origin; /* interned */
  guint rule_dir;
} Found;

typedef struct {
  const char *name;
  GArray *files; /* Found */
  /* origin -> path in the rule directory of the highest precedence that has it */
  GHashTable *top;
  V2vArena *arena;
  GString *hidden; /* lines about declarations in hidden files */
  /* those of the rule directories with the highest precedence */
  const V2vDecl *override, *disable;
  /* V2vDecl: declarations of the name in files that are read */
  GPtrArray *decls;
} Search;

static void
search_directory (Search *search, const char *dir, const char *relative, guint rule_dir,
                  guint depth)
{
  g_autoptr (GDir) directory = depth < DIRECTORY_DEPTH_MAX ? g_dir_open (dir, 0, NULL) : NULL;
  const char *name;

  while (directory && (name = g_dir_read_name (directory)) != NULL) {
    g_autofree char *path = g_build_filename (dir, name, NULL);
    g_autofree char *origin =
        *relative ? g_strdup_printf ("%s/%s", relative, name) : g_strdup (name);
    struct stat status;

    if (name[0] == '.' || lstat (path, &status) != 0)
      continue;
    if (S_ISDIR (status.st_mode)) {
      search_directory (search, path, origin, rule_dir, depth + 1);
    } else if (g_str_has_suffix (name, ".v2v") && !g_str_has_suffix (name, ".test.v2v")) {
      const Found found = {g_intern_string (path), v2v_intern (origin), rule_dir};

      g_array_append_val (search->files, found);
      if (!g_hash_table_contains (search->top, found.origin))
        g_hash_table_insert (search->top, (gpointer)found.origin, (gpointer)found.path);
    }
  }
}

static gint
compare_found (gconstpointer a, gconstpointer b)
{
  const Found *x = a, *y = b;
  const int order = (x->rule_dir > y->rule_dir) - (x->rule_dir < y->rule_dir);

  return order != 0 ? order : strcmp (x->origin, y->origin);
}

static gboolean
is_subject (V2vDeclKind kind)
{
  return kind == V2V_DECL_RULE || kind == V2V_DECL_PROVIDER || kind == V2V_DECL_PROBE;
}

static void
look_at_decl (Search *search, const V2vDecl *decl, const char *hider)
{
  const V2vRuleSyntax *rule = (const V2vRuleSyntax *)decl;
  const gboolean was = decl->kind == V2V_DECL_RULE && rule->was.name &&
                       strcmp (rule->was.name, search->name) == 0;

  if (!decl->name.name || (strcmp (decl->name.name, search->name) != 0 && !was))
    return;
  if (hider) {
    if (is_subject (decl->kind))
      g_string_append_printf (search->hidden, "\n%s %s (%s:%u) is in a file that %s %s",
                              v2v_decl_kind_name (decl->kind), search->name,
                              decl->name.place.file, decl->name.place.line, hider,
                              g_file_test (hider, G_FILE_TEST_IS_REGULAR)
                                  ? "hides"
                                  : "turns off (a link to /dev/null)");
  } else if (decl->kind == V2V_DECL_DISABLE) {
    if (!search->disable)
      search->disable = decl;
  } else if (is_subject (decl->kind)) {
    g_ptr_array_add (search->decls, (gpointer)decl);
    if (decl->override && !search->override)
      search->override = decl;
  }
}

static void
look_at_file (Search *search, const Found *found)
{
  const char *top = g_hash_table_lookup (search->top, found->origin);
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  V2vRuleFile *file = v2v_arena_new0 (search->arena, V2vRuleFile);
  V2vSyntax syntax = {0};
  struct stat status;

  if (stat (found->path, &status) != 0 || !S_ISREG (status.st_mode))
    return;
  file->path = found->path;
  file->origin = found->origin;
  file->rule_dir = found->rule_dir;
  if (!v2v_read_rule_file (file, diags))
    return;
  syntax.decls = g_ptr_array_new ();
  syntax.lost = g_hash_table_new (g_str_hash, g_str_equal);
  v2v_parse (search->arena, file, diags, &syntax, NULL);
  for (guint i = 0; i < syntax.decls->len; i++)
    look_at_decl (search, syntax.decls->pdata[i], top != found->path ? top : NULL);
  g_ptr_array_unref (syntax.decls);
  g_hash_table_unref (syntax.lost);
  g_clear_pointer (&file->text, g_free);
}

char *
v2v_ruleset_why_inactive (const V2vRuleSet *rules, const char *name)
{
  g_autoptr (GArray) files = g_array_new (FALSE, FALSE, sizeof (Found));
  g_autoptr (GHashTable) top = g_hash_table_new (NULL, NULL);
  g_autoptr (GString) hidden = g_string_new (NULL), text = g_string_new (NULL);
  g_autoptr (GPtrArray) decls = g_ptr_array_new ();
  V2vArena *arena = v2v_arena_new ();
  Search search = {.name = name,
                   .files = files,
                   .top = top,
                   .arena = arena,
                   .hidden = hidden,
                   .decls = decls};

  for (guint i = 0; i < rules->rule_dirs->len; i++) {
    g_autofree char *dir = g_build_filename (
        ((const V2vRuleDir *)rules->rule_dirs->pdata[i])->path, "rules", NULL);

    search_directory (&search, dir, "", i, 0);
  }
  g_array_sort (files, compare_found);
  for (guint i = 0; i < files->len; i++)
    look_at_file (&search, &g_array_index (files, Found, i));
  for (guint i = 0; i < decls->len; i++) {
    const V2vDecl *decl = g_ptr_array_index (decls, i);
    const V2vDecl *by =
        search.override && decl != search.override ? search.override : search.disable;

    /* A "disable" affects its own rule directory and those of lower precedence. */
    if (!by || (by == search.disable && by->file->rule_dir > decl->file->rule_dir))
      continue;
    g_string_append_printf (text, "\n%s %s (%s:%u) is %s at %s:%u",
                            v2v_decl_kind_name (decl->kind), decl->name.name,
                            decl->name.place.file, decl->name.place.line,
                            by == search.disable ? "disabled" : "overridden",
                            by->name.place.file, by->name.place.line);
  }
  g_string_append (text, hidden->str);
  v2v_arena_free (arena);
  return text->len > 0 ? g_strdup (text->str + 1) : NULL;
}

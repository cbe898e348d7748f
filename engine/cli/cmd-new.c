/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The command new: writes the first files for a guest, hypervisor or driver that no rule knows.
 *
 * The kinds are data: each is a directory below templates/ of a rule directory, with a
 * template.ini. In its group [template], "describe" is a text to display; "new-word-of" is a
 * field that must not have the word NAME yet; "like" is the field whose word --like gives, and
 * "like-from" a field from which the rules derive it; "dash" replaces each - in NAME. The groups
 * [files] and, with --like, [files-like] map files of the directory to the paths of the files to
 * write. NAME in such a path, and @NAME@ and @LIKE@ in the text, are replaced.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "cli/commands.h"
#include "cli/load-rules.h"
#include "plan/plan.h"

#define NAME_MAX_LENGTH 60

static const V2vOptionDef options[] = {
    {"like", "NAME", "what it does things like: a family, or a system of one", FALSE},
    {"dir", "DIR", "the directory that gets rules/ (default: my)", FALSE},
    {NULL},
};

typedef struct {
  const V2vRuleSet *rules;
  const char *kind;
  char *name;
  char *dir;          /* where files are written */
  char *like;         /* word for @LIKE@, or NULL */
  char *directory;    /* of the template */
  GKeyFile *template; /* its template.ini */
  GPtrArray *paths;   /* char *: what is to be written ... */
  GPtrArray *texts;   /* char *: ... and its text */
} New;

static void
new_clear (New *new)
{
  g_free (new->name);
  g_free (new->dir);
  g_free (new->like);
  g_free (new->directory);
  g_clear_pointer (&new->template, g_key_file_unref);
  g_ptr_array_unref (new->paths);
  g_ptr_array_unref (new->texts);
}

/* ---- kinds ---- */

static gint
compare_kinds (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* The names of all kinds, of all rule directories. */
GPtrArray *
v2v_template_kinds (const V2vRuleSet *rules)
{
  GPtrArray *kinds = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < rules->rule_dirs->len; i++) {
    const V2vRuleDir *rule_dir = rules->rule_dirs->pdata[i];
    g_autofree char *path = g_build_filename (rule_dir->path, "templates", NULL);
    g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
      g_autofree char *file = g_build_filename (name, "template.ini", NULL);

      if (v2v_find_script (rules->rule_dirs, "templates", file) != NULL &&
          !g_ptr_array_find_with_equal_func (kinds, name, g_str_equal, NULL))
        g_ptr_array_add (kinds, g_strdup (name));
    }
  }
  g_ptr_array_sort (kinds, compare_kinds);
  return kinds;
}

/* "a, b or c" of KINDS, each with what its template says. */
static char *
kinds_text (const V2vRuleSet *rules, const GPtrArray *kinds)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < kinds->len; i++) {
    g_autofree char *file = g_build_filename (kinds->pdata[i], "template.ini", NULL);
    g_autoptr (GKeyFile) template = g_key_file_new ();
    g_autofree char *describe = NULL;

    if (g_key_file_load_from_file (template,
                                   v2v_find_script (rules->rule_dirs, "templates", file),
                                   G_KEY_FILE_NONE, NULL))
      describe = g_key_file_get_string (template, "template", "describe", NULL);
    g_string_append_printf (text, "%s%s (%s)", i > 0 ? ", " : "", (char *)kinds->pdata[i],
                            describe != NULL ? describe : "no description");
  }
  return g_string_free (text, FALSE);
}

static gboolean
find_template (New *new, GError **error)
{
  g_autoptr (GPtrArray) kinds = v2v_template_kinds (new->rules);
  g_autofree char *file = g_build_filename (new->kind, "template.ini", NULL);
  const char *path;
  g_autoptr (GError) local = NULL;

  if (!g_ptr_array_find_with_equal_func (kinds, new->kind, g_str_equal, NULL)) {
    g_autofree char *known = kinds_text (new->rules, kinds);

    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                 "new %s: there is no such kind; there are: %s", new->kind, known);
    return FALSE;
  }
  path = v2v_find_script (new->rules->rule_dirs, "templates", file);
  new->directory = g_path_get_dirname (path);
  new->template = g_key_file_new ();
  if (g_key_file_load_from_file (new->template, path, G_KEY_FILE_NONE, &local))
    return TRUE;
  g_set_error (error, V2V_ERROR, V2V_EXIT_CONFIG, "%s: %s", path, local->message);
  return FALSE;
}

/* ---- names ---- */

static gboolean
check_name (const char *name, GError **error)
{
  if (!g_ascii_isalpha (name[0])) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                 "the name \"%s\" does not begin with a letter, as names in rules do: give one "
                 "like it that does, and write the real one in quotes where the file compares "
                 "with it",
                 name);
    return FALSE;
  }
  if (strlen (name) > NAME_MAX_LENGTH) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                 "the name \"%.*s...\" is too long: a name has at most %d characters",
                 NAME_MAX_LENGTH, name, NAME_MAX_LENGTH);
    return FALSE;
  }
  for (const char *c = name; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && *c != '-' && *c != '_') {
      g_autofree char *at = g_utf8_validate (c, -1, NULL)
                                ? g_strndup (c, (gsize)(g_utf8_next_char (c) - c))
                                : g_strdup_printf ("\\x%02x", (guchar)*c);

      g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                   "the name \"%s\" has a \"%s\" in it: names in rules are made of the letters "
                   "A to Z, digits, _ and -",
                   name, at);
      return FALSE;
    }
  return TRUE;
}

/* The field FACT.FIELD that KEY of the template names; NULL without an error if the template
 * has no such key. */
static V2vField *
template_field (const New *new, const char *key, GError **error)
{
  g_autofree char *text = g_key_file_get_string (new->template, "template", key, NULL);
  g_auto (GStrv) parts = text != NULL ? g_strsplit (text, ".", 2) : NULL;
  const V2vFactDecl *fact =
      parts != NULL && parts[0] != NULL ? v2v_schema_fact (new->rules->schema, parts[0]) : NULL;
  V2vField *field =
      fact != NULL && parts[1] != NULL ? v2v_fact_decl_field (fact, parts[1]) : NULL;

  if (text != NULL && (field == NULL || field->type.words == NULL))
    g_set_error (error, V2V_ERROR, V2V_EXIT_CONFIG,
                 "%s/template.ini: %s=%s: expected a field that has words, FACT.FIELD",
                 new->directory, key, text);
  return field;
}

/* WORD as declared for FIELD, or NULL. */
static const char *
word_of (const V2vField *field, const char *word)
{
  const char *canonical = v2v_enum_canonical (field->type.words, word);

  return v2v_enum_has (field->type.words, canonical) ? canonical : NULL;
}

/* Is NAME new? */
static gboolean
check_new (const New *new, GError **error)
{
  GError *local = NULL;
  const V2vField *field = template_field (new, "new-word-of", &local);

  if (local != NULL) {
    g_propagate_error (error, local);
    return FALSE;
  }
  if (field == NULL || word_of (field, new->name) == NULL)
    return TRUE;
  g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
               "the %s %s is known already, as a word of %s.%s; v2v-engine rules lists what "
               "there is, and override rule NAME replaces a rule",
               new->kind, new->name, field->fact->name, field->name);
  return FALSE;
}

/* The word of FIELD that the rules derive for a guest of which nothing is known but that FROM
 * is WORD; NULL if they derive none. To be freed with g_free. */
static char *
derive (const New *new, const V2vField *field, const V2vField *from, const char *word,
        GError **error)
{
  g_autoptr (V2vStore) store = v2v_store_new (new->rules->schema);
  const V2vPlanInput input = {.rules = new->rules, .store = store, .closed_world = TRUE};
  V2vValue value;

  if (!v2v_field_parse (from, word, &value) ||
      !v2v_store_set (store, v2v_store_single (store, from->fact), from, value, "--like", NULL,
                      error) ||
      !v2v_derive (&input, error))
    return NULL;
  value = v2v_store_single (store, field->fact)->values[field->index];
  return v2v_value_is_set (value) ? g_strdup (value.text) : NULL;
}

static gboolean
find_like (New *new, const char *like, GError **error)
{
  GError *local = NULL;
  const V2vField *field = template_field (new, "like", &local);
  const V2vField *from = local == NULL ? template_field (new, "like-from", &local) : NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const char *nearest;

  if (local != NULL) {
    g_propagate_error (error, local);
    return FALSE;
  }
  if (field == NULL) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                 "--like %s: nothing is like another %s here; leave --like out", like,
                 new->kind);
    return FALSE;
  }
  new->like = g_strdup (word_of (field, like));
  if (new->like == NULL && from != NULL &&word_of (from, like) != NULL) {
    new->like = derive (new, field, from, word_of (from, like), &local);
    if (local != NULL) {
      g_propagate_error (error, local);
      return FALSE;
    }
    if (new->like == NULL) {
      g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                   "--like %s: no rule derives %s.%s from this name alone; give a word of "
                   "%s.%s itself",
                   like, field->fact->name, field->name, field->fact->name, field->name);
      return FALSE;
    }
  }
  if (new->like != NULL)
    return TRUE;
  for (guint i = 0; i < field->type.words->values->len; i++)
    g_ptr_array_add (names, field->type.words->values->pdata[i]);
  for (guint i = 0; from != NULL && i < from->type.words->values->len; i++)
    g_ptr_array_add (names, from->type.words->values->pdata[i]);
  nearest = v2v_nearest (like, names);
  g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
               "--like %s: expected a word of %s.%s%s%s%s%s%s%s%s", like, field->fact->name,
               field->name, from != NULL ? " or " : "", from != NULL ? from->fact->name : "",
               from != NULL ? "." : "", from != NULL ? from->name : "",
               nearest != NULL ? "; did you mean " : "", nearest != NULL ? nearest : "",
               nearest != NULL ? "?" : "");
  return FALSE;
}

/* ---- files ---- */

static char *
replace (const char *text, const char *what, const char *with)
{
  g_auto (GStrv) parts = g_strsplit (text, what, -1);

  return g_strjoinv (with, parts);
}

/* Is PATH one below the directory that it is relative to? */
static gboolean
stays_below (const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);

  return *path != '\0' && *path != '/' && !g_strv_contains ((const char *const *)parts, "..");
}

/* Makes all texts, writing nothing. */
static gboolean
render (New *new, GError **error)
{
  const char *group = new->like != NULL ? "files-like" : "files";
  g_auto (GStrv) files = g_key_file_get_keys (new->template, group, NULL, error);

  if (files == NULL || files[0] == NULL) {
    g_clear_error (error);
    g_set_error (error, V2V_ERROR, V2V_EXIT_CONFIG,
                 "%s/template.ini: [%s] names no file that is to be made", new->directory,
                 group);
    return FALSE;
  }
  for (guint i = 0; files[i] != NULL; i++) {
    g_autofree char *source = g_build_filename (new->directory, files[i], NULL);
    g_autofree char *target = g_key_file_get_string (new->template, group, files[i], NULL);
    g_autofree char *path = NULL;
    g_autofree char *text = NULL;
    g_autofree char *named = NULL;

    if (target == NULL || !stays_below (target)) {
      g_set_error (
          error, V2V_ERROR, V2V_EXIT_CONFIG,
          "%s/template.ini: %s=%s: expected a path below the directory that gets rules/",
          new->directory, files[i], target != NULL ? target : "");
      return FALSE;
    }
    path = replace (target, "NAME", new->name);
    if (!g_file_get_contents (source, &text, NULL, error))
      return FALSE;
    named = replace (text, "@NAME@", new->name);
    g_ptr_array_add (new->paths, g_build_filename (new->dir, path, NULL));
    g_ptr_array_add (new->texts, replace (named, "@LIKE@", new->like != NULL ? new->like : ""));
  }
  return TRUE;
}

/* Writes TEXT into a file PATH that is not there. */
static gboolean
write_file (const char *path, const char *text, GError **error)
{
  g_autofree char *directory = g_path_get_dirname (path);
  const gsize length = strlen (text);
  gsize done = 0;
  int fd;

  if (g_mkdir_with_parents (directory, 0777) != 0) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_CANTCREAT, "the directory %s cannot be made: %s",
                 directory, g_strerror (errno));
    return FALSE;
  }
  fd = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd < 0 && errno == EEXIST) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_CANTCREAT,
                 "%s is there already, and is not overwritten: give another --dir, or move it",
                 path);
    return FALSE;
  }
  while (fd >= 0 && done < length) {
    const ssize_t wrote = write (fd, text + done, length - done);

    if (wrote < 0 && errno != EINTR)
      break;
    done += wrote > 0 ? (gsize)wrote : 0;
  }
  if (fd >= 0 && done == length && close (fd) == 0)
    return TRUE;
  v2v_error_set_errno (error, errno, "%s cannot be written", path);
  if (fd >= 0)
    unlink (path);
  return FALSE;
}

/* Do the rules still load, with the new files? */
static gboolean
check_written (const V2vCommandLine *line, const New *new, GError **error)
{
  g_autoptr (GPtrArray) rule_files = g_ptr_array_new ();
  g_autoptr (V2vRuleSet) rules = NULL;

  for (guint i = 0; i < new->paths->len; i++)
    if (g_str_has_suffix (new->paths->pdata[i], ".v2v"))
      g_ptr_array_add (rule_files, new->paths->pdata[i]);
  g_ptr_array_add (rule_files, NULL);
  rules = v2v_load_rules (line, (const char *const *)rule_files->pdata, TRUE, error);
  return rules != NULL;
}

/* Writes everything, or nothing. */
static gboolean
write_all (const V2vCommandLine *line, const New *new, GError **error)
{
  guint written = 0;

  while (written < new->paths->len &&
         write_file (new->paths->pdata[written], new->texts->pdata[written], error))
    written++;
  if (written == new->paths->len && check_written (line, new, error))
    return TRUE;
  if (written == new->paths->len)
    g_prefix_error (
        error,
        "with files for the name %s (which were removed again; choose another): ", new->name);
  while (written > 0)
    unlink (new->paths->pdata[--written]);
  return FALSE;
}

/* What to do next, as commands that can be run as they are. */
static void
print_next (const New *new)
{
  g_autofree char *dir = g_shell_quote (new->dir);
  const char *shown = strpbrk (new->dir, " '\"\\$`*?[]();&|<>#~!") != NULL ? dir : new->dir;

  for (guint i = 0; i < new->paths->len; i++)
    printf ("%s\n", (char *)new->paths->pdata[i]);
  printf ("\nNext: fill in what is special, then\n"
          "  v2v-engine check --rules-dir %s\n"
          "  v2v-engine test --rules-dir %s\n"
          "  v2v-engine plan --rules-dir %s guest.xml\n",
          shown, shown, shown);
}

/* NAME with its dashes replaced as the template of the kind says. */
static void
spell_name (New *new)
{
  g_autofree char *dash = g_key_file_get_string (new->template, "template", "dash", NULL);

  if (dash != NULL) {
    char *name = replace (new->name, "-", dash);

    g_free (new->name);
    new->name = name;
  }
}

static gboolean
make (const V2vCommandLine *line, New *new, GError **error)
{
  const char *like = v2v_option_get (line->values, "like");

  if (!find_template (new, error) || !check_name (new->name, error))
    return FALSE;
  spell_name (new);
  if (!check_new (new, error) || (like != NULL && !find_like (new, like, error)) ||
      !render (new, error) || !write_all (line, new, error))
    return FALSE;
  print_next (new);
  return TRUE;
}

static gboolean
run (V2vCommandLine *line, GError **error)
{
  const char *dir = v2v_option_get (line->values, "dir");
  New new = {.rules = line->rules,
             .kind = line->words->pdata[0],
             .name = g_strdup (line->words->pdata[1]),
             .dir = g_strdup (dir != NULL ? dir : "my"),
             .paths = g_ptr_array_new_with_free_func (g_free),
             .texts = g_ptr_array_new_with_free_func (g_free)};
  gboolean ok = FALSE;

  if (*new.dir != '\0')
    ok = make (line, &new, error);
  else
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                 "--dir is empty: expected the directory that gets rules/");
  new_clear (&new);
  return ok;
}

const V2vCommand v2v_command_new = {
    .name = "new",
    .arguments = "KIND NAME",
    .help = "write first rules and tests for a guest, hypervisor or driver (KIND) called NAME",
    .options = options,
    .words_min = 2,
    .words_max = 2,
    .run = run,
};

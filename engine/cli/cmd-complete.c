/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The command complete: prints the completions of the last word of a command line, for the
 * shells' scripts in completions/. They come from the tables of options and from the rules in
 * effect, so they are never out of date.
 *
 * Each is printed on a line: the word and, after a tab, its meaning. The line ":files" or
 * ":directories" asks the shell to complete names of files itself.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "cli/commands.h"
#include "cli/job.h"
#include "load/load.h"
#include "storage/storages.h"

typedef struct {
  V2vCommandLine *line; /* of the words before the last */
  GArray *owners;       /* V2vOptionOwner: of what is chosen */
  const char *word;     /* the last */
} Complete;

/* ---- output ---- */

/* Prints PREFIX and TEXT if TEXT begins with the word that is to be completed. HELP may be
 * NULL. */
static void
offer (const Complete *complete, const char *prefix, const char *text, const char *help)
{
  g_autofree char *whole = g_strconcat (prefix, text, NULL);
  g_autofree char *line = help != NULL ? v2v_printable (help, -1, FALSE) : NULL;

  if (g_str_has_prefix (whole, complete->word))
    printf ("%s%s%s\n", whole, line != NULL ? "\t" : "", line != NULL ? line : "");
}

static void
offer_enum (const Complete *complete, const char *prefix, const V2vEnum *words)
{
  for (guint i = 0; i < words->values->len; i++)
    offer (complete, prefix, words->values->pdata[i], NULL);
}

/* ---- options ---- */

/* The option NAME of one of OWNERS, or NULL. */
static const V2vOptionDef *
find_def (const GArray *owners, const char *name)
{
  for (guint i = 0; i < owners->len; i++)
    for (const V2vOptionDef *def = g_array_index (owners, V2vOptionOwner, i).options; def->name;
         def++)
      if (g_str_equal (def->name, name))
        return def;
  return NULL;
}

static const V2vOption *
find_rule_option (const V2vRuleSet *rules, const char *name)
{
  for (guint i = 0; rules != NULL && i < rules->options->len; i++) {
    const V2vOption *option = rules->options->pdata[i];

    if (g_str_equal (option->name, name))
      return option;
  }
  return NULL;
}

static void
offer_options (const Complete *complete)
{
  const V2vCommandLine *line = complete->line;
  const V2vCommand *command = v2v_command_find (line, line->command);

  for (guint i = 0; i < complete->owners->len; i++)
    for (const V2vOptionDef *def = g_array_index (complete->owners, V2vOptionOwner, i).options;
         def->name; def++)
      if (def->many || !v2v_option_is_set (line->values, def->name))
        offer (complete, "--", def->name, def->help);
  for (guint i = 0; command->converts && line->rules != NULL && i < line->rules->options->len;
       i++) {
    const V2vOption *option = line->rules->options->pdata[i];

    if (!v2v_option_is_set (line->values, option->name))
      offer (complete, "--", option->name, option->describe);
  }
}

/* ---- values ---- */

static gboolean
go_together (const V2vStorage *storage, const V2vOutput *output)
{
  return g_strv_contains (output->storages, storage->name);
}

/* Completes an option whose values are names of sources, storages, outputs and the like;
 * FALSE if NAME is not such an option. */
static gboolean
offer_choices (const Complete *complete, const char *prefix, const char *name)
{
  const V2vOptionValues *values = complete->line->values;

  if (g_str_equal (name, "source")) {
    for (int i = 0; v2v_sources[i] != NULL; i++)
      offer (complete, prefix, v2v_sources[i]->name, v2v_sources[i]->help);
  } else if (g_str_equal (name, "storage")) {
    for (int i = 0; v2v_storages[i] != NULL; i++)
      if (!v2v_option_is_set (values, "output") ||
          go_together (v2v_storages[i], complete->line->output))
        offer (complete, prefix, v2v_storages[i]->name, v2v_storages[i]->help);
  } else if (g_str_equal (name, "output")) {
    for (int i = 0; v2v_outputs[i] != NULL; i++)
      if (go_together (complete->line->storage, v2v_outputs[i]))
        offer (complete, prefix, v2v_outputs[i]->name, v2v_outputs[i]->help);
  } else {
    return FALSE;
  }
  return TRUE;
}

/* Completes an option by its metavar: a|b lists words, FILE and DIR ask for names of files. */
static void
offer_by_metavar (const Complete *complete, const char *prefix, const char *metavar)
{
  static const char *const files[] = {"FILE", "PATH", "DEVICE", "LABEL=FILE", NULL};

  if (g_str_equal (metavar, "DIR")) {
    puts (":directories");
  } else if (g_strv_contains (files, metavar)) {
    puts (":files");
  } else if (strspn (metavar, "abcdefghijklmnopqrstuvwxyz0123456789-|") == strlen (metavar) &&
             strchr (metavar, '|') != NULL) {
    g_auto (GStrv) words = g_strsplit (metavar, "|", -1);

    for (guint i = 0; words[i] != NULL; i++)
      offer (complete, prefix, words[i], NULL);
  }
}

/* Completes an option whose values rules declare; FALSE if NAME is not such an option. */
static gboolean
offer_from_rules (const Complete *complete, const char *prefix, const char *name)
{
  const V2vRuleSet *rules = complete->line->rules;
  const V2vOption *option = find_rule_option (rules, name);

  if (rules == NULL)
    return FALSE;
  if (option != NULL) {
    if (option->field->type.words != NULL)
      offer_enum (complete, prefix, option->field->type.words);
    else if (option->metavar != NULL)
      offer_by_metavar (complete, prefix, option->metavar);
    return TRUE;
  }
  if (g_str_equal (name, "provider")) {
    for (guint i = 0; i < rules->operations->len; i++) {
      const V2vOperation *operation = rules->operations->pdata[i];

      for (guint j = 0; j < operation->providers->len; j++) {
        const V2vProvider *provider = operation->providers->pdata[j];
        g_autofree char *text = g_strdup_printf ("%s=%s", operation->name, provider->name);

        offer (complete, prefix, text, provider->describe);
      }
    }
    return TRUE;
  }
  /* An option that sets a fact whose words are declared in an enum. */
  for (guint i = 0; i < rules->schema->facts->len; i++) {
    const V2vFactDecl *fact = rules->schema->facts->pdata[i];

    for (guint j = 0; fact->origin == V2V_ORIGIN_CHOICE && j < fact->fields->len; j++) {
      const V2vField *field = fact->fields->pdata[j];

      if (g_strcmp0 (field->from, name) == 0 && field->type.words != NULL) {
        offer_enum (complete, prefix, field->type.words);
        return TRUE;
      }
    }
  }
  return FALSE;
}

static void
offer_value (const Complete *complete, const char *prefix, const char *name)
{
  const V2vOptionDef *def = find_def (complete->owners, name);

  if (!offer_choices (complete, prefix, name) && !offer_from_rules (complete, prefix, name) &&
      def != NULL && def->metavar != NULL)
    offer_by_metavar (complete, prefix, def->metavar);
}

/* ---- words that are no options ---- */

static void
offer_words (const Complete *complete, gboolean named)
{
  const V2vCommandLine *line = complete->line;
  const V2vCommand *command = v2v_command_find (line, line->command);
  g_auto (GStrv) arguments = g_strsplit (command->arguments, " ", -1);
  const char *argument = NULL;

  if (!named && line->words->len == 0)
    for (int i = 0; line->commands[i] != NULL; i++)
      offer (complete, "", line->commands[i]->name, line->commands[i]->help);
  for (guint i = 0; i <= line->words->len && arguments[i] != NULL; i++)
    argument = g_str_equal (arguments[i], "...]") || g_str_equal (arguments[i], "...")
                   ? argument
                   : arguments[i];
  if (line->words->len >= command->words_max || argument == NULL)
    return;
  if (g_str_equal (argument, "[PATTERN]")) {
    for (guint i = 0; line->rules != NULL && i < line->rules->listed_decls->len; i++) {
      const V2vListedDecl *decl = &g_array_index (line->rules->listed_decls, V2vListedDecl, i);

      g_autofree char *name = g_strndup (decl->name, strcspn (decl->name, " "));

      offer (complete, "", name, decl->describe);
    }
  } else if (g_str_equal (argument, "KIND")) {
    g_autoptr (GPtrArray) kinds = line->rules != NULL ? v2v_template_kinds (line->rules) : NULL;

    for (guint i = 0; kinds != NULL && i < kinds->len; i++)
      offer (complete, "", kinds->pdata[i], NULL);
  } else if (g_str_equal (argument, "DIR")) {
    puts (":directories");
  } else if (!g_str_equal (argument, "NAME") && !g_str_equal (argument, "[NAME]") &&
             !g_str_equal (argument, "--")) {
    puts (":files");
  }
}

/* ---- the command line so far ---- */

/* The rules in effect, or NULL. Errors in them are not printed, since they would disturb the
 * shell. */
static V2vRuleSet *
load_quietly (const V2vCommandLine *line)
{
  g_autoptr (GPtrArray) rule_dirs =
      v2v_rule_dirs_default (v2v_option_get_all (line->values, "rules-dir"));
  g_autoptr (V2vDiags) diags = v2v_diags_new ();

  return v2v_ruleset_load (rule_dirs, NULL, FALSE, NULL, diags);
}

/* ARGV is still being typed, so errors in it are ignored. */
static void
read_line (V2vCommandLine *line, char **argv)
{
  g_autoptr (GError) error = NULL;

  if (!v2v_command_line_first (line, argv, &error)) {
    line->storage = line->storage != NULL ? line->storage : v2v_storages[0];
    line->output = line->output != NULL ? line->output : v2v_outputs[0];
  }
}

/* The option whose value the last of WORDS is, without its dashes, or NULL. PREFIX_R gets what
 * stands before the value in that word. */
static char *
awaits_value (const V2vCommandLine *line, const GPtrArray *words, const V2vRuleSet *rules,
              char **prefix_r)
{
  g_autoptr (GArray) all = v2v_option_owners_all (line);
  const char *word = words->pdata[words->len - 1];
  const char *equals = strchr (word, '=');
  const char *before = words->len > 1 ? words->pdata[words->len - 2] : "";
  const V2vOptionDef *def;
  const V2vOption *option;

  if (g_str_has_prefix (word, "--") && equals != NULL) {
    *prefix_r = g_strndup (word, (gsize)(equals - word) + 1);
    return g_strndup (word + 2, (gsize)(equals - word) - 2);
  }
  if (!g_str_has_prefix (before, "--") || strchr (before, '=') != NULL)
    return NULL;
  def = find_def (all, before + 2);
  option = find_rule_option (rules, before + 2);
  if ((def == NULL || def->metavar == NULL) &&
      (option == NULL || option->kind == V2V_OPTION_FLAG))
    return NULL;
  *prefix_r = g_strdup ("");
  return g_strdup (before + 2);
}

static gboolean
run (V2vCommandLine *line, GError **error G_GNUC_UNUSED)
{
  GPtrArray *words = line->words;
  Complete complete = {.word = words->pdata[words->len - 1]};
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (V2vCommandLine) first = v2v_command_line_new (line->commands);
  g_autoptr (V2vCommandLine) second = v2v_command_line_new (line->commands);
  g_autofree char *prefix = NULL;
  g_autofree char *option = NULL;
  gboolean named;

  g_ptr_array_add (argv, (gpointer) "v2v-engine");
  for (guint i = 0; i + 1 < words->len; i++)
    g_ptr_array_add (argv, words->pdata[i]);
  g_ptr_array_add (argv, NULL);
  read_line (first, (char **)argv->pdata);
  second->rules = load_quietly (first);
  option = awaits_value (line, words, second->rules, &prefix);
  if (option != NULL && *prefix == '\0') {
    /* Without the option that waits for its value. */
    g_ptr_array_set_size (argv, (int)argv->len - 2);
    g_ptr_array_add (argv, NULL);
  }
  read_line (second, (char **)argv->pdata);
  for (int i = 0; v2v_sources[i] != NULL && second->source == NULL && second->words->len > 0;
       i++)
    if (v2v_sources[i]->fits (second->words->pdata[0]))
      second->source = v2v_sources[i];
  if (second->source == NULL)
    second->source = v2v_sources[0];
  if (!v2v_command_find (line, second->command)->converts)
    second->source = NULL, second->storage = NULL, second->output = NULL;
  named = argv->len > 2 && v2v_command_find (line, argv->pdata[1]) != NULL;

  complete.line = second;
  complete.owners = v2v_option_owners (second);
  if (option != NULL)
    offer_value (&complete, prefix, option);
  else if (complete.word[0] == '-')
    offer_options (&complete);
  else
    offer_words (&complete, named);
  g_array_unref (complete.owners);
  return TRUE;
}

const V2vCommand v2v_command_complete = {
    .name = "complete",
    .arguments = "-- WORD ...",
    .help = "print completions for the last WORD of a command line, for shells",
    .own_rules = TRUE,
    .words_min = 1,
    .words_max = G_MAXUINT,
    .run = run,
};

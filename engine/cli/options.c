/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The command line, parsed in two passes over GLib's option parser.
 */
#include "config.h"

#include <string.h>

#include "base/diag.h"
#include "base/log.h"
#include "cli/command.h"
#include "cli/options.h"
#include "storage/storages.h"

/* Options of every command. */
static const V2vOptionDef common_options[] = {
    {"help", NULL, "show this text", FALSE},
    {"version", NULL, "show the version", FALSE},
    {"quiet", NULL, "print only warnings and errors", FALSE},
    {"verbose", NULL,
     "print everything, including programs that are run and messages of the appliance", FALSE},
    {"rules-dir", "DIR", "look for rules/, lua/ and xslt/ in DIR first (repeatable)", TRUE},
    {NULL},
};

/* Options that select a source, storage or output, and those of every conversion. */
static const V2vOptionDef guest_options[] = {
    {"target", "NAME", "what the guest is converted to", FALSE},
    {"source", "NAME", "how the guest's metadata is read (default: detected from GUEST)",
     FALSE},
    {"print-source", NULL, "print the domain document that the source gives, and stop", FALSE},
    {"storage", "NAME", "how the changed disks are stored", FALSE},
    {"output", "NAME", "where the new guest is created", FALSE},
    {"domain-type", "TYPE",
     "type of the new domain (default: the first type that the rules declare)", FALSE},
    {"domain-schema", "FILE",
     "RELAX NG schema for validating the new domain (default: that of the installed libvirt), or "
     "none",
     FALSE},
    {"network", "[OLD:]NAME",
     "connect all interfaces, or those on the network or bridge OLD, to network NAME (repeatable)",
     TRUE},
    {"bridge", "[OLD:]NAME",
     "connect all interfaces, or those on the network or bridge OLD, to bridge NAME (repeatable)",
     TRUE},
    {"mac", "MAC:network|bridge|name:NAME",
     "connect the interface with this address to a network or bridge, or name it in the guest; "
     "MAC:ip:ADDRESS/LENGTH[,GATEWAY[,DNS...]] gives it a fixed address (repeatable)",
     TRUE},
    {"with", "LABEL=FILE",
     "a package for the guest, DISTRO[MAJOR[.MINOR]].ARCH.NAME=FILE (repeatable)", TRUE},
    {"provider", "OPERATION=NAME",
     "the provider to use for an operation if several fit (repeatable)", TRUE},
    {"root", "DEVICE", "the root file system, if the guest has several systems (or \"first\")",
     FALSE},
    {"key", "ID:file:FILE", "key of an encrypted device, or ID:fd:N (repeatable)", TRUE},
    {"allow-backing", "PATH",
     "allow this file, or the files in this directory, as backing files (repeatable)", TRUE},
    {"allow-in-use", NULL,
     "convert even if the guest runs or another process has a disk open for writing", FALSE},
    {"memsize", "MIB", "memory of the appliance", FALSE},
    {"smp", "N", "processors of the appliance", FALSE},
    {"appliance-network", NULL, "give the appliance a network", FALSE},
    {"timeout", "SECONDS",
     "abort a conversion that takes longer than SECONDS (default: no limit)", FALSE},
    {"step-timeout", "SECONDS", "abort a step after SECONDS without progress (default: 1800)",
     FALSE},
    {"progress-fd", "N", "write progress as JSON lines to file descriptor N", FALSE},
    {NULL},
};

static const V2vOptionDef no_options[] = {{NULL}};

V2vCommandLine *
v2v_command_line_new (const V2vCommand *const *commands)
{
  V2vCommandLine *line = g_new0 (V2vCommandLine, 1);

  line->commands = commands;
  line->words = g_ptr_array_new_with_free_func (g_free);
  line->values = v2v_option_values_new ();
  line->rule_options = g_hash_table_new (g_str_hash, g_str_equal);
  return line;
}

void
v2v_command_line_free (V2vCommandLine *line)
{
  if (!line)
    return;
  g_free (line->command);
  g_ptr_array_unref (line->words);
  v2v_option_values_free (line->values);
  g_hash_table_unref (line->rule_options);
  v2v_ruleset_free (line->rules);
  g_free (line);
}

const V2vCommand *
v2v_command_find (const V2vCommandLine *line, const char *name)
{
  for (int i = 0; line->commands[i]; i++)
    if (g_str_equal (line->commands[i]->name, name))
      return line->commands[i];
  return NULL;
}

/* ---- who owns which option ---- */

static void
add_owner (GArray *owners, const char *kind, const char *name, const V2vOptionDef *options)
{
  V2vOptionOwner owner = {kind, name, options ? options : no_options};

  g_array_append_val (owners, owner);
}

/* Every command, source, storage and output that could be selected. */
static GArray *
all_owners (const V2vCommandLine *line)
{
  GArray *owners = g_array_new (FALSE, FALSE, sizeof (V2vOptionOwner));

  for (int i = 0; line->commands[i]; i++)
    add_owner (owners, "command", line->commands[i]->name, line->commands[i]->options);
  for (int i = 0; v2v_sources[i]; i++)
    add_owner (owners, "source", v2v_sources[i]->name, v2v_sources[i]->options);
  for (int i = 0; v2v_storages[i]; i++)
    add_owner (owners, "storage", v2v_storages[i]->name, v2v_storages[i]->options);
  for (int i = 0; v2v_outputs[i]; i++)
    add_owner (owners, "output", v2v_outputs[i]->name, v2v_outputs[i]->options);
  return owners;
}

GArray *
v2v_option_owners (const V2vCommandLine *line)
{
  GArray *owners = g_array_new (FALSE, FALSE, sizeof (V2vOptionOwner));
  const V2vCommand *command = v2v_command_find (line, line->command);

  add_owner (owners, "common", NULL, common_options);
  add_owner (owners, "command", command->name, command->options);
  if (command->converts)
    add_owner (owners, "conversion", NULL, guest_options);
  if (line->source)
    add_owner (owners, "source", line->source->name, line->source->options);
  if (line->storage)
    add_owner (owners, "storage", line->storage->name, line->storage->options);
  if (line->output)
    add_owner (owners, "output", line->output->name, line->output->options);
  return owners;
}

GArray *
v2v_option_owners_all (const V2vCommandLine *line)
{
  GArray *owners = all_owners (line);

  add_owner (owners, "common", NULL, common_options);
  add_owner (owners, "conversion", NULL, guest_options);
  return owners;
}

/* ---- GLib's parser, fed from our tables ---- */

typedef struct {
  V2vCommandLine *line;
  GHashTable *defs;  /* name -> V2vOptionDef, to refuse repetition */
  GArray *entries;   /* GOptionEntry of the group being made */
  GPtrArray *arrays; /* entries of all groups */
} Parse;

static gboolean
take_option (const char *name, const char *value, gpointer data, GError **error)
{
  Parse *parse = data;
  const V2vOptionDef *def;

  name += strspn (name, "-");
  def = g_hash_table_lookup (parse->defs, name);
  if (v2v_option_is_set (parse->line->values, name) && !(def && def->many)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE, "--%s was given twice; it can be given once",
                 name);
    return FALSE;
  }
  v2v_option_values_add (parse->line->values, name, value ? value : "");
  return TRUE;
}

static void
begin_group (Parse *parse)
{
  parse->entries = g_array_new (TRUE, TRUE, sizeof (GOptionEntry));
  g_ptr_array_add (parse->arrays, parse->entries);
}

static void
add_entry (Parse *parse, const char *name, const char *metavar, const char *help)
{
  GOptionEntry entry = {
      .long_name = name,
      .flags = metavar ? 0 : G_OPTION_FLAG_NO_ARG,
      .arg = G_OPTION_ARG_CALLBACK,
      .arg_data = (gpointer)take_option,
      .description = help,
      .arg_description = metavar,
  };
  g_array_append_val (parse->entries, entry);
}

static GOptionGroup *
end_group (Parse *parse, const char *name, const char *title)
{
  GOptionGroup *group = g_option_group_new (name, title, title, parse, NULL);

  g_option_group_add_entries (group, (GOptionEntry *)parse->entries->data);
  return group;
}

static void
add_defs (Parse *parse, const V2vOptionDef *defs)
{
  for (; defs->name; defs++) {
    add_entry (parse, defs->name, defs->metavar, defs->help);
    g_hash_table_insert (parse->defs, (gpointer)defs->name, (gpointer)defs);
  }
}

static void
parse_init (Parse *parse, V2vCommandLine *line)
{
  parse->line = line;
  parse->defs = g_hash_table_new (g_str_hash, g_str_equal);
  parse->arrays = g_ptr_array_new_with_free_func ((GDestroyNotify)g_array_unref);
}

static void
parse_clear (Parse *parse)
{
  g_hash_table_unref (parse->defs);
  g_ptr_array_unref (parse->arrays);
}

static const char *
rule_option_metavar (const V2vOption *option)
{
  if (option->kind == V2V_OPTION_FLAG)
    return NULL;
  return option->metavar ? option->metavar : "VALUE";
}

/* The words in LEFT, what remains of ARGV without options, without the program and the
 * command. Everything after the first "--" is a word, even if it looks like an option. */
static void
take_words (V2vCommandLine *line, char **left, char **argv)
{
  const guint length = g_strv_length (argv);
  guint separator = 1, before = g_strv_length (left);

  while (separator < length && !g_str_equal (argv[separator], "--"))
    separator++;
  if (separator < length)
    before -= length - separator - 1;
  g_ptr_array_set_size (line->words, 0);
  for (guint i = 1; left[i]; i++)
    if (i >= before || !g_str_equal (left[i], "--"))
      g_ptr_array_add (line->words, g_strdup (left[i]));
  if (line->words->len && g_str_equal (line->words->pdata[0], line->command))
    g_ptr_array_remove_index (line->words, 0);
}

/* ---- first pass ---- */

/* Is the word after the option ARG its value? Also TRUE for unknown options, since those of
 * rule files are not loaded yet. */
static gboolean
next_is_value (const V2vCommandLine *line, const char *arg, gboolean *known_r)
{
  g_autoptr (GArray) owners = v2v_option_owners_all (line);

  *known_r = strchr (arg, '=') != NULL;
  if (*known_r)
    return FALSE;
  for (guint i = 0; i < owners->len; i++)
    for (const V2vOptionDef *def = g_array_index (owners, V2vOptionOwner, i).options; def->name;
         def++)
      if (g_str_has_prefix (arg, "--") && g_str_equal (def->name, arg + 2)) {
        *known_r = TRUE;
        return def->metavar != NULL;
      }
  return TRUE;
}

/* The command: the first word that is neither an option nor the value of one. It is
 * recognised by its name, so a guest whose name is that of a command needs the word
 * "convert" before it. NULL if there is no command, or if it cannot be recognised. */
static const char *
find_command (const V2vCommandLine *line, char **argv)
{
  for (guint i = 1; argv[i]; i++) {
    gboolean known;

    if (argv[i][0] != '-')
      return v2v_command_find (line, argv[i]) ? argv[i] : NULL;
    if (next_is_value (line, argv[i], &known) && argv[i + 1] && argv[i + 1][0] != '-') {
      if (!known)
        return NULL;
      i++;
    }
  }
  return NULL;
}

static gboolean
check_choice (const V2vStorage *storage, const V2vOutput *output, GError **error)
{
  g_autoptr (GString) others = g_string_new (NULL);

  if (g_strv_contains (output->storages, storage->name))
    return TRUE;
  for (int i = 0; v2v_outputs[i]; i++)
    if (g_strv_contains (v2v_outputs[i]->storages, storage->name))
      g_string_append_printf (others, "%s%s", others->len > 0 ? ", " : "",
                              v2v_outputs[i]->name);
  g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
               "--storage %s does not go with --output %s; it goes with: %s", storage->name,
               output->name, others->str);
  return FALSE;
}

#define CHOOSE(KIND, TYPE, LIST)                                                               \
  static const TYPE *choose_##KIND (const V2vCommandLine *line, GError **error)                \
  {                                                                                            \
    const char *name = v2v_option_get (line->values, #KIND);                                   \
    g_autoptr (GString) known = g_string_new (NULL);                                           \
    if (!name)                                                                                 \
      return LIST[0];                                                                          \
    for (int i = 0; LIST[i]; i++) {                                                            \
      if (g_str_equal (LIST[i]->name, name))                                                   \
        return LIST[i];                                                                        \
      g_string_append_printf (known, "%s%s", i ? ", " : "", LIST[i]->name);                    \
    }                                                                                          \
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,                                             \
                 "--" #KIND " %s: there is no such " #KIND "; known are: %s", name,            \
                 known->str);                                                                  \
    return NULL;                                                                               \
  }

CHOOSE (source, V2vSource, v2v_sources)
CHOOSE (storage, V2vStorage, v2v_storages)
CHOOSE (output, V2vOutput, v2v_outputs)

static gboolean
choose (V2vCommandLine *line, GError **error)
{
  if (v2v_option_is_set (line->values, "source") &&
      !(line->source = choose_source (line, error)))
    return FALSE;
  if (!(line->storage = choose_storage (line, error)))
    return FALSE;
  if (!(line->output = choose_output (line, error)))
    return FALSE;
  return check_choice (line->storage, line->output, error);
}

static void
add_rule_options (Parse *parse)
{
  const V2vRuleSet *rules = parse->line->rules;

  for (guint i = 0; rules && i < rules->options->len; i++) {
    const V2vOption *option = rules->options->pdata[i];

    add_entry (parse, option->name, rule_option_metavar (option), option->describe);
  }
}

/* Parses ARGV with the options of everything that could be selected. */
static gboolean
parse_all (V2vCommandLine *line, char **argv, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GArray) owners = all_owners (line);
  g_auto (GStrv) rest = g_strdupv (argv);
  g_autoptr (GError) local = NULL;
  Parse parse;
  gboolean ok;

  parse_init (&parse, line);
  begin_group (&parse);
  add_defs (&parse, common_options);
  add_defs (&parse, guest_options);
  for (guint i = 0; i < owners->len; i++)
    for (const V2vOptionDef *def = g_array_index (owners, V2vOptionOwner, i).options; def->name;
         def++)
      if (g_hash_table_insert (parse.defs, (gpointer)def->name, (gpointer)def))
        add_entry (&parse, def->name, def->metavar, def->help);
  add_rule_options (&parse);
  g_option_context_set_main_group (context, end_group (&parse, "all", "all"));
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_ignore_unknown_options (context, TRUE);
  ok = g_option_context_parse_strv (context, &rest, &local);
  parse_clear (&parse);
  if (ok) {
    take_words (line, rest, argv);
    return TRUE;
  }
  g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE, "%s; --help lists all options",
               local->message);
  return FALSE;
}

gboolean
v2v_command_line_first (V2vCommandLine *line, char **argv, GError **error)
{
  const char *command = find_command (line, argv);

  line->command = g_strdup (command ? command : line->commands[0]->name);
  if (!parse_all (line, argv, error))
    return FALSE;
  return !v2v_command_find (line, line->command)->converts || choose (line, error);
}

/* ---- second pass ---- */

static GOptionContext *
full_context (V2vCommandLine *line, Parse *parse)
{
  g_autoptr (GArray) owners = v2v_option_owners (line);
  GOptionContext *context = g_option_context_new (NULL);

  g_option_context_set_help_enabled (context, FALSE);
  for (guint i = 0; i < owners->len; i++) {
    const V2vOptionOwner *owner = &g_array_index (owners, V2vOptionOwner, i);
    g_autofree char *title =
        owner->name
            ? g_strdup_printf ("Options of %s %s:", owner->kind, owner->name)
            : g_strdup (i == 0 ? "Options of every command:" : "Options of a conversion:");

    if (!owner->options[0].name)
      continue;
    begin_group (parse);
    add_defs (parse, owner->options);
    if (i == 0)
      g_option_context_set_main_group (context, end_group (parse, "common", title));
    else
      g_option_context_add_group (context, end_group (parse, owner->kind, title));
  }
  if (line->rules && line->rules->options->len &&
      v2v_command_find (line, line->command)->converts) {
    begin_group (parse);
    add_rule_options (parse);
    g_option_context_add_group (context, end_group (parse, "rules", "Options of rule files:"));
  }
  return context;
}

/* Reports an option that does not belong to anything selected: says to what it belongs, or
 * which option may have been meant. */
static void
explain_unknown (const V2vCommandLine *line, const Parse *parse, const char *name,
                 GError **error)
{
  g_autoptr (GArray) owners = all_owners (line);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const char *nearest;
  GHashTableIter iter;
  gpointer key;

  for (guint i = 0; i < owners->len; i++) {
    const V2vOptionOwner *owner = &g_array_index (owners, V2vOptionOwner, i);

    for (const V2vOptionDef *def = owner->options; def->name; def++)
      if (g_str_equal (def->name, name)) {
        if (g_str_equal (owner->kind, "command"))
          g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                       "--%s belongs to the command %s, but the command is %s", name,
                       owner->name, line->command);
        else
          g_set_error (
              error, V2V_ERROR, V2V_EXIT_USAGE,
              "--%s belongs to --%s %s, which was not chosen; add --%s %s or leave --%s out",
              name, owner->kind, owner->name, owner->kind, owner->name, name);
        return;
      }
  }
  g_hash_table_iter_init (&iter, parse->defs);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_ptr_array_add (names, key);
  for (guint i = 0; line->rules && i < line->rules->options->len; i++)
    g_ptr_array_add (names,
                     (gpointer)((const V2vOption *)line->rules->options->pdata[i])->name);
  nearest = v2v_nearest (name, names);
  g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
               "there is no option --%s%s%s%s; %s --help lists all", name,
               nearest ? "; did you mean --" : "", nearest ? nearest : "", nearest ? "?" : "",
               line->command);
}

/* The first option in ARGV that does not exist. */
static char *
find_unknown (const V2vCommandLine *line, const Parse *parse, char **argv)
{
  for (guint i = 1; argv[i] && !g_str_equal (argv[i], "--"); i++) {
    g_autofree char *name = NULL;
    gboolean known = FALSE;

    if (argv[i][0] != '-' || argv[i][1] == '\0')
      continue;
    name = g_strndup (argv[i] + strspn (argv[i], "-"),
                      strcspn (argv[i] + strspn (argv[i], "-"), "="));
    known = g_hash_table_contains (parse->defs, name);
    for (guint j = 0; !known && line->rules && j < line->rules->options->len; j++)
      known = g_str_equal (((const V2vOption *)line->rules->options->pdata[j])->name, name);
    if (!known)
      return g_steal_pointer (&name);
  }
  return NULL;
}

static gboolean
check_rule_options (V2vCommandLine *line, GError **error)
{
  for (guint i = 0; line->rules && i < line->rules->options->len; i++) {
    const V2vOption *option = line->rules->options->pdata[i];
    const char *text = v2v_option_get (line->values, option->name);
    V2vValue value;

    if (!text)
      continue;
    g_hash_table_insert (line->rule_options, (gpointer)option->name, (gpointer)option);
    if (option->kind == V2V_OPTION_FLAG)
      continue;
    if (!v2v_field_parse (option->field, text, &value) || !v2v_value_is_set (value) ||
        (option->field->type.words && !v2v_enum_has (option->field->type.words, value.text))) {
      g_autoptr (GString) words = g_string_new (NULL);

      if (option->field->type.words)
        for (guint j = 0; j < option->field->type.words->values->len; j++)
          g_string_append_printf (words, "%s%s", j ? ", " : "",
                                  (const char *)option->field->type.words->values->pdata[j]);
      else
        g_string_append (words, v2v_type_name (option->field->type.kind));
      g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE, "--%s %s: expected %s%s", option->name,
                   text, option->field->type.words ? "one of " : "a value of type ",
                   words->str);
      v2v_debug ("--%s is an option of %s", option->name, option->origin);
      return FALSE;
    }
  }
  return TRUE;
}

/* Finds the source that GUEST looks like. Called when all options are known, so the
 * remaining words are complete. */
static gboolean
guess_source (V2vCommandLine *line, char **argv, GError **error)
{
  const guint guest = v2v_command_find (line, line->command)->guest;

  v2v_option_values_free (line->values);
  line->values = v2v_option_values_new ();
  if (!parse_all (line, argv, error))
    return FALSE;
  for (int i = 0; v2v_sources[i] && line->words->len > guest && !line->source; i++)
    if (v2v_sources[i]->fits (line->words->pdata[guest]))
      line->source = v2v_sources[i];
  if (!line->source)
    line->source = v2v_sources[0];
  return TRUE;
}

gboolean
v2v_command_line_second (V2vCommandLine *line, char **argv, GError **error)
{
  const V2vCommand *command = v2v_command_find (line, line->command);
  g_autoptr (GOptionContext) context = NULL;
  g_auto (GStrv) rest = g_strdupv (argv);
  g_autoptr (GError) local = NULL;
  g_autofree char *unknown = NULL;
  Parse parse;
  gboolean ok;

  if (command->converts && !line->source && !guess_source (line, argv, error))
    return FALSE;
  v2v_option_values_free (line->values);
  line->values = v2v_option_values_new ();
  parse_init (&parse, line);
  context = full_context (line, &parse);
  unknown = find_unknown (line, &parse, argv);
  if (unknown) {
    explain_unknown (line, &parse, unknown, error);
    parse_clear (&parse);
    return FALSE;
  }
  ok = g_option_context_parse_strv (context, &rest, &local);
  parse_clear (&parse);
  if (!ok) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE, "%s; %s --help lists all options",
                 local->message, line->command);
    return FALSE;
  }
  take_words (line, rest, argv);
  /* A misplaced command must not be taken for a guest, which would be converted. */
  if (!find_command (line, argv) && line->words->len &&
      v2v_command_find (line, line->words->pdata[0])) {
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_USAGE,
        "%s stands behind an option of rule files: as a command it has to be the first "
        "word, and as a guest it needs the word convert as the first",
        (const char *)line->words->pdata[0]);
    return FALSE;
  }
  if (v2v_option_is_set (line->values, "help") || v2v_option_is_set (line->values, "version"))
    return TRUE;
  if (line->words->len < command->words_min || line->words->len > command->words_max) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                 "expected: v2v-engine %s OPTIONS %s; %u given: see --help", command->name,
                 command->arguments, line->words->len);
    return FALSE;
  }
  return check_rule_options (line, error);
}

char *
v2v_command_line_help (V2vCommandLine *line)
{
  GString *text = g_string_new ("Usage:\n");
  g_autoptr (GOptionContext) context = NULL;
  g_autofree char *options = NULL;
  const char *begin;
  Parse parse;

  for (int i = 0; line->commands[i]; i++) {
    g_autofree char *name = i ? g_strdup (line->commands[i]->name)
                              : g_strdup_printf ("[%s]", line->commands[i]->name);

    g_string_append_printf (text, "  v2v-engine %s OPTIONS %s\n      %s\n", name,
                            line->commands[i]->arguments, line->commands[i]->help);
  }
  parse_init (&parse, line);
  context = full_context (line, &parse);
  options = g_option_context_get_help (context, FALSE, NULL);
  parse_clear (&parse);
  /* GLib's usage line is cut off: the command has its own. */
  begin = strstr (options, "\n\n");
  g_string_append_c (text, '\n');
  g_string_append (text, begin ? begin + 2 : options);
  if (v2v_command_find (line, line->command)->converts) {
    g_string_append (text, "\nThere are more options for other choices:\n");
    g_string_append (text, "  --source ");
    for (int i = 0; v2v_sources[i]; i++)
      g_string_append_printf (text, "%s%s", i ? "|" : "", v2v_sources[i]->name);
    g_string_append (text, "  --storage ");
    for (int i = 0; v2v_storages[i]; i++)
      g_string_append_printf (text, "%s%s", i ? "|" : "", v2v_storages[i]->name);
    g_string_append (text, "  --output ");
    for (int i = 0; v2v_outputs[i]; i++)
      g_string_append_printf (text, "%s%s", i ? "|" : "", v2v_outputs[i]->name);
    g_string_append_c (text, '\n');
  }
  return g_string_free (text, FALSE);
}

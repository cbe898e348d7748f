/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The command line, parsed in two passes.
 *
 * The first pass finds what is selected: the command, rule directories, target, source, storage
 * and output. The second pass knows the options of everything selected, including those declared
 * in rule files, and refuses other options, saying to what they belong.
 */
#pragma once

#include "base/options.h"
#include "lang/ruleset.h"
#include "metadata/source.h"
#include "output/output.h"
#include "storage/storage.h"

/* What one option table belongs to, for the help text and for errors. */
typedef struct {
  const char *kind; /* "storage" */
  const char *name; /* "copy" */
  const V2vOptionDef *options;
} V2vOptionOwner;

typedef struct V2vCommand V2vCommand; /* cli/command.h */

typedef struct {
  const V2vCommand *const *commands; /* all commands; the first is the default */
  char *command;                     /* "convert" if none was given */
  GPtrArray *words;                  /* char *: what is no option */
  V2vOptionValues *values;           /* every option, rule options included */
  GHashTable *rule_options;          /* name -> V2vOption: those that were given */
  V2vRuleSet *rules;                 /* NULL until the rules are loaded */
  const V2vSource *source;           /* NULL if the command needs none */
  const V2vStorage *storage;
  const V2vOutput *output;
} V2vCommandLine;

/* COMMANDS are all commands, NULL-terminated, and have to outlive the line. */
V2vCommandLine *v2v_command_line_new (const V2vCommand *const *commands);
void v2v_command_line_free (V2vCommandLine *line);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vCommandLine, v2v_command_line_free)

/* The command NAME, or NULL. */
const V2vCommand *v2v_command_find (const V2vCommandLine *line, const char *name);

/* The first pass: command, verbosity, choices. */
gboolean v2v_command_line_first (V2vCommandLine *line, char **argv, GError **error);
/* The second pass, with line->rules loaded. */
gboolean v2v_command_line_second (V2vCommandLine *line, char **argv, GError **error);
/* The tables of options (V2vOptionOwner) of everything that LINE selects, or of everything
 * that exists. The options of rule files are in line->rules. To be freed with g_array_unref. */
GArray *v2v_option_owners (const V2vCommandLine *line);
GArray *v2v_option_owners_all (const V2vCommandLine *line);
/* All options, grouped by owner. To be freed with g_free. */
char *v2v_command_line_help (V2vCommandLine *line);

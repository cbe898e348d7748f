/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The subcommands. One file each, ending in a V2vCommand.
 */
#pragma once

#include "cli/options.h"

typedef struct {
  const char *name;
  const char *arguments;       /* "GUEST [NAME]" */
  const char *help;            /* one line */
  const V2vOptionDef *options; /* its own */
  gboolean converts; /* source, storage and output are chosen, and their options exist */
  /* loads rules itself (check, test, fmt): a wrong rule set is its business */
  gboolean own_rules;
  gboolean for_users; /* messages have no places in rules and scripts */
  guint words_min, words_max;
  guint guest; /* number of the word that is the guest, which tells the source */
  gboolean (*run) (V2vCommandLine *line, GError **error);
} V2vCommand;

extern const V2vCommand v2v_command_convert;
extern const V2vCommand v2v_command_plan;
extern const V2vCommand v2v_command_facts;
extern const V2vCommand v2v_command_check;
extern const V2vCommand v2v_command_test;
extern const V2vCommand v2v_command_fmt;
extern const V2vCommand v2v_command_doc;
extern const V2vCommand v2v_command_rules;
extern const V2vCommand v2v_command_new;
extern const V2vCommand v2v_command_complete;
extern const V2vCommand v2v_command_undo;
extern const V2vCommand v2v_command_status;
extern const V2vCommand v2v_command_clean;
extern const V2vCommand v2v_command_doctor;
extern const V2vCommand v2v_command_verify;
extern const V2vCommand v2v_command_explain;
extern const V2vCommand v2v_command_why_not;
extern const V2vCommand v2v_command_graph;
extern const V2vCommand v2v_command_help;

/* NULL-terminated; the first is the one taken when none is named. */
extern const V2vCommand *const v2v_commands[];
const V2vCommand *v2v_command_find (const char *name);

/* The kinds that "new" makes: directories below templates/ of all rule directories. To be freed with
 * g_ptr_array_unref. */
GPtrArray *v2v_template_kinds (const V2vRuleSet *rules);

/* Loads the rules that the options choose. Everything wrong is printed; the error then says how
 * many. */
V2vRuleSet *v2v_load_rules (const V2vCommandLine *line, const char *const *files,
                            gboolean with_tests, GError **error);
/* The same, with the files in an order drawn from SEED (0: in their own). */
V2vRuleSet *v2v_load_rules_shuffled (const V2vCommandLine *line, const char *const *files,
                                     gboolean with_tests, guint seed, GError **error);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a command is.
 */
#pragma once

#include "cli/options.h"

struct V2vCommand {
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
};

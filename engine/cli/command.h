/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The description of a command: its options, its words and its function.
 */
#pragma once

#include "cli/options.h"

struct V2vCommand {
  const char *name;
  const char *arguments;       /* "GUEST [NAME]" */
  const char *help;            /* one line */
  const V2vOptionDef *options; /* its own */
  gboolean converts; /* source, storage and output are chosen, and their options exist */
  /* loads rules itself (check, test, fmt), since it has to handle wrong ones */
  gboolean own_rules;
  gboolean for_users; /* messages have no places in rules and scripts */
  guint words_min, words_max;
  guint guest; /* number of the word that is the guest, by which the source is recognised */
  gboolean (*run) (V2vCommandLine *line, GError **error);
};

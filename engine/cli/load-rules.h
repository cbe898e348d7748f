/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The rules that a command line chooses.
 */
#pragma once

#include "cli/options.h"

/* Loads the rules that the options choose. Everything wrong is printed; the error then says how
 * many. */
V2vRuleSet *v2v_load_rules (const V2vCommandLine *line, const char *const *files,
                            gboolean with_tests, GError **error);
/* The same, with the files in an order drawn from SEED (0: in their own). */
V2vRuleSet *v2v_load_rules_shuffled (const V2vCommandLine *line, const char *const *files,
                                     gboolean with_tests, guint seed, GError **error);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The rules that a command line chooses.
 */
#pragma once

#include "cli/options.h"

/* Loads the rules that the options choose. All errors in them are printed; the GError then
 * says how many. */
V2vRuleSet *v2v_load_rules (const V2vCommandLine *line, const char *const *files,
                            gboolean with_tests, GError **error);
/* Like v2v_load_rules, with the files in an order drawn from SEED (0: the usual order). */
V2vRuleSet *v2v_load_rules_shuffled (const V2vCommandLine *line, const char *const *files,
                                     gboolean with_tests, guint seed, GError **error);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The rule files that are loaded: finding, reading and listing them.
 */
#pragma once

#include "syntax/syntax.h"
#include "lang/ruleset.h"

/* The files to be read, in the order of their names. Every file that was found, hidden
 * ones too, is added to LISTED (V2vListedFile), directory by directory. */
GPtrArray *v2v_find_rule_files (GPtrArray *rule_dirs, const char *const *files,
                                gboolean with_tests, GArray *listed, V2vDiags *diags,
                                gboolean *lost_r);
/* Reads FILE's text; FALSE with the reason in DIAGS. */
gboolean v2v_read_rule_file (V2vRuleFile *file, V2vDiags *diags);
void v2v_rule_file_free (V2vRuleFile *file);
/* What was declared, for people; only of a rule set without errors */
void v2v_list_declarations (const V2vSyntax *syntax, GArray *listed);

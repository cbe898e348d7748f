/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Finds, reads and lists rule files.
 */
#pragma once

#include "syntax/syntax.h"
#include "lang/ruleset.h"

/* Returns the files to read, in the order of their names. Adds every file that was found, also
 * hidden ones, to LISTED (V2vListedFile), by rule directory. */
GPtrArray *v2v_find_rule_files (GPtrArray *rule_dirs, const char *const *files,
                                gboolean with_tests, GArray *listed, V2vDiags *diags,
                                gboolean *lost_r);
/* Reads the text of FILE. Returns FALSE if that fails; DIAGS has the reason. */
gboolean v2v_read_rule_file (V2vRuleFile *file, V2vDiags *diags);
void v2v_rule_file_free (V2vRuleFile *file);
/* Adds all declarations to LISTED (V2vListedDecl), to be displayed. Only for a rule set without
 * errors. */
void v2v_list_declarations (const V2vSyntax *syntax, GArray *listed);

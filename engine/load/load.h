/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Loading rule files into one checked set.
 */
#pragma once

#include "base/diag.h"
#include "check/scripts.h"
#include "lang/ruleset.h"

/* Loads *.v2v below rules/ of each rule directory (subdirectories too), sorted by relative path. A file of a
 * higher rule directory hides the one of the same relative path; a link to /dev/null turns it off. Files
 * named *.test.v2v are loaded only WITH_TESTS. FILES (may be NULL) are loaded in addition, as
 * of the highest rule directory.
 *
 * Never stops at the first error: everything wrong is in DIAGS. Returns NULL if there is any
 * error. */
V2vRuleSet *v2v_ruleset_load (GPtrArray *rule_dirs, const char *const *files,
                              gboolean with_tests, const V2vScriptChecks *checks,
                              V2vDiags *diags);
/* The same, but the files are read in an order drawn from SEED, which must not matter. */
V2vRuleSet *v2v_ruleset_load_shuffled (GPtrArray *rule_dirs, const char *const *files,
                                       gboolean with_tests, const V2vScriptChecks *checks,
                                       guint seed, V2vDiags *diags);
/* Reads a capture file (facts printed in rule syntax) against RULES' schema. The capture
 * belongs to RULES. */
V2vCapture *v2v_ruleset_read_capture (V2vRuleSet *rules, const char *path, V2vDiags *diags);

/* Of the rules, providers and probes called NAME (or that once), those that are not in effect
 * and why, a line each ("rule a.b (FILE:LINE) is disabled at FILE:LINE"); NULL if there are
 * none. To be freed with g_free. */
char *v2v_ruleset_why_inactive (const V2vRuleSet *rules, const char *name);

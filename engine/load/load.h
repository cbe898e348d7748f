/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Loads rule files into a checked rule set.
 */
#pragma once

#include "base/diag.h"
#include "check/scripts.h"
#include "lang/ruleset.h"

/* Loads all *.v2v files below rules/ of each rule directory, including subdirectories, sorted
 * by relative path. A file hides those of the same relative path in rule directories of lower
 * precedence; a link to /dev/null turns them off. Files named *.test.v2v are loaded only
 * WITH_TESTS. FILES (may be NULL) are loaded in addition, as if they were in the rule directory
 * of the highest precedence.
 *
 * Does not stop at the first error: DIAGS contains all mistakes. Returns NULL if there is any
 * error. */
V2vRuleSet *v2v_ruleset_load (GPtrArray *rule_dirs, const char *const *files,
                              gboolean with_tests, const V2vScriptChecks *checks,
                              V2vDiags *diags);
/* Like v2v_ruleset_load, but reads the files in a random order drawn from SEED, which must not
 * change the result. */
V2vRuleSet *v2v_ruleset_load_shuffled (GPtrArray *rule_dirs, const char *const *files,
                                       gboolean with_tests, const V2vScriptChecks *checks,
                                       guint seed, V2vDiags *diags);
/* Reads a capture, a file of facts in rule syntax, using the schema of RULES. The capture
 * belongs to RULES. */
V2vCapture *v2v_ruleset_read_capture (V2vRuleSet *rules, const char *path, V2vDiags *diags);

/* Explains which rules, providers and probes called NAME, now or formerly, are not in effect
 * and why, one per line ("rule a.b (FILE:LINE) is disabled at FILE:LINE"). Returns NULL if
 * there are none. To be freed with g_free. */
char *v2v_ruleset_why_inactive (const V2vRuleSet *rules, const char *name);

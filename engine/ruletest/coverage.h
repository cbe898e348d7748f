/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the tests in rule files exercise.
 *
 * A rule is fired by a test in which its condition holds, a provider by one in which it is
 * bound to a request. It is left quiet by a test beside it, in the same directory of rules, in
 * which that is not so: tests of other directories are about something else.
 */
#pragma once

#include "plan/plan.h"

typedef struct {
  const V2vRule *rule;         /* either this ... */
  const V2vProvider *provider; /* ... or this */
  const char *origin;          /* of its file, below rules/ */
  V2vPlace place;
  guint fired; /* tests that fire it */
  guint quiet; /* tests beside it that do not */
} V2vCovered;

typedef struct V2vCoverage V2vCoverage;

/* RULES have to be loaded with their tests. */
V2vCoverage *v2v_coverage_new (const V2vRuleSet *rules);
void v2v_coverage_free (V2vCoverage *coverage);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vCoverage, v2v_coverage_free)

/* Counts TEST, which made PLAN (NULL: planning failed as a whole, so nothing was fired). */
void v2v_coverage_add (V2vCoverage *coverage, const V2vTest *test, const V2vPlan *plan);
/* Runs all tests, whatever comes of them; what they give of trees of files is not looked at. */
V2vCoverage *v2v_coverage_measure (const V2vRuleSet *rules);

/* V2vCovered: rules, then providers, each in the order of files and lines. Belongs to COVERAGE.
 */
const GPtrArray *v2v_coverage_list (const V2vCoverage *coverage);
/* "rule NAME (FILE:LINE)", interned. */
const char *v2v_covered_label (const V2vCovered *covered);

/* Adds a warning to DIAGS for each rule that no test fires. */
void v2v_coverage_warn (const V2vCoverage *coverage, V2vDiags *diags);

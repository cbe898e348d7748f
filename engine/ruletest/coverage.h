/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Test coverage of rules and providers by the tests in rule files.
 *
 * A test fires a rule if the conditions of the rule hold in it, and a provider if a request is
 * bound to it. It leaves a rule or provider quiet if it does not fire it although it is in the
 * same directory; tests in other directories are about something else and do not count.
 */
#pragma once

#include "plan/plan.h"

typedef struct {
  const V2vRule *rule;         /* either a rule, */
  const V2vProvider *provider; /* or a provider */
  const char *origin;          /* path of its file relative to rules/ */
  V2vPlace place;
  guint fired; /* number of tests that fire it */
  guint quiet; /* number of tests that leave it quiet */
} V2vCovered;

typedef struct V2vCoverage V2vCoverage;

/* RULES must have been loaded with their tests. */
V2vCoverage *v2v_coverage_new (const V2vRuleSet *rules);
void v2v_coverage_free (V2vCoverage *coverage);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vCoverage, v2v_coverage_free)

/* Counts TEST, whose plan is PLAN (NULL: planning failed, so it fired nothing). */
void v2v_coverage_add (V2vCoverage *coverage, const V2vTest *test, const V2vPlan *plan);
/* Runs all tests, whether they pass or not. File trees that they give are ignored. */
V2vCoverage *v2v_coverage_measure (const V2vRuleSet *rules);

/* All rules and then all providers (V2vCovered), each in the order of files and lines. Belongs
 * to COVERAGE. */
const GPtrArray *v2v_coverage_list (const V2vCoverage *coverage);
/* The label of a rule or provider, such as "rule NAME (FILE:LINE)"; interned. */
const char *v2v_covered_label (const V2vCovered *covered);

/* Adds a warning to DIAGS for each rule that no test fires. */
void v2v_coverage_warn (const V2vCoverage *coverage, V2vDiags *diags);

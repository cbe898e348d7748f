/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Runs the tests in rule files.
 */
#pragma once

#include "ruletest/coverage.h"

/* How to make a guest of the file tree that a test gives. */
typedef struct {
  /* Makes the guest of TEST and adds the facts about its files to STORE. */
  gboolean (*begin) (const V2vTest *test, V2vStore *store, gpointer data, GError **error);
  /* Runs a probe, as in V2vPlanInput. */
  gboolean (*probe) (const V2vProbe *probe, const V2vValue *args, V2vStore *store,
                     gpointer data, GError **error);
  /* Carries PLAN out. */
  gboolean (*act) (const V2vTest *test, const V2vPlan *plan, V2vStore *store, gpointer data,
                   GError **error);
  /* Describes how the files of the guest differ from what EXPECT says; NULL if they do not. To
   * be freed with g_free. */
  char *(*differs) (const V2vTest *test, const V2vExpect *expect, gpointer data);
} V2vTreeGuest;

typedef struct {
  /* not 0: use a random order of rules and facts, drawn from this seed */
  guint shuffle;
  V2vCoverage *coverage; /* counts what the test fires; or NULL */
  /* NULL: a test with a file tree is only planned, from the facts that it gives */
  const V2vTreeGuest *guest;
  gpointer data; /* argument of the functions of GUEST */
} V2vTestRun;

/* Runs TEST. Facts that it does not give are absent. Messages of "fail" rules and missing
 * providers matter only if the test has an "expect fail", "expect no fail" or "expect
 * provider", because the test of one rule gives only the facts of that rule. Conflicts,
 * ambiguities and contradictions always matter. If the test fails, returns FALSE and describes
 * the first difference in *WHY_R, to be freed with g_free. */
gboolean v2v_rule_test_run (const V2vRuleSet *rules, const V2vTest *test, const V2vTestRun *run,
                            char **why_r);

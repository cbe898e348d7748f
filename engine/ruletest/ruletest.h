/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Running the tests that stand in rule files.
 */
#pragma once

#include "ruletest/coverage.h"

/* How a test gets a guest that is made of the tree of files that it gives. */
typedef struct {
  /* Makes the guest of TEST, and adds to STORE what is known of its files. */
  gboolean (*begin) (const V2vTest *test, V2vStore *store, gpointer data, GError **error);
  /* As in V2vPlanInput. */
  gboolean (*probe) (const V2vProbe *probe, const V2vValue *args, V2vStore *store,
                     gpointer data, GError **error);
  /* Carries PLAN out. */
  gboolean (*act) (const V2vTest *test, const V2vPlan *plan, V2vStore *store, gpointer data,
                   GError **error);
  /* How the files then differ from what EXPECT asks for; NULL if they do not. To be freed with
   * g_free. */
  char *(*differs) (const V2vTest *test, const V2vExpect *expect, gpointer data);
} V2vTreeGuest;

typedef struct {
  guint shuffle;             /* not 0: rules and facts in an order drawn from this seed */
  V2vCoverage *coverage;     /* gets what the test fires, or NULL */
  const V2vTreeGuest *guest; /* NULL: tests that give a tree are planned only, from what else
                                they give */
  gpointer data;             /* for its functions */
} V2vTestRun;

/* Runs TEST in a closed world: what is not given is absent. Messages of "fail" rules and
 * missing providers matter only to tests that speak of them ("expect fail", "expect no fail",
 * "expect provider"), since a test of one rule gives the facts of that rule; conflicts,
 * ambiguities and contradictions always matter. FALSE with the first difference in *WHY_R (to
 * be freed with g_free). */
gboolean v2v_rule_test_run (const V2vRuleSet *rules, const V2vTest *test, const V2vTestRun *run,
                            char **why_r);

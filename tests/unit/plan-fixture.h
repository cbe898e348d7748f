/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * For tests of planning: loads rule text, fills a store from its first capture, plans.
 */
#pragma once

#include "base/diag.h"
#include "plan/plan.h"

typedef struct {
  char *dir; /* a tree with rules/, lua/x.lua, xslt/configure-x.xsl, xslt/unconfigure-x.xsl */
  V2vRuleSet *rules;
  V2vStore *store;
  V2vPlanInput input; /* to be changed before planning */
  V2vPlan *plan;
  GError *error;
} Planning;

/* Declarations that most tests use; see plan-fixture.c. */
extern const char *const planning_prelude;

/* Loads PRELUDE (may be NULL) as prelude.v2v and TEXT, below a first line of its own, as
 * test.v2v. Ends the test if they have errors. */
Planning *planning_new (const char *prelude, const char *text);
/* A new store, filled from the first capture of the text if it has one. The world is closed
 * unless it has one. */
void planning_reset (Planning *planning);
void planning_free (Planning *planning);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Planning, planning_free)

/* Plans; the text of the plan, or "error STATUS: MESSAGE", without the directory in file names.
 * To be freed with g_free. */
char *planning_run (Planning *planning);
/* Value of FACT.FIELD as text, for a fact of which there is one; "" if unset. To be freed. */
char *planning_value (Planning *planning, const char *fact, const char *field);
/* The number of facts of a kind. */
guint planning_count (Planning *planning, const char *fact);

/* planning_prelude and TEXT, planned once: the result has to be EXPECTED. */
void assert_plan (const char *text, const char *expected);
/* The same, but of a plan only its steps: a line each, "PROVIDER REQUEST REQUEST" ("direct" for
 * no provider), and its warnings. */
void assert_steps (const char *text, const char *expected);
/* As assert_plan, but the result has to begin with EXPECTED. */
void assert_plan_begins (const char *text, const char *expected);
/* TEXT's result has to be the same for many orders of rules; gives it. To be freed with g_free.
 */
char *shuffled_plan (const char *text);

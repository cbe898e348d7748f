/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The parts of planning, one file each, and the data that they pass to each other.
 */
#pragma once

#include "plan/derive.h"

/* What planning produces besides the plan. */
typedef struct {
  gboolean keep_going;   /* bind and order the requests even if rules refuse the guest or
                            providers are missing */
  GPtrArray *fails;      /* char *: messages of "fail" rules ... */
  GPtrArray *fail_lines; /* ... and the same, with rule and place where these are shown */
  GPtrArray *warns;      /* char *: messages of "warn" rules */
  char *missing;         /* which requests have no provider and why, or NULL ... */
  char *missing_said;    /* ... and as a sentence without places */
} V2vFindings;

void v2v_findings_init (V2vFindings *findings, gboolean keep_going);
void v2v_findings_clear (V2vFindings *findings);

/* As v2v_plan_make, but refusals of rules and missing providers are in FINDINGS. With them the
 * plan has no steps unless FINDINGS says to keep going. */
V2vPlan *v2v_plan_build (const V2vPlanInput *input, V2vFindings *findings, GError **error);

/* request.c */
V2vPlan *v2v_plan_new (void);
/* request.c: evaluates every rule that requests, fails or warns, and fills PLAN->requests
 * (in the order of their reasons), PLAN->warnings and FINDINGS. */
gboolean v2v_collect_requests (V2vEval *eval, V2vPlan *plan, GHashTable *fired,
                               V2vFindings *findings, GError **error);
/* request.c: places of rules, then what their variables are bound to. */
int v2v_reason_order (const V2vReason *a, const V2vReason *b);
/* print.c: appends "\n  REQUEST by RULE, RULE". */
void v2v_append_request (GString *text, const V2vRequest *request);
/* print.c: the type that an argument is printed as. */
V2vTypeKind v2v_argument_type (const V2vOperation *operation, guint i, V2vValue value);

/* conflict.c: requests that exclude each other. */
gboolean v2v_check_conflicts (const V2vPlan *plan, GError **error);

/* dispatch.c: binds providers to the requests. */
gboolean v2v_bind_providers (V2vEval *eval, V2vPlan *plan, V2vFindings *findings,
                             GError **error);

/* order.c: makes the steps and puts them in order. */
gboolean v2v_order_steps (V2vEval *eval, V2vPlan *plan, GError **error);

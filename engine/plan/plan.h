/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Planning: from facts and rules to an ordered list of steps.
 *
 * Planning does not touch a guest: a callback runs the probes, and a plan is data. Every
 * conflict, ambiguity and missing provider is found here.
 */
#pragma once

#include "facts/store.h"
#include "lang/ruleset.h"

/* Why a request is in the plan: a rule and what its variables were bound to. */
typedef struct {
  const V2vRule *rule;
  const V2vHead *head; /* the line that requests it */
  GPtrArray *bindings; /* V2vFact, one per variable */
} V2vReason;

typedef struct {
  const V2vOperation *operation;
  V2vValue *args;     /* one per parameter */
  GPtrArray *reasons; /* V2vReason, at least one; the first decides the order */
  /* V2vProvider bound to it; empty for a direct call or one that was skipped */
  GPtrArray *providers;
} V2vRequest;

/* One call: a provider (or a direct call) with one request, or with all of a batch. */
typedef struct {
  V2vPhase phase;
  const V2vOperation *operation;
  const V2vProvider *provider; /* NULL: a direct call of the operation */
  const V2vCall *call;
  gboolean is_xslt;
  GPtrArray *requests; /* V2vRequest; one unless the operation is a batch */
  GPtrArray *args;     /* GArray of V2vValue per request: the arguments of the call */
} V2vStep;

/* What one rule did. */
typedef struct {
  const V2vRule *rule;
  guint times; /* bindings */
} V2vFired;

typedef struct {
  GPtrArray *requests; /* V2vRequest */
  GPtrArray *steps;    /* V2vStep, in the order of acting */
  GPtrArray *fired;    /* V2vFired: rules that fired, in file order */
  GPtrArray *warnings; /* char *: by rules, and skipped optional operations */
} V2vPlan;

void v2v_plan_free (V2vPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vPlan, v2v_plan_free)

typedef struct {
  const V2vRuleSet *rules;
  V2vStore *store; /* gets the derived facts */
  xmlDoc *domain;  /* the source's domain document, for domain "XPATH"; may be NULL: then every
                      one is false */
  GHashTable *providers; /* name of an operation -> name of a provider (--provider), or NULL */
  const V2vRule *more;   /* a rule that is evaluated in addition to RULES, or NULL */
  gboolean closed_world; /* for tests: a fact that is not given does not exist, and only
                          * PROBES run */
  const GPtrArray *probes; /* V2vProbe: those that run in a closed world, or NULL */
  /* Runs PROBE and adds its facts to the store (and marks them known); NULL: probes do not run,
   * and a fact that none of the probes recorded in the store has provided is an error when a
   * rule reads it. */
  gboolean (*run_probe) (const V2vProbe *probe, const V2vValue *args, V2vStore *store,
                         gpointer data, GError **error);
  gpointer data;
  guint shuffle; /* not 0: process rules in an order drawn from this seed; the result must be
                    the same */
} V2vPlanInput;

/* Derives all facts (stratum by stratum, running probes). Returns FALSE with an error that
 * names rule and place. */
gboolean v2v_derive (const V2vPlanInput *input, GError **error);

/* v2v_derive, then requests, conflicts, dispatch and order. Errors of rules ("fail") are
 * V2V_EXIT_DATA with all messages; so are missing providers: no rule can convert this guest.
 * Ambiguous providers and conflicts are V2V_EXIT_CONFIG; a --provider that names none, or one
 * that does not fit, is V2V_EXIT_USAGE. All of a kind are listed at once. */
V2vPlan *v2v_plan_make (const V2vPlanInput *input, GError **error);

/* Does A's condition imply B's? Compared atom by atom, on the same field. */
gboolean v2v_provider_implies (const V2vProvider *a, const V2vProvider *b);

/* The plan as the command "plan" prints it: a line for each step, and below it indented
 * lines with its requests and their rules. To be freed with g_free. */
char *v2v_plan_to_text (const V2vPlan *plan);
/* "PHASE: OPERATION by PROVIDER", of one line. To be freed with g_free. */
char *v2v_step_text (const V2vStep *step);
JsonNode *v2v_plan_to_json (const V2vPlan *plan);
/* "OPERATION("TEXT", 42)". To be freed with g_free. */
char *v2v_request_text (const V2vRequest *request);

/* Adds the contents of CAPTURE to STORE, which is empty except for options; these keep their
 * values. */
gboolean v2v_capture_apply (const V2vCapture *capture, V2vStore *store, GError **error);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Runs the tests in rule files: plans a conversion with the facts that a test gives, and
 * compares the result with what it expects.
 */
#include "config.h"

#include <string.h>

#include "load/load.h"
#include "plan/make.h"
#include "ruletest/ruletest.h"

typedef struct {
  const V2vPlanInput *input;
  const V2vPlan *plan;
  const V2vFindings *findings;
  const V2vTest *test;
  const V2vTestRun *run;
} Result;

static gboolean
give_file (const V2vRuleSet *rules, const V2vGiven *given, V2vStore *store, GError **error)
{
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  /* The rule set keeps the capture, but nothing else in it changes. */
  const V2vCapture *capture =
      v2v_ruleset_read_capture ((V2vRuleSet *)rules, given->file, diags);

  if (!capture) {
    g_autofree char *text = v2v_diags_to_string (diags);

    g_set_error (error, V2V_ERROR, V2V_EXIT_CONFIG, "the facts in %s cannot be read:\n%s",
                 given->file, text);
    return FALSE;
  }
  return v2v_capture_apply (capture, store, error);
}

/* Adds the given facts in a random order, which must not change the result. */
static GPtrArray *
shuffled (const GPtrArray *given, guint seed)
{
  GPtrArray *order = g_ptr_array_copy ((GPtrArray *)given, NULL, NULL);
  g_autoptr (GRand) random = seed ? g_rand_new_with_seed (seed) : NULL;

  g_ptr_array_set_free_func (order, NULL);
  for (guint i = order->len; random && i > 1; i--) {
    guint j = (guint)g_rand_int_range (random, 0, (gint32)i);
    gpointer kept = order->pdata[j];

    order->pdata[j] = order->pdata[i - 1];
    order->pdata[i - 1] = kept;
  }
  return order;
}

static gboolean
give (const V2vRuleSet *rules, const V2vTest *test, guint seed, V2vStore *store, GError **error)
{
  g_autoptr (GPtrArray) order = shuffled (test->given, seed);

  for (guint i = 0; i < order->len; i++) {
    const V2vGiven *given = g_ptr_array_index (order, i);

    if (given->file ? !give_file (rules, given, store, error)
                    : !v2v_store_add (store, given->fact,
                                      (const V2vValue *)(gpointer)given->values->data, "given",
                                      NULL, error)) {
      g_prefix_error (error, "%s:%u: ", given->place.file, given->place.line);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
is_expected (const V2vExpect *expect, const V2vRequest *request)
{
  if (request->operation != expect->operation)
    return FALSE;
  for (guint i = 0; !expect->any_args && i < expect->args->len; i++)
    if (!v2v_value_equal (g_array_index (expect->args, V2vValue, i), request->args[i]))
      return FALSE;
  return TRUE;
}

static char *
expected_text (const V2vExpect *expect)
{
  g_autoptr (GString) text = g_string_new (expect->operation->name);

  for (guint i = 0; !expect->any_args && i < expect->args->len; i++) {
    V2vValue value = g_array_index (expect->args, V2vValue, i);
    g_autofree char *arg =
        v2v_value_to_rule_text (v2v_argument_type (expect->operation, i, value), value);

    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "(", arg);
  }
  if (!expect->any_args)
    g_string_append (text, expect->args->len > 0 ? ")" : "()");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

#define SHOWN_MAX 10

/* How many arguments of REQUEST are equal to those that EXPECT has. */
static guint
nearness (const V2vExpect *expect, const V2vRequest *request)
{
  guint equal = 0;

  for (guint i = 0; expect && !expect->any_args && i < expect->args->len; i++)
    equal += v2v_value_equal (g_array_index (expect->args, V2vValue, i), request->args[i]);
  return equal;
}

/* Describes the requests of an operation for the message, beginning with the one that is most
 * similar to EXPECT (may be NULL). */
static char *
requests_text (const V2vPlan *plan, const V2vOperation *operation, const V2vExpect *expect)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const guint params = operation->params->len;
  guint count = 0;

  for (guint equal = params + 1; equal > 0; equal--)
    for (guint i = 0; i < plan->requests->len; i++) {
      const V2vRequest *request = g_ptr_array_index (plan->requests, i);

      if (request->operation != operation || nearness (expect, request) != equal - 1)
        continue;
      if (count++ < SHOWN_MAX)
        v2v_append_request (text, request);
    }
  if (count > SHOWN_MAX)
    g_string_append_printf (text, "\n  and %u more", count - SHOWN_MAX);
  if (count == 0)
    g_string_append_printf (text, "\n  no rule requests %s", operation->name);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
check_request (const Result *result, const V2vExpect *expect)
{
  gboolean wanted = expect->kind == V2V_EXPECT_REQUEST;
  g_autofree char *name = expected_text (expect), *got = NULL;
  const V2vRequest *found = NULL;

  for (guint i = 0; i < result->plan->requests->len && !found; i++)
    if (is_expected (expect, result->plan->requests->pdata[i]))
      found = result->plan->requests->pdata[i];
  if (!found == !wanted)
    return NULL;
  got = requests_text (result->plan, expect->operation, expect);
  return wanted ? g_strdup_printf ("expected %s, but there is no such request:%s", name, got)
                : g_strdup_printf ("expected no %s, but there is:%s", name, got);
}

static char *
check_messages (const V2vExpect *expect, const GPtrArray *messages, const char *what,
                gboolean wanted)
{
  g_autoptr (GString) all = g_string_new (NULL);
  gboolean found = FALSE;

  for (guint i = 0; i < messages->len; i++) {
    const char *message = g_ptr_array_index (messages, i);

    found = found || !expect->pattern || v2v_glob_match (expect->pattern, message);
    g_string_append_printf (all, "\n  %s", message);
  }
  if (found == wanted)
    return NULL;
  return g_strdup_printf ("expected %s%s%s%s%s, but %s%s", wanted ? "" : "no ", what,
                          expect->pattern ? " \"" : "", expect->pattern ? expect->pattern : "",
                          expect->pattern ? "\"" : "",
                          messages->len > 0 ? "there is:" : "there is none", all->str);
}

static char *
check_provider (const Result *result, const V2vExpect *expect)
{
  const V2vOperation *operation = expect->provider->operation;
  g_autofree char *got = NULL;

  for (guint i = 0; i < result->plan->requests->len; i++) {
    const V2vRequest *request = g_ptr_array_index (result->plan->requests, i);

    if (g_ptr_array_find (request->providers, expect->provider, NULL))
      return NULL;
  }
  for (guint i = 0; i < result->plan->requests->len; i++) {
    const V2vRequest *request = g_ptr_array_index (result->plan->requests, i);

    if (request->operation == operation && request->providers->len > 0)
      return g_strdup_printf ("expected provider %s for %s, but it is %s",
                              expect->provider->name, operation->name,
                              v2v_provider_label (request->providers->pdata[0]));
  }
  got = requests_text (result->plan, operation, NULL);
  return g_strdup_printf ("expected provider %s for %s, but none is bound:%s%s%s",
                          expect->provider->name, operation->name, got,
                          result->findings->missing ? "\n" : "",
                          result->findings->missing ? result->findings->missing : "");
}

static char *
check_condition (const Result *result, const V2vExpect *expect)
{
  g_autoptr (GPtrArray) clauses = g_ptr_array_new ();
  g_autofree char *why = NULL, *text = NULL;
  V2vEval eval;
  V2vTruth truth;

  g_ptr_array_add (clauses, expect->clause);
  v2v_eval_init (&eval, result->input);
  truth = v2v_eval_clause (&eval, expect->clause);
  if (truth != V2V_TRUE)
    why = v2v_eval_why_not (&eval, clauses);
  v2v_eval_clear (&eval);
  if (truth == V2V_TRUE)
    return NULL;
  text = v2v_clause_text (expect->clause);
  return g_strdup_printf ("expected %s, but it does not hold: it %s", text, why);
}

static char *
check_one (const Result *result, const V2vExpect *expect)
{
  switch (expect->kind) {
  case V2V_EXPECT_REQUEST:
  case V2V_EXPECT_NO_REQUEST:
    return check_request (result, expect);
  case V2V_EXPECT_FAIL:
    return check_messages (expect, result->findings->fails, "fail", TRUE);
  case V2V_EXPECT_NO_FAIL:
    if (!expect->pattern && result->findings->missing)
      return g_strdup_printf ("expected no fail, but %s", result->findings->missing);
    return check_messages (expect, result->findings->fails, "fail", FALSE);
  case V2V_EXPECT_WARN:
    return check_messages (expect, result->findings->warns, "warn", TRUE);
  case V2V_EXPECT_NO_WARN:
    return check_messages (expect, result->findings->warns, "warn", FALSE);
  case V2V_EXPECT_PROVIDER:
    return check_provider (result, expect);
  case V2V_EXPECT_CONDITION:
    return check_condition (result, expect);
  case V2V_EXPECT_TREE:
  case V2V_EXPECT_UNCHANGED:
    return result->run->guest
               ? result->run->guest->differs (result->test, expect, result->run->data)
               : NULL;
  }
  return NULL;
}

/* Checks a test whose planning failed as a whole: it passes if all it expects is a "fail" with
 * this message. */
static char *
check_error (const V2vTest *test, const GError *error)
{
  for (guint i = 0; i < test->expect->len; i++) {
    const V2vExpect *expect = g_ptr_array_index (test->expect, i);

    if (expect->kind != V2V_EXPECT_FAIL ||
        (expect->pattern && !v2v_glob_match (expect->pattern, error->message)))
      return g_strdup_printf ("%s:%u: planning fails: %s", expect->place.file,
                              expect->place.line, error->message);
  }
  return test->expect->len > 0 ? NULL : g_strdup_printf ("planning fails: %s", error->message);
}

/* Does TEST expect planning to fail with the message of ERROR? */
static gboolean
is_expected_failure (const V2vTest *test, const GError *error)
{
  for (guint i = 0; i < test->expect->len; i++) {
    const V2vExpect *expect = g_ptr_array_index (test->expect, i);

    if (expect->kind == V2V_EXPECT_FAIL &&
        (!expect->pattern || v2v_glob_match (expect->pattern, error->message)))
      return TRUE;
  }
  return FALSE;
}

/* Carries out the plan of a test with a file tree. A failure counts as the message of a "fail"
 * rule. */
static char *
act (const Result *result, V2vFindings *findings)
{
  g_autoptr (GError) error = NULL;

  if (!result->test->tree || !result->run->guest ||
      result->run->guest->act (result->test, result->plan, result->input->store,
                               result->run->data, &error))
    return NULL;
  g_ptr_array_add (findings->fails, g_strdup (error->message));
  return is_expected_failure (result->test, error)
             ? NULL
             : g_strdup_printf ("%s:%u: carrying out the plan fails: %s",
                                result->test->place.file, result->test->place.line,
                                error->message);
}

/* Describes the first expectation that is not met; NULL if all are. */
static char *
check_all (const Result *result)
{
  for (guint i = 0; i < result->test->expect->len; i++) {
    const V2vExpect *expect = g_ptr_array_index (result->test->expect, i);
    g_autofree char *found = check_one (result, expect);

    if (found)
      return g_strdup_printf ("%s:%u: %s", expect->place.file, expect->place.line, found);
  }
  return NULL;
}

gboolean
v2v_rule_test_run (const V2vRuleSet *rules, const V2vTest *test, const V2vTestRun *run,
                   char **why_r)
{
  g_autoptr (V2vStore) store = v2v_store_new (rules->schema);
  const gboolean with_tree = test->tree && run->guest;
  const V2vPlanInput input = {.rules = rules,
                              .store = store,
                              .more = test->does,
                              .closed_world = TRUE,
                              .probes = with_tree ? test->probed : NULL,
                              .run_probe = with_tree ? run->guest->probe : NULL,
                              .data = run->data,
                              .shuffle = run->shuffle};
  g_autoptr (V2vPlan) plan = NULL;
  g_autoptr (GError) error = NULL;
  V2vFindings findings;
  char *why = NULL;

  v2v_findings_init (&findings, TRUE);
  if (!give (rules, test, run->shuffle, store, &error) ||
      (with_tree && !run->guest->begin (test, store, run->data, &error))) {
    why = g_strdup (error->message);
  } else if (!(plan = v2v_plan_build (&input, &findings, &error))) {
    why = check_error (test, error);
  } else {
    const Result result = {&input, plan, &findings, test, run};

    why = act (&result, &findings);
    if (!why)
      why = check_all (&result);
  }
  if (run->coverage)
    v2v_coverage_add (run->coverage, test, plan);
  v2v_findings_clear (&findings);
  *why_r = why;
  return !why;
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Dispatch: chooses the providers that carry out each request.
 */
#include "config.h"

#include <string.h>

#include "base/log.h"
#include "plan/make.h"

typedef struct {
  V2vEval *eval;
  V2vPlan *plan;
  GString *ambiguous, *missing, *unfit;
  GString *missing_said, *unfit_said; /* the same messages without files and lines */
  GHashTable *said;                   /* set of V2vOperation: those that a message has
                                       * already named */

  /* The last choice: requests for one operation mostly have the same providers to choose
   * from. */
  GPtrArray *last_fits; /* V2vProvider */
  const V2vProvider *last_best;
} Dispatch;

/* ---- which is more specific ---- */

static gboolean
beats (const V2vProvider *a, const V2vProvider *b)
{
  if (v2v_provider_is_over (a, b))
    return TRUE;
  return !v2v_provider_is_over (b, a) && v2v_provider_implies (a, b) &&
         !v2v_provider_implies (b, a);
}

/* The provider that beats all others, or NULL. Of two providers, at most one beats the
 * other, so one that was beaten cannot be the best. */
static const V2vProvider *
best_of (const GPtrArray *fits)
{
  const V2vProvider *best = fits->pdata[0];

  for (guint i = 1; i < fits->len; i++)
    if (!beats (best, fits->pdata[i]))
      best = fits->pdata[i];
  for (guint i = 0; i < fits->len; i++)
    if (fits->pdata[i] != best && !beats (best, fits->pdata[i]))
      return NULL;
  return best;
}

static const V2vProvider *
choose (Dispatch *dispatch, const GPtrArray *fits)
{
  if (fits->len == 1)
    return fits->pdata[0];
  if (dispatch->last_fits->len != fits->len ||
      memcmp (dispatch->last_fits->pdata, fits->pdata, fits->len * sizeof (gpointer)) != 0) {
    g_ptr_array_set_size (dispatch->last_fits, 0);
    for (guint i = 0; i < fits->len; i++)
      g_ptr_array_add (dispatch->last_fits, fits->pdata[i]);
    dispatch->last_best = best_of (fits);
  }
  return dispatch->last_best;
}

/* ---- what is said if none or several fit ---- */

static GString *
begin (GString *text)
{
  if (text->len > 0)
    g_string_append_c (text, '\n');
  return text;
}

static void
say_ambiguous (Dispatch *dispatch, const V2vRequest *request, const GPtrArray *fits)
{
  const char *name = request->operation->name;
  const V2vProvider *example = fits->pdata[0];

  if (!g_hash_table_add (dispatch->said, (gpointer)request->operation))
    return;
  g_string_append (
      begin (dispatch->ambiguous),
      "several providers fit this guest and none is more specific than all others, for");
  v2v_append_request (dispatch->ambiguous, request);
  for (guint i = 0; i < fits->len; i++)
    g_string_append_printf (dispatch->ambiguous, "\n  %s", v2v_provider_label (fits->pdata[i]));
  g_string_append_printf (
      dispatch->ambiguous,
      "\n  choose by --provider %s=%s, or let one of them say \"over\" the other", name,
      example->name);
}

/* Appends one line for each provider of the request's operation: why it does not fit. */
static void
append_reasons (GString *text, Dispatch *dispatch, const V2vRequest *request)
{
  const GPtrArray *providers = request->operation->providers;

  dispatch->eval->params = request->args;
  for (guint i = 0; i < providers->len; i++) {
    const V2vProvider *provider = g_ptr_array_index (providers, i);
    g_autofree char *why = v2v_eval_why_not (dispatch->eval, provider->clauses);

    g_string_append_printf (text, "\n  %s %s", v2v_provider_label (provider), why);
  }
  if (providers->len == 0)
    g_string_append (text, "\n  no rule file has a provider for it");
}

/* "NAME (what it does)". */
static void
append_operation (GString *text, const V2vOperation *operation)
{
  g_autofree char *doc = g_strdup (operation->doc ? operation->doc : "");

  g_strdelimit (doc, "\n", ' ');
  if (g_str_has_suffix (g_strchomp (doc), "."))
    doc[strlen (doc) - 1] = '\0';
  g_string_append_printf (text, *doc ? "%s (%s)" : "%s", operation->name, doc);
}

static void
add_skipped (Dispatch *dispatch, const V2vOperation *operation, const char *details)
{
  GPtrArray *warnings = dispatch->plan->warnings;
  g_autoptr (GString) sentence = g_string_new (NULL);

  if (v2v_log_shows_places ()) {
    g_ptr_array_add (warnings, g_strdup_printf ("skipped: %s", details));
    return;
  }
  v2v_log_keep (details);
  append_operation (sentence, operation);
  g_string_append (sentence, " is left out: no rule knows how this guest does it");
  g_ptr_array_add (warnings, g_strdup (sentence->str));
}

static void
say_missing (Dispatch *dispatch, const V2vRequest *request)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (!g_hash_table_add (dispatch->said, (gpointer)request->operation))
    return;
  g_string_append_printf (text, "no provider of %s fits this guest; it is needed for",
                          request->operation->name);
  v2v_append_request (text, request);
  append_reasons (text, dispatch, request);
  if (request->operation->optional) {
    add_skipped (dispatch, request->operation, text->str);
    return;
  }
  g_string_append_printf (begin (dispatch->missing),
                          "%s\n  a rule has to give the fact that is missing, or a rule file "
                          "a provider for such guests",
                          text->str);
  if (dispatch->missing_said->len > 0)
    g_string_append (dispatch->missing_said, ", ");
  append_operation (dispatch->missing_said, request->operation);
}

/* ---- --provider OPERATION=NAME ---- */

static const char *
chosen_name (const Dispatch *dispatch, const V2vOperation *operation)
{
  GHashTable *chosen = dispatch->eval->input->providers;

  return chosen ? g_hash_table_lookup (chosen, operation->name) : NULL;
}

static gboolean
check_choices (const Dispatch *dispatch, GError **error)
{
  GHashTable *chosen = dispatch->eval->input->providers;
  GHashTableIter iter;
  gpointer key, value;

  if (!chosen)
    return TRUE;
  g_hash_table_iter_init (&iter, chosen);
  while (g_hash_table_iter_next (&iter, &key, &value)) {
    const V2vOperation *operation = g_hash_table_lookup (
        dispatch->eval->input->rules->operations_by_name, v2v_intern (key));
    g_autoptr (GString) names = g_string_new (NULL);
    gboolean found = FALSE;

    if (!operation) {
      g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                   "--provider %s=%s: there is no operation %s; see v2v-operations(7)",
                   (char *)key, (char *)value, (char *)key);
      return FALSE;
    }
    for (guint i = 0; i < operation->providers->len; i++) {
      const V2vProvider *provider = g_ptr_array_index (operation->providers, i);

      found = found || strcmp (provider->name, value) == 0;
      g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", provider->name);
    }
    if (!found) {
      g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                   "--provider %s=%s: %s has no provider %s; it has %s", (char *)key,
                   (char *)value, (char *)key, (char *)value,
                   names->len > 0 ? names->str : "none");
      return FALSE;
    }
  }
  return TRUE;
}

static void
say_unfit (Dispatch *dispatch, const V2vRequest *request, const V2vProvider *provider)
{
  g_autofree char *why = v2v_eval_why_not (dispatch->eval, provider->clauses);

  if (!g_hash_table_add (dispatch->said, (gpointer)request->operation))
    return;
  g_string_append_printf (
      begin (dispatch->unfit), "--provider %s=%s: this provider does not fit the guest: %s %s",
      request->operation->name, provider->name, v2v_provider_label (provider), why);
  g_string_append_printf (begin (dispatch->unfit_said),
                          "--provider %s=%s: this provider does not fit the guest: %s",
                          request->operation->name, provider->name, why);
}

/* ---- binding ---- */

static gboolean
bind (Dispatch *dispatch, V2vRequest *request, GPtrArray *fits, GError **error)
{
  const V2vOperation *operation = request->operation;
  const char *chosen = chosen_name (dispatch, operation);
  V2vEval *eval = dispatch->eval;
  const V2vProvider *best;

  g_ptr_array_set_size (fits, 0);
  eval->params = request->args;
  for (guint i = 0; i < operation->providers->len; i++) {
    V2vProvider *provider = g_ptr_array_index (operation->providers, i);

    if (chosen && strcmp (provider->name, chosen) != 0)
      continue;
    eval->unknown = NULL;
    switch (v2v_eval_clauses (eval, provider->clauses)) {
    case V2V_TRUE:
      g_ptr_array_add (fits, provider);
      break;
    case V2V_FALSE:
      if (chosen)
        say_unfit (dispatch, request, provider);
      break;
    case V2V_UNKNOWN:
      v2v_eval_set_error (eval, v2v_provider_label (provider), error);
      return FALSE;
    }
  }
  if (fits->len == 0) {
    if (!chosen)
      say_missing (dispatch, request);
  } else if (operation->dispatch == V2V_DISPATCH_ALL) {
    for (guint i = 0; i < fits->len; i++)
      g_ptr_array_add (request->providers, fits->pdata[i]);
  } else if ((best = choose (dispatch, fits))) {
    g_ptr_array_add (request->providers, (gpointer)best);
  } else {
    say_ambiguous (dispatch, request, fits);
  }
  return TRUE;
}

gboolean
v2v_bind_providers (V2vEval *eval, V2vPlan *plan, V2vFindings *findings, GError **error)
{
  g_autoptr (GPtrArray) fits = g_ptr_array_new (), last_fits = g_ptr_array_new ();
  g_autoptr (GString) ambiguous = g_string_new (NULL), missing = g_string_new (NULL);
  g_autoptr (GString) unfit = g_string_new (NULL), unfit_said = g_string_new (NULL);
  g_autoptr (GString) missing_said = g_string_new (NULL);
  g_autoptr (GHashTable) said = g_hash_table_new (NULL, NULL);
  Dispatch dispatch = {.eval = eval,
                       .plan = plan,
                       .ambiguous = ambiguous,
                       .missing = missing,
                       .unfit = unfit,
                       .missing_said = missing_said,
                       .unfit_said = unfit_said,
                       .said = said,
                       .last_fits = last_fits};

  if (!check_choices (&dispatch, error))
    return FALSE;
  for (guint i = 0; i < plan->requests->len; i++) {
    V2vRequest *request = g_ptr_array_index (plan->requests, i);

    if (!request->operation->direct && !bind (&dispatch, request, fits, error))
      return FALSE;
  }
  eval->params = NULL;
  if (missing->len > 0) {
    findings->missing = g_strdup (missing->str);
    findings->missing_said = g_strdup_printf (
        "this guest is not converted: no rule knows how it does what is needed: %s; --verbose "
        "says "
        "what was looked at, and doc/adding-a-guest.md how a rule file teaches it",
        missing_said->str);
  }
  if (unfit->len > 0 || ambiguous->len > 0) {
    g_set_error (error, V2V_ERROR, unfit->len > 0 ? V2V_EXIT_USAGE : V2V_EXIT_CONFIG, "%s%s%s",
                 unfit->str, unfit->len > 0 && ambiguous->len > 0 ? "\n" : "", ambiguous->str);
    if (!unfit->len)
      v2v_error_say (
          error, "several ways of changing this guest fit it equally well, which is a fault in "
                 "the rules: choose one by --provider, which --verbose names, and report it");
    else
      v2v_error_say (error, "%s", unfit_said->str);
    return FALSE;
  }
  return TRUE;
}

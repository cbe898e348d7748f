/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Carries out a plan on the overlays of the guest's disks.
 */
#include "config.h"

#include "base/log.h"
#include "convert/carry-out.h"
#include "convert/handover.h"
#include "metadata/domain-schema.h"

static V2vOutcome *
outcome_new (const V2vStep *step)
{
  V2vOutcome *outcome = g_new0 (V2vOutcome, 1);

  outcome->step = step;
  outcome->changes = g_ptr_array_new_with_free_func ((GDestroyNotify)v2v_change_free);
  return outcome;
}

static void
outcome_free (gpointer data)
{
  V2vOutcome *outcome = data;

  g_ptr_array_unref (outcome->changes);
  g_free (outcome);
}

V2vConverted *
v2v_converted_new (const V2vSourceRead *read)
{
  V2vConverted *converted = g_new0 (V2vConverted, 1);

  converted->outcomes = g_ptr_array_new_with_free_func (outcome_free);
  converted->domain = xmlCopyDoc (read->original, 1);
  return converted;
}

void
v2v_converted_free (V2vConverted *converted)
{
  if (!converted)
    return;
  g_ptr_array_unref (converted->outcomes);
  g_clear_pointer (&converted->domain, xmlFreeDoc);
  g_free (converted);
}

/* "remap_device by fstab", for progress and errors. */
static char *
step_text (const V2vStep *step)
{
  return step->provider
             ? g_strdup_printf ("%s by %s", step->operation->name, step->provider->name)
             : g_strdup (step->operation->name);
}

/* The label of the rule that requested the step, for errors of its stylesheet. */
static const char *
step_reason (const V2vStep *step)
{
  const V2vRequest *request = step->requests->pdata[0];
  const V2vReason *reason = request->reasons->pdata[0];

  return v2v_rule_label (reason->rule);
}

static gboolean
rewrite_domain (const V2vSeen *seen, xmlDoc **domain, const V2vStep *step, gboolean *changed_r,
                GError **error)
{
  xmlDoc *rewritten = v2v_xslt_apply (step->call->path, *domain, seen->asked->facts, error);

  if (!rewritten) {
    if (v2v_log_shows_places ())
      g_prefix_error (error, "%s: ", step_reason (step));
    return FALSE;
  }
  if (changed_r)
    *changed_r = !v2v_xml_equal (*domain, rewritten);
  xmlFreeDoc (*domain);
  *domain = rewritten;
  return TRUE;
}

xmlDoc *
v2v_carry_out_domain (const V2vSeen *seen, const V2vPlan *plan, GError **error)
{
  xmlDoc *domain = xmlCopyDoc (seen->read->original, 1);

  for (guint i = 0; i < plan->steps->len; i++) {
    const V2vStep *step = plan->steps->pdata[i];

    if (step->is_xslt && !rewrite_domain (seen, &domain, step, NULL, error)) {
      xmlFreeDoc (domain);
      return NULL;
    }
  }
  if (!v2v_domain_validate (domain, seen->asked->settings->options, error))
    g_clear_pointer (&domain, xmlFreeDoc);
  return domain;
}

static gboolean
run_step (const V2vSeen *seen, const V2vPlan *plan, const V2vStep *step, xmlDoc **domain,
          V2vOutcome *outcome, GError **error)
{
  if (step->is_xslt)
    return rewrite_domain (seen, domain, step, &outcome->changed, error);
  if (!v2v_lua_run_step (seen->lua, step, plan, seen->asked->facts, outcome->changes, error))
    return FALSE;
  outcome->changed = outcome->changes->len > 0;
  return TRUE;
}

gboolean
v2v_carry_out (const V2vSeen *seen, const V2vPlan *plan, V2vConverted *converted,
               GError **error)
{
  const V2vJobSettings *settings = seen->asked->settings;
  const GPtrArray *steps = plan->steps;

  v2v_step ("convert",
            settings->rehearse ? "Trying the plan on a copy that is thrown away"
                               : "Converting the guest",
            0);
  for (guint i = 0; i < steps->len; i++) {
    const V2vStep *step = steps->pdata[i];
    g_autofree char *text = step_text (step);
    V2vOutcome *outcome;
    gint64 began = g_get_monotonic_time ();

    if (settings->only && !g_str_equal (step->operation->name, settings->only))
      continue;
    outcome = outcome_new (step);
    g_ptr_array_add (converted->outcomes, outcome);
    v2v_step_detail (text);
    if (!run_step (seen, plan, step, &converted->domain, outcome, error))
      return FALSE;
    outcome->seconds = (double)(g_get_monotonic_time () - began) / G_USEC_PER_SEC;
    v2v_debug ("%s: %s (%.2f s)", text, outcome->changed ? "done" : "already so",
               outcome->seconds);
    v2v_step_detail (NULL);
    v2v_step_progress ((double)(i + 1) / steps->len);
  }
  return v2v_handover (seen->guest, converted->domain, seen->read->work_dir, error) &&
         v2v_domain_validate (converted->domain, settings->options, error);
}

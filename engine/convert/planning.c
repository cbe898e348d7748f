/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Makes a plan from what was seen of a guest.
 */
#include "config.h"

#include "base/log.h"
#include "convert/planning.h"

static gboolean
run_probe (const V2vProbe *probe, const V2vValue *args, V2vStore *store, gpointer data,
           GError **error)
{
  const V2vSeen *seen = data;
  g_autofree char *detail = g_strdup_printf ("probe %s", probe->name);
  gint64 began = g_get_monotonic_time ();
  gboolean ok;

  v2v_step_detail (detail);
  ok = v2v_lua_run_probe (seen->lua, probe, args, store, error);
  v2v_step_detail (NULL);
  v2v_debug ("probe %s: %.2f s", probe->name,
             (double)(g_get_monotonic_time () - began) / G_USEC_PER_SEC);
  return ok;
}

/* Runs a probe for a guest without a system: it finds nothing, since no file can be read. */
static gboolean
run_no_probe (const V2vProbe *probe, const V2vValue *args, V2vStore *store, gpointer data,
              GError **error)
{
  (void)probe, (void)args, (void)store, (void)data, (void)error;
  return TRUE;
}

static V2vPlanInput
input_of (const V2vSeen *seen)
{
  return (V2vPlanInput){
      .rules = seen->asked->settings->rules,
      .store = seen->asked->facts,
      .domain = seen->read ? seen->read->original : NULL,
      .providers = seen->asked->providers,
      .run_probe = seen->without_system ? run_no_probe
                   : seen->lua          ? run_probe
                                        : NULL,
      .data = (gpointer)seen,
  };
}

/* In a guest without a system, facts that no probe can find out do not exist. */
static void
set_all_known (const V2vSeen *seen)
{
  const GPtrArray *facts = seen->asked->settings->rules->schema->facts;

  for (guint i = 0; i < facts->len; i++)
    v2v_store_set_known (seen->asked->facts, facts->pdata[i]);
}

/* Rules that read what is on the disks may have a better reason for a refusal than that
 * there is no system. */
static void
refuse_without_system (const V2vSeen *seen, GError **error)
{
  const V2vPlanInput input = input_of (seen);
  g_autoptr (V2vPlan) plan = NULL;
  g_autoptr (GError) refusal = NULL;

  set_all_known (seen);
  plan = v2v_plan_make (&input, &refusal);
  v2v_debug ("without a system: %s", refusal ? refusal->message : "no rule knows why");
  if (plan == NULL && g_error_matches (refusal, V2V_ERROR, V2V_EXIT_DATA))
    g_propagate_error (error, g_steal_pointer (&refusal));
  else
    g_propagate_error (error, g_error_copy (seen->without_system));
}

gboolean
v2v_seen_derive (const V2vSeen *seen, GError **error)
{
  const V2vPlanInput input = input_of (seen);

  if (seen->read)
    v2v_step ("facts", "Collecting facts", 0);
  if (!seen->without_system)
    return v2v_derive (&input, error);
  refuse_without_system (seen, error);
  return FALSE;
}

static void
begin_plan (const V2vSeen *seen)
{
  if (seen->read)
    v2v_step ("plan", "Collecting facts and planning", 0);
}

V2vPlan *
v2v_seen_plan (const V2vSeen *seen, GError **error)
{
  const V2vPlanInput input = input_of (seen);
  V2vPlan *plan;

  begin_plan (seen);
  if (seen->without_system) {
    refuse_without_system (seen, error);
    return NULL;
  }
  plan = v2v_plan_make (&input, error);
  for (guint i = 0; plan && !seen->asked->settings->no_warnings && i < plan->warnings->len; i++)
    v2v_warn ("%s", (const char *)plan->warnings->pdata[i]);
  return plan;
}

V2vReasons *
v2v_seen_reasons (const V2vSeen *seen, GError **error)
{
  const V2vPlanInput input = input_of (seen);

  begin_plan (seen);
  if (seen->without_system)
    set_all_known (seen);
  return v2v_reasons_new (&input, error);
}

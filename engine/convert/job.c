/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The second half of a conversion: the plan is carried out on overlays, and only
 * after all of it succeeded the result is published.
 */
#include "config.h"

#include "base/log.h"
#include "base/tempfile.h"
#include "convert/handover.h"
#include "convert/internal.h"
#include "convert/written.h"
#include "metadata/domain-schema.h"
#include "storage/disk-sources.h"
#include "storage/overlay.h"

static void
outcome_free (gpointer data)
{
  V2vOutcome *outcome = data;

  g_ptr_array_unref (outcome->changes);
  g_free (outcome);
}

V2vJob *
v2v_job_new (const V2vJobSettings *settings)
{
  V2vJob *job = g_new0 (V2vJob, 1);

  job->settings = *settings;
  job->outcomes = g_ptr_array_new_with_free_func (outcome_free);
  return job;
}

void
v2v_job_free (V2vJob *job)
{
  if (!job)
    return;
  v2v_lua_host_free (job->lua);
  if (!job->settings.appliance)
    v2v_guest_free (job->guest);
  if (job->store_job && !job->finished) {
    if (!job->settings.read_only)
      job->settings.output->abandon (job->store_job);
    job->settings.storage->abandon (job->store_job);
  }
  v2v_storage_job_free (job->store_job);
  g_ptr_array_unref (job->outcomes);
  v2v_plan_free (job->plan);
  v2v_store_free (job->facts);
  g_clear_pointer (&job->disks, g_ptr_array_unref);
  g_clear_pointer (&job->inspection, xmlFreeDoc);
  g_clear_error (&job->without_system);
  g_clear_pointer (&job->domain, xmlFreeDoc);
  g_clear_pointer (&job->original, xmlFreeDoc);
  if (job->work_dir)
    v2v_temp_remove_below (job->work_dir);
  g_free (job->work_dir);
  g_clear_pointer (&job->providers, g_hash_table_unref);
  g_free (job->name);
  g_free (job->result);
  g_free (job->recovered);
  g_clear_pointer (&job->verdict, json_node_unref);
  g_free (job);
}

/* ---- acting ---- */

/* "remap_device by fstab", for progress and errors. */
static char *
step_text (const V2vStep *step)
{
  return step->provider
             ? g_strdup_printf ("%s by %s", step->operation->name, step->provider->name)
             : g_strdup (step->operation->name);
}

/* Which rule asked for the step, for errors of its stylesheet. */
static const char *
step_reason (const V2vStep *step)
{
  const V2vRequest *request = step->requests->pdata[0];
  const V2vReason *reason = request->reasons->pdata[0];

  return v2v_rule_label (reason->rule);
}

static gboolean
rewrite_domain (V2vJob *job, xmlDoc **domain, const V2vStep *step, gboolean *changed_r,
                GError **error)
{
  xmlDoc *rewritten = v2v_xslt_apply (step->call->path, *domain, job->facts, error);

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
v2v_job_rewrite (V2vJob *job, GError **error)
{
  xmlDoc *domain = xmlCopyDoc (job->original, 1);

  for (guint i = 0; i < job->plan->steps->len; i++) {
    const V2vStep *step = job->plan->steps->pdata[i];

    if (step->is_xslt && !rewrite_domain (job, &domain, step, NULL, error)) {
      xmlFreeDoc (domain);
      return NULL;
    }
  }
  if (!v2v_domain_validate (domain, job->settings.options, error))
    g_clear_pointer (&domain, xmlFreeDoc);
  return domain;
}

static gboolean
run_step (V2vJob *job, const V2vStep *step, V2vOutcome *outcome, GError **error)
{
  if (step->is_xslt)
    return rewrite_domain (job, &job->domain, step, &outcome->changed, error);
  if (!v2v_lua_run_step (job->lua, step, job->plan, job->facts, outcome->changes, error))
    return FALSE;
  outcome->changed = outcome->changes->len > 0;
  return TRUE;
}

gboolean
v2v_job_run_steps (V2vJob *job, GError **error)
{
  const GPtrArray *steps = job->plan->steps;

  v2v_step ("convert",
            job->settings.rehearse ? "Trying the plan on a copy that is thrown away"
                                   : "Converting the guest",
            0);
  for (guint i = 0; i < steps->len; i++) {
    const V2vStep *step = steps->pdata[i];
    g_autofree char *text = step_text (step);
    V2vOutcome *outcome;
    gint64 began = g_get_monotonic_time ();

    if (job->settings.only && !g_str_equal (step->operation->name, job->settings.only))
      continue;
    outcome = g_new0 (V2vOutcome, 1);
    outcome->step = step;
    outcome->changes = g_ptr_array_new_with_free_func ((GDestroyNotify)v2v_change_free);
    g_ptr_array_add (job->outcomes, outcome);
    v2v_step_detail (text);
    if (!run_step (job, step, outcome, error))
      return FALSE;
    outcome->seconds = (double)(g_get_monotonic_time () - began) / G_USEC_PER_SEC;
    v2v_debug ("%s: %s (%.2f s)", text, outcome->changed ? "done" : "already so",
               outcome->seconds);
    v2v_step_detail (NULL);
    v2v_step_progress ((double)(i + 1) / steps->len);
  }
  return v2v_handover (job->guest, job->domain, job->work_dir, error) &&
         v2v_domain_validate (job->domain, job->settings.options, error);
}

gboolean
v2v_job_act (V2vJob *job, GError **error)
{
  if (!v2v_job_run_steps (job, error))
    return FALSE;
  /* Errors of the last writes are seen when the appliance ends, which has to be before anything
   * is published. */
  g_clear_pointer (&job->lua, v2v_lua_host_free);
  if (job->settings.appliance)
    return TRUE;
  if (v2v_job_trims (job)) {
    v2v_step ("trim", "Discarding what the guest does not use", 0);
    v2v_guest_trim (job->guest);
  }
  v2v_step ("close", "Closing the guest", 600);
  if (!v2v_guest_close (job->guest, error))
    return FALSE;
  v2v_watch_space (NULL);
  v2v_storage_sources_lent (job->store_job);
  /* Its temporary files go with it, before a journal counts on them. */
  g_clear_pointer (&job->guest, v2v_guest_free);
  return v2v_storage_settle (job->store_job, error);
}

/* ---- publishing ---- */

static gboolean
guest_changed (const V2vJob *job)
{
  for (guint i = 0; i < job->outcomes->len; i++)
    if (((const V2vOutcome *)job->outcomes->pdata[i])->changes->len > 0)
      return TRUE;
  return FALSE;
}

/* What a conversion in place has to keep of the former guest, beside its blocks. */
static void
note_former (V2vJob *job)
{
  V2vStorageJob *store = job->store_job;

  g_free (store->former_text);
  g_clear_pointer (&store->former_path, g_free);
  store->former_text = v2v_xml_to_string (job->original);
  if (g_file_test (job->settings.guest, G_FILE_TEST_IS_REGULAR))
    store->former_path = g_canonicalize_filename (job->settings.guest, NULL);
}

static gboolean
create (V2vJob *job, GError **error)
{
  const V2vOutput *output = job->settings.output;
  g_autofree char *text = g_strdup_printf (
      "the source is as it was, and the files of the new guest are removed, but it may have been "
      "created already: see whether there is a guest %s (--output %s), and remove it",
      job->name, output->name);

  /* What is no file, nobody cleans up. A storage that has more to say has said it. */
  if (output->undo && !v2v_if_killed_text ())
    v2v_if_killed (text);
  if (output->create (job->store_job, &job->result, error))
    return TRUE;
  /* It takes back what it has done when it fails. */
  if (g_strcmp0 (v2v_if_killed_text (), text) == 0)
    v2v_if_killed (NULL);
  return FALSE;
}

gboolean
v2v_job_finish (V2vJob *job, void (*committing) (gboolean begin), GError **error)
{
  const V2vStorage *storage = job->settings.storage;
  const V2vOutput *output = job->settings.output;
  gboolean ok;

  v2v_step ("store", "Storing the disks", 0);
  job->store_job->unchanged = !guest_changed (job);
  note_former (job);
  if (!v2v_storage_set_disk_sources (job->store_job, job->domain, error) ||
      !storage->prepare (job->store_job, job->domain, error) ||
      !output->prepare (job->store_job, job->domain, error) ||
      !v2v_written_check_results (job, error) ||
      !v2v_domain_validate (job->domain, job->settings.options, error))
    return FALSE;
  v2v_step ("create", "Creating the new guest", 0);
  committing (TRUE);
  ok = storage->commit (job->store_job, error) && create (job, error);
  if (ok)
    storage->finish (job->store_job);
  if (ok)
    v2v_if_killed (NULL);
  job->finished = ok;
  committing (FALSE);
  return ok;
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One conversion: the values of the stages that it has reached.
 */
#include "config.h"

#include "convert/disks.h"
#include "convert/job.h"

V2vJob *
v2v_job_new (const V2vJobSettings *settings)
{
  V2vJob *job = g_new0 (V2vJob, 1);

  job->settings = *settings;
  return job;
}

void
v2v_job_leave_guest (V2vJob *job)
{
  g_clear_pointer (&job->converted, v2v_converted_free);
  g_clear_pointer (&job->plan, v2v_plan_free);
  g_clear_pointer (&job->seen, v2v_seen_free);
}

void
v2v_job_free (V2vJob *job)
{
  const gboolean published = job && job->published;

  if (!job)
    return;
  v2v_published_free (job->published);
  g_clear_pointer (&job->verdict, json_node_unref);
  v2v_job_leave_guest (job);
  if (job->store && !published) {
    if (!job->settings.read_only)
      job->settings.output->abandon (job->store);
    job->settings.storage->abandon (job->store);
  }
  v2v_storage_job_free (job->store);
  v2v_source_read_free (job->read);
  v2v_asked_free (job->asked);
  g_free (job);
}

gboolean
v2v_job_open (V2vJob *job, GError **error)
{
  if (!(job->asked = v2v_asked_new (&job->settings, error)) ||
      !(job->read = v2v_source_read (&job->settings, error)))
    return FALSE;
  if (job->read->recovered)
    return TRUE;
  /* Errors in the metadata are reported before an appliance is started, which takes long. */
  return v2v_asked_add_source (job->asked, job->read, error) &&
         (job->store = v2v_disks_prepare (job->asked, job->read, error)) &&
         v2v_disks_open (&job->settings, job->read, job->store, error);
}

gboolean
v2v_job_look (V2vJob *job, V2vGuest *appliance, GError **error)
{
  job->seen = v2v_seen_new (job->asked, job->read, job->store, appliance, error);
  return job->seen != NULL;
}

gboolean
v2v_job_gather (V2vJob *job, GError **error)
{
  return v2v_job_open (job, error) && (job->read->recovered || v2v_job_look (job, NULL, error));
}

gboolean
v2v_job_take_capture (V2vJob *job, const V2vCapture *capture, GError **error)
{
  return (job->asked = v2v_asked_for_capture (&job->settings, error)) &&
         (job->seen = v2v_seen_in_capture (job->asked, capture, error));
}

gboolean
v2v_job_plan (V2vJob *job, GError **error)
{
  job->plan = v2v_seen_plan (job->seen, error);
  return job->plan != NULL;
}

gboolean
v2v_job_run_steps (V2vJob *job, GError **error)
{
  job->converted = v2v_converted_new (job->read);
  return v2v_carry_out (job->seen, job->plan, job->converted, error);
}

gboolean
v2v_job_act (V2vJob *job, GError **error)
{
  return v2v_job_run_steps (job, error) && v2v_seen_close (job->seen, job->store, error);
}

gboolean
v2v_job_finish (V2vJob *job, void (*committing) (gboolean begin), GError **error)
{
  job->published =
      v2v_publish (&job->settings, job->read, job->store, job->converted, committing, error);
  return job->published != NULL;
}

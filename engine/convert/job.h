/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One conversion: the values of the stages that it has reached.
 *
 * If a job is freed before v2v_job_finish succeeded, everything that it made is removed.
 */
#pragma once

#include "convert/planning.h"
#include "convert/publish.h"

/* Each stage is NULL until it is reached. They are freed in the reverse order. */
typedef struct {
  V2vJobSettings settings;
  V2vAsked *asked;
  V2vSourceRead *read;
  V2vStorageJob *store;
  V2vSeen *seen;
  V2vPlan *plan;
  V2vConverted *converted;
  JsonNode *verdict; /* the verdict of the boot check before publication, or NULL */
  V2vPublished *published;
} V2vJob;

/* The pointers in SETTINGS have to outlive the job. */
V2vJob *v2v_job_new (const V2vJobSettings *settings);
void v2v_job_free (V2vJob *job);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vJob, v2v_job_free)

/* Each function goes on to the stage that it names; FALSE with the error of the stage that failed.
 *
 * Up to STORE: reads the metadata, examines the disks and makes overlays. If READ says that
 * an interrupted conversion has just been completed, no other stage follows. */
gboolean v2v_job_open (V2vJob *job, GError **error);
/* Up to SEEN, through APPLIANCE or, if that is NULL, through an appliance of the job
 * (seen.h). */
gboolean v2v_job_look (V2vJob *job, V2vGuest *appliance, GError **error);
/* v2v_job_open and v2v_job_look, with an appliance of the job. */
gboolean v2v_job_gather (V2vJob *job, GError **error);
/* Up to SEEN, from CAPTURE, which is borrowed. */
gboolean v2v_job_take_capture (V2vJob *job, const V2vCapture *capture, GError **error);
/* Up to PLAN. */
gboolean v2v_job_plan (V2vJob *job, GError **error);
/* Up to CONVERTED, and leaves the guest open. */
gboolean v2v_job_run_steps (V2vJob *job, GError **error);
/* Like v2v_job_run_steps, and then closes the guest. */
gboolean v2v_job_act (V2vJob *job, GError **error);
/* Discards all stages after the overlays, and leaves the guest. */
void v2v_job_leave_guest (V2vJob *job);
/* Up to PUBLISHED. COMMITTING is called as v2v_publish does. */
gboolean v2v_job_finish (V2vJob *job, void (*committing) (gboolean begin), GError **error);

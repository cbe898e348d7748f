/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One conversion: its stages, as far as it got.
 *
 * Whatever was made is taken back when the job is freed before v2v_job_finish succeeded.
 */
#pragma once

#include "convert/planning.h"
#include "convert/publish.h"

/* Each stage is NULL until it is reached, and freed before the ones above it. */
typedef struct {
  V2vJobSettings settings;
  V2vAsked *asked;
  V2vSourceRead *read;
  V2vStorageJob *store;
  V2vSeen *seen;
  V2vPlan *plan;
  V2vConverted *converted;
  JsonNode *verdict; /* of the boot before it was published */
  V2vPublished *published;
} V2vJob;

/* SETTINGS' pointers are borrowed for the life of the job. */
V2vJob *v2v_job_new (const V2vJobSettings *settings);
void v2v_job_free (V2vJob *job);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vJob, v2v_job_free)

/* Up to STORE: reads the metadata, examines the disks and makes overlays. If READ says that the
 * conversion has just been recovered, that is the last stage. */
gboolean v2v_job_open (V2vJob *job, GError **error);
/* Up to SEEN, through APPLIANCE or, if that is NULL, one of its own (seen.h). */
gboolean v2v_job_look (V2vJob *job, V2vGuest *appliance, GError **error);
/* Both. */
gboolean v2v_job_gather (V2vJob *job, GError **error);
/* Up to SEEN, from CAPTURE, which is borrowed. */
gboolean v2v_job_take_capture (V2vJob *job, const V2vCapture *capture, GError **error);
/* Up to PLAN. */
gboolean v2v_job_plan (V2vJob *job, GError **error);
/* Up to CONVERTED, with the guest left open. */
gboolean v2v_job_run_steps (V2vJob *job, GError **error);
/* The same, and closes the guest. */
gboolean v2v_job_act (V2vJob *job, GError **error);
/* Goes back to the overlays, whose guest is left. */
void v2v_job_leave_guest (V2vJob *job);
/* Up to PUBLISHED; COMMITTING as of v2v_publish. */
gboolean v2v_job_finish (V2vJob *job, void (*committing) (gboolean begin), GError **error);

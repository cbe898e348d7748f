/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One conversion: read, facts, plan, act, commit, create.
 *
 * Each stage needs the one before. Whatever was made is taken back when the job is
 * freed before v2v_job_finish succeeded.
 */
#pragma once

#include "base/outfile.h"
#include "guest/lua.h"
#include "metadata/source.h"
#include "output/output.h"
#include "plan/plan.h"
#include "plan/reasons.h"
#include "storage/storage.h"

typedef struct {
  const V2vRuleSet *rules;
  const V2vOptionValues *options;
  GHashTable *rule_options; /* name -> V2vOption: those that were given */
  const V2vSource *source;
  const V2vStorage *storage;
  const V2vOutput *output;
  const char *guest;    /* what the source is asked for */
  const char *new_name; /* or NULL: the guest keeps its name */
  gboolean read_only;   /* plan, facts: nothing will be kept */
  gboolean no_warnings; /* those of the plan are no messages: they are printed with it */
  gboolean rehearse;    /* the plan is carried out all the same, on what is thrown away */
  /* a file that the user wants beside the result, or NULL; refused if it is one that the
   * conversion reads or makes */
  const V2vOutFile *written;
  const char *written_as; /* "--report FILE", for that message */
  const char *only;       /* the one operation of the plan that is carried out, or NULL: all */
  /* an appliance that serves several jobs, or NULL: the job starts its own */
  V2vGuest *appliance;
} V2vJobSettings;

/* May the file that the user wants written be overwritten? */
typedef enum {
  V2V_WRITTEN_UNKNOWN, /* not all that the conversion reads is known yet */
  V2V_WRITTEN_NEEDED,  /* no: the conversion reads or makes it */
  V2V_WRITTEN_FREE,
} V2vWrittenState;

/* What one step of the plan came to. */
typedef struct {
  const V2vStep *step;
  GPtrArray *changes; /* V2vChange; empty: the guest was already so */
  gboolean changed;
  double seconds;
} V2vOutcome;

typedef struct {
  V2vJobSettings settings;
  GHashTable *providers; /* interned operation -> interned provider (--provider) */
  char *work_dir;        /* for overlays and what the appliance needs */
  xmlDoc *original;      /* the domain as the source gave it */
  xmlDoc *domain;        /* the domain being rewritten */
  char *name;            /* of the new guest */
  GPtrArray *disks;      /* V2vDomainDisk */
  V2vStorageJob *store_job;
  V2vGuest *guest;
  V2vLuaHost *lua;
  xmlDoc *inspection;
  /* why there is nothing to convert, unless rules know better; or NULL */
  GError *without_system;
  V2vStore *facts;
  V2vPlan *plan;
  GPtrArray *outcomes; /* V2vOutcome */
  char *result;        /* what the output made */
  char *recovered;   /* after v2v_job_open: the conversion was done before and interrupted while
                        it was being published; it has now been finished, as this text tells */
  JsonNode *verdict; /* of the boot before it was published, or NULL */
  V2vWrittenState written_state;
  gboolean finished;
} V2vJob;

/* SETTINGS' pointers are borrowed for the life of the job. */
V2vJob *v2v_job_new (const V2vJobSettings *settings);
void v2v_job_free (V2vJob *job);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vJob, v2v_job_free)

/* Reads the metadata, and nothing else. */
gboolean v2v_job_read (V2vJob *job, GError **error);
/* Reads the metadata, examines the disks and makes overlays. */
gboolean v2v_job_open (V2vJob *job, GError **error);
/* Starts the appliance over the overlays (one that serves several jobs has to run, with their
 * overlays added), inspects, and collects the facts that need no rule. */
gboolean v2v_job_inspect (V2vJob *job, GError **error);
/* Both. */
gboolean v2v_job_gather (V2vJob *job, GError **error);
/* Derives facts, with probes. */
gboolean v2v_job_derive (V2vJob *job, GError **error);
/* Makes the plan (deriving first). */
gboolean v2v_job_plan (V2vJob *job, GError **error);
/* The domain as the plan's stylesheets make it. To be freed with xmlFreeDoc. */
xmlDoc *v2v_job_rewrite (V2vJob *job, GError **error);
/* Runs the plan on the overlays, and leaves the guest open. */
gboolean v2v_job_run_steps (V2vJob *job, GError **error);
/* The same, and closes the guest, unless the appliance serves several jobs. */
gboolean v2v_job_act (V2vJob *job, GError **error);
/* Makes the result durable and creates the new guest. COMMITTING is called with TRUE before the
 * first thing is published and with FALSE after the last. */
gboolean v2v_job_finish (V2vJob *job, void (*committing) (gboolean begin), GError **error);

/* The facts that a capture holds, with no guest, and the derived ones too if DERIVE. */
gboolean v2v_job_facts_from_capture (V2vJob *job, V2vCapture *capture, gboolean derive,
                                     GError **error);
/* Plans from a capture, with no guest: facts, then the plan. */
gboolean v2v_job_plan_from_capture (V2vJob *job, V2vCapture *capture, GError **error);
/* For answers to "why": plans from CAPTURE or, if it is NULL, from the guest (gathered before).
 * The result must not outlive JOB. */
V2vReasons *v2v_job_reasons (V2vJob *job, const V2vCapture *capture, GError **error);

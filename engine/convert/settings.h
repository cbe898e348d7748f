/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the user asked for, the first stage of a conversion.
 *
 * Each stage is a value that one function makes from the values before it, and that no later
 * stage changes:
 *
 *   V2vJobSettings  what the user asked for
 *   V2vAsked        what of it can be told without the guest (asked.h)
 *   V2vSourceRead   what was read of the guest: its metadata (source-read.h)
 *   V2vStorageJob   its disks, with overlays over them (disks.h)
 *   V2vSeen         what was seen in the guest (seen.h)
 *   V2vPlan         what is to be done (planning.h)
 *   V2vConverted    what was done on the overlays (carry-out.h)
 *   V2vPublished    the new guest (publish.h)
 *
 * Three things that stages pass on do change: the store of facts, to which facts are only added;
 * the storage job, which the storage and the output fill; and the appliance. A V2vJob (job.h)
 * owns all of them and frees them in the reverse order. From a capture, V2vSeen is made without
 * a guest.
 */
#pragma once

#include "base/outfile.h"
#include "lang/ruleset.h"
#include "metadata/source.h"
#include "output/output.h"

/* May the file that the user wants be overwritten? */
typedef enum {
  V2V_WRITTEN_UNKNOWN, /* not all files that the conversion reads are known yet */
  V2V_WRITTEN_NEEDED,  /* no: the conversion reads or makes it */
  V2V_WRITTEN_FREE,
} V2vWrittenState;

/* A file that the user wants besides the result, such as a report. It is refused if the
 * conversion reads or makes it. */
typedef struct {
  const V2vOutFile *file;
  const char *as;        /* "--report FILE", for messages */
  V2vWrittenState state; /* what the checks have found so far (written.h) */
} V2vWritten;

/* All pointers are borrowed. */
typedef struct {
  const V2vRuleSet *rules;
  const V2vOptionValues *options;
  GHashTable *rule_options; /* name -> V2vOption: those that were given */
  const V2vSource *source;
  const V2vStorage *storage;
  const V2vOutput *output;
  const char *guest;    /* the guest, as the user named it to the source */
  const char *new_name; /* or NULL: the guest keeps its name */
  gboolean read_only;   /* for plan and facts: nothing is kept */
  gboolean no_warnings; /* warnings of the plan are not logged, since they are printed with
                         * it */
  gboolean rehearse;    /* the plan is carried out although nothing is kept, on overlays that
                         * are discarded */
  V2vWritten *written;  /* or NULL */
  const char *only;     /* the only operation of the plan that is carried out, or NULL: all */
} V2vJobSettings;

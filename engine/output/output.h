/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Outputs: where the new guest is created. One file each, ending in a V2vOutput.
 */
#pragma once

#include "storage/storage.h"

typedef struct {
  const char *name;
  const char *help;
  const V2vOptionDef *options;
  gboolean (*ready) (
      const char *guest_name, const V2vOptionValues *options,
      GError **error); /* an output that exists is refused here, before anything starts */
  /* NULL if it needs none: the same, by what the source says (ORIGINAL) and by the type that
   * the domain will have (TYPE, may be NULL). */
  gboolean (*ready_for) (const char *guest_name, xmlDoc *original, const char *type,
                         const V2vOptionValues *options, GError **error);
  /* Where the storage puts disks; NULL: nowhere (the null output). To be freed with g_free. */
  char *(*disk_dir) (const V2vOptionValues *options);
  /* Makes all but the last step: for local, the domain under a temporary name. */
  gboolean (*prepare) (V2vStorageJob *job, xmlDoc *domain, GError **error);
  /* Publishes. Disks were committed by the storage. RESULT_R gets what to tell the user
   * ("DIR/NAME.xml"). */
  gboolean (*create) (V2vStorageJob *job, char **result_r, GError **error);
  /* Takes back what was made, also what create published. Never fails. */
  void (*abandon) (V2vStorageJob *job);
  /* NULL if create made nothing but files (job->made and domain_path, which are removed by who
   * calls this): takes back the rest long after the conversion, by what create put into
   * job->made_notes. NOTES come out of a report that people may have edited: nothing that they
   * name is run, opened or written to. OPTIONS are those of the command "undo". What is no longer
   * what was made is refused unless "force" is set; what is running always (V2V_EXIT_TEMPFAIL).
   * Called first with CHECK, and then only looks: nothing is taken back by anyone before every
   * check passed. That it is gone already is no error. */
  gboolean (*undo) (GHashTable *notes, const V2vOptionValues *options, gboolean check,
                    GError **error);
  /* NULL as undo is: is what create made, by the same NOTES, still there and unchanged, where
   * OPTIONS would create it again? Looks only there, whatever NOTES say. */
  gboolean (*still) (GHashTable *notes, const V2vOptionValues *options);
} V2vOutput;

extern const V2vOutput *const v2v_outputs[];
const V2vOutput *v2v_output_find (const char *name);

/* Is NAME fit to be a file name: [A-Za-z0-9._+-]{1,200}, not beginning with . or -? */
gboolean v2v_output_name_is_safe (const char *name);

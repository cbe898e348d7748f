/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Outputs: they create the new guest in its place. Each has a file of its own, which ends in a
 * V2vOutput.
 */
#pragma once

#include "storage/storage.h"

/* All members but ready_for, undo and still have to be set. A conversion calls them in the order of
 * the members, between the functions of its storage (storage/storage.h). create does not get the
 * domain: prepare keeps what create needs, for instance in job->output_priv. */
typedef struct {
  const char *name;
  const char *help;            /* one line, for completion */
  const char *const *storages; /* names of the storages that it goes with, NULL-terminated */
  const V2vOptionDef *options;
  gboolean (*ready) (
      const char *guest_name, const V2vOptionValues *options,
      GError **error); /* refuses a result that already exists, before the conversion starts */
  /* Like ready, but checks the source's domain document ORIGINAL and the TYPE that the new
   * domain will have (may be NULL). NULL if the output does not need this check. */
  gboolean (*ready_for) (const char *guest_name, xmlDoc *original, const char *type,
                         const V2vOptionValues *options, GError **error);
  /* The directory to which the storage writes disks; NULL if nothing is written (the output
   * "null"). To be freed with g_free. */
  char *(*disk_dir) (const V2vOptionValues *options);
  /* Does everything except publishing. The output "local", for example, writes the domain
   * document under a temporary name. An output that does not publish the document as
   * job->domain_path frees that and sets it to NULL. */
  gboolean (*prepare) (V2vStorageJob *job, xmlDoc *domain, GError **error);
  /* Publishes the result, after the storage has committed the disks. *RESULT_R is set to the
   * result's name for the user ("DIR/NAME.xml"), which is printed on standard output, or to NULL
   * if there is nothing to print. An output that prints by itself calls v2v_step_end first and
   * prints as the last thing that can fail; what comes from the guest has to be made printable
   * (base/printable.h). */
  gboolean (*create) (V2vStorageJob *job, char **result_r, GError **error);
  /* Removes everything that the output created, including what create published. Never fails. It
   * may be called after any of the functions failed, and twice. */
  void (*abandon) (V2vStorageJob *job);
  /* Removes, long after the conversion, what create created besides files; its caller removes
   * the files (job->made and domain_path). NULL if create creates only files.
   *
   * NOTES are what create put into job->made_notes. They come from a report that a user may
   * have edited, so nothing that they name is run, opened or written to. OPTIONS are those of
   * the command "undo".
   *
   * Refuses to remove a result that was changed, unless "force" is set, and always refuses one
   * that is running (V2V_EXIT_TEMPFAIL). It is not an error if the result is already gone. The
   * first call has CHECK set and only checks; nothing is removed before every check has
   * passed. */
  gboolean (*undo) (GHashTable *notes, const V2vOptionValues *options, gboolean check,
                    GError **error);
  /* Whether the result of create that NOTES describe still exists unchanged in the place where
   * OPTIONS would create it again. Looks only there, even if NOTES name another place. NULL if
   * undo is NULL. */
  gboolean (*still) (GHashTable *notes, const V2vOptionValues *options);
} V2vOutput;

extern const V2vOutput *const v2v_outputs[];
const V2vOutput *v2v_output_find (const char *name);

/* Whether NAME is safe as a file name: [A-Za-z0-9._+-]{1,200}, and does not begin with . or -. */
gboolean v2v_output_name_is_safe (const char *name);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Does a guest come up? A throw-away overlay of its disks is booted, without a network,
 * and watched.
 */
#pragma once

#include "convert/job.h"
#include "verify/signs.h"

typedef struct {
  V2vVerdictKind kind;
  double seconds; /* from the start to the verdict */
  gboolean kvm;
  char *probe_missing; /* why nothing could be put into the guest, or NULL */
  char *line;          /* what decided */
  char *console;       /* the last lines */
  char *screenshot;    /* the file, or NULL */
  char *log;           /* the file, or NULL */
} V2vVerdict;

/* Fails if an option of verify's in OPTIONS has no value that it can have, or DIR (or NULL) is
 * no directory: before a conversion, whose end is late for that. */
gboolean v2v_verify_ready (const V2vOptionValues *options, const char *dir, GError **error);

/* Boots the domain in the file DOMAIN. OPTIONS: those of the command verify.
 * TREES of RULES say what consoles mean. NAME and DIR (or NULL) say where the screenshot and
 * the console are kept. NULL: no verdict could be had. */
V2vVerdict *v2v_verify (const V2vRuleSet *rules, const V2vOptionValues *options,
                        const char *domain, const char *name, const char *dir, GError **error);
void v2v_verdict_free (V2vVerdict *verdict);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vVerdict, v2v_verdict_free)

/* Fails unless the guest came up: V2V_EXIT_DATA, or V2V_EXIT_TEMPFAIL if only its time was up.
 */
gboolean v2v_verdict_check (const V2vVerdict *verdict, GError **error);
JsonNode *v2v_verdict_to_json (const V2vVerdict *verdict);

/* Boots what JOB, whose plan was carried out, is about to publish; JOB gets the verdict. */
gboolean v2v_verify_job (V2vJob *job, const char *dir, GError **error);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Checks whether a guest boots: boots throw-away overlays of its disks, without a network, and
 * watches the consoles and the screen.
 */
#pragma once

#include "convert/job.h"
#include "verify/signs.h"

typedef struct {
  V2vVerdictKind kind;
  double seconds; /* from the start to the verdict */
  gboolean kvm;
  char *probe_missing; /* why no boot check could be installed, or NULL */
  char *line;          /* the line that decided the verdict */
  char *console;       /* the last lines of the consoles */
  char *screenshot;    /* the file, or NULL */
  char *log;           /* the file, or NULL */
} V2vVerdict;

/* Fails if an option of verify in OPTIONS has an invalid value, or if DIR (may be NULL) is
 * not a directory. Called before a conversion, so that the mistake does not show at its end. */
gboolean v2v_verify_ready (const V2vOptionValues *options, const char *dir, GError **error);

/* Boots the domain in the file DOMAIN. OPTIONS: those of the command verify. The rule
 * directories of RULES say what consoles mean. The screenshot and the console are kept in
 * DIR (may be NULL) by NAME. NULL: no verdict could be found. */
V2vVerdict *v2v_verify (const V2vRuleSet *rules, const V2vOptionValues *options,
                        const char *domain, const char *name, const char *dir, GError **error);
void v2v_verdict_free (V2vVerdict *verdict);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vVerdict, v2v_verdict_free)

/* Fails unless the guest came up: V2V_EXIT_DATA, or V2V_EXIT_TEMPFAIL if only the time limit
 * passed. */
gboolean v2v_verdict_check (const V2vVerdict *verdict, GError **error);
JsonNode *v2v_verdict_to_json (const V2vVerdict *verdict);

/* Boots the results of JOB, whose plan was carried out, before they are published; JOB gets
 * the verdict. */
gboolean v2v_verify_job (V2vJob *job, const char *dir, GError **error);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Derivation, as a part of planning.
 */
#pragma once

#include "plan/eval.h"

/* Derives all facts. FIRED (may be NULL) gets V2vRule -> number of bindings. */
gboolean v2v_derive_run (V2vEval *eval, GHashTable *fired, GError **error);

/* trace.c: records that HEAD added FACT or set its field, with the current bindings, unless
 * this is recorded already. */
void v2v_trace_add (V2vTrace *trace, const V2vEval *eval, const V2vRule *rule,
                    const V2vHead *head, V2vFact *fact);

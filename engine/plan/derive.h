/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Derivation within one planning run.
 */
#pragma once

#include "plan/eval.h"

/* Derives all facts. FIRED (may be NULL) gets V2vRule -> number of bindings. */
gboolean v2v_derive_run (V2vEval *eval, GHashTable *fired, GError **error);

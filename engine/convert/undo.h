/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Taking a conversion back that succeeded: what the report notes for that, and how it
 * is done.
 */
#pragma once

#include "convert/job.h"

/* What undo has to know of JOB, which has finished: the report's member "undo". */
JsonNode *v2v_undo_note (const V2vJob *job);

/* Takes back the conversion that WHAT tells of: a report, or the folder that a conversion in
 * place kept. Everything is checked before anything is touched. FORCE: see the manual.
 * COMMITTING is called with TRUE before the first thing is touched and with FALSE after the
 * last. */
gboolean v2v_undo (const char *what, gboolean force, void (*committing) (gboolean begin),
                   GError **error);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The report of a conversion: what fired, why, and what it changed, as JSON.
 */
#pragma once

#include "base/outfile.h"
#include "convert/job.h"

/* The report of JOB, which may have got to any stage; FAILURE is the error that ended it, or
 * NULL. */
JsonNode *v2v_report_new (const V2vJob *job, const GError *failure);
/* Writes it to FILE. */
gboolean v2v_report_write (const V2vJob *job, const GError *failure, V2vOutFile *file,
                           GError **error);

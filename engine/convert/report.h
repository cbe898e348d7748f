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
/* The same as text, to be freed with g_free. */
char *v2v_report_text (const V2vJob *job, const GError *failure);
/* Writes it to FILE, unless the guest needs that. A report of a success is not replaced by one of a
 * failure, which then is written beside it, and nothing else by one of a conversion that did not
 * come to know its guest. */
gboolean v2v_report_write (const V2vJob *job, const GError *failure, V2vOutFile *file,
                           GError **error);
/* The same for a conversion whose process is no more: BEGUN is the text of its report when it
 * began, GIVEN the name of FILE that the user gave. */
gboolean v2v_report_write_begun (const char *begun, V2vExit status, const char *message,
                                 V2vOutFile *file, const char *given, GError **error);

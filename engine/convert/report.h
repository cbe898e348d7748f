/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The report of a conversion as JSON: which rules fired, why, and what was changed.
 */
#pragma once

#include "base/outfile.h"
#include "convert/job.h"

/* The report of JOB, which may have reached any stage; FAILURE is the error that ended it,
 * or NULL. */
JsonNode *v2v_report_new (const V2vJob *job, const GError *failure);
/* The report as text. To be freed with g_free. */
char *v2v_report_text (const V2vJob *job, const GError *failure);
/* Writes it to FILE, unless the guest needs that. The report of a success is not replaced by
 * the report of a failure, which is written beside it; and no other file is replaced by the
 * report of a conversion that ended before its guest was known. */
gboolean v2v_report_write (const V2vJob *job, const GError *failure, V2vOutFile *file,
                           GError **error);
/* Like v2v_report_write, for a conversion whose process has died: BEGUN is the text of its
 * report when it began, GIVEN the user's name of FILE. */
gboolean v2v_report_write_begun (const char *begun, V2vExit status, const char *message,
                                 V2vOutFile *file, const char *given, GError **error);

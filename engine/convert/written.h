/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The file that the user wants written, a report or a capture, is none that the conversion reads
 * or makes: it would be lost.
 */
#pragma once

#include "convert/job.h"

/* Each fails with V2V_EXIT_USAGE if JOB's settings name such a file, and then the file must not be
 * written: JOB's written_state tells. The first looks at what the command line names. */
gboolean v2v_written_check_words (V2vJob *job, GError **error);
/* The second looks at what the document of JOB names, which was read; nothing has been done
 * then. */
gboolean v2v_written_check_document (V2vJob *job, GError **error);
/* The third looks at what only the opened disks tell, and at the results. */
gboolean v2v_written_check_disks (V2vJob *job, GError **error);
/* The last looks at what is ready to be published. */
gboolean v2v_written_check_results (V2vJob *job, GError **error);

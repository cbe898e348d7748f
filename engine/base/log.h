/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Messages for people, and the named steps of a conversion.
 *
 * Messages go to standard error. Steps are shown as a progress bar on a
 * terminal, as plain lines in a pipe, and as JSON lines on --progress-fd.
 */
#pragma once

#include <glib.h>

#include "base/error.h"

typedef enum { V2V_QUIET = -1, V2V_NORMAL = 0, V2V_VERBOSE = 1 } V2vVerbosity;

/* Sets how much is said. PROGRESS_FD is -1 or an open descriptor that gets JSON lines. */
void v2v_log_setup (V2vVerbosity verbosity, int progress_fd);
V2vVerbosity v2v_log_verbosity (void);

/* Only with --verbose. */
void v2v_debug (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* Not with --quiet. */
void v2v_info (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* Always; kept for the report. */
void v2v_warn (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* Always: "v2v-engine: error: MESSAGE"; the last event on --progress-fd. */
void v2v_log_error (const GError *error);
/* Writes that event to the descriptor FD; none if it is -1. */
void v2v_log_write_failure (int fd, V2vExit status, const char *message);

/* The warnings given so far (strings). Belongs to the log. */
const GPtrArray *v2v_log_warnings (void);

/* Begins a step and ends the one before. NAME is a stable word for machines
 * ("inspect"), TEXT is for people ("Inspecting the guest"). LIMIT is the number of
 * seconds after which the supervisor ends the worker, 0 for its default. */
void v2v_step (const char *name, const char *text, guint limit);
/* How far the step is, 0 to 1. */
void v2v_step_progress (double fraction);
/* What the step is doing just now, for the message if its time runs out: for example
 * the script and the rule. Not printed otherwise. May be NULL. */
void v2v_step_detail (const char *detail);
/* Ends the last step. */
void v2v_step_end (void);

/* Called for each step change, progress and detail; used by the worker to tell its supervisor.
 */
typedef void (*V2vStepListener) (const char *name, const char *text, guint limit,
                                 double fraction, const char *detail, gpointer data);
void v2v_step_listen (V2vStepListener listener, gpointer data);

/* TEXT without anything that a terminal would obey: control characters and bytes that
 * are no UTF-8 become \xHH, newlines stay if KEEP_LINES. The guest is hostile: use this
 * for whatever comes from it. To be freed with g_free. */
char *v2v_printable (const char *text, gssize length, gboolean keep_lines);

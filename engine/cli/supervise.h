/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The supervisor: a small process that handles no untrusted data and outlives the worker.
 *
 * The worker does everything else. It tells the supervisor, line by line over a pipe,
 * which step it is in and which temporary files it has made. The supervisor owns the
 * deadlines, the signals, the clean-up after a death of the worker, and the exit status.
 */
#pragma once

#include <glib.h>

/* Runs WORKER in a process (and process group) of its own and returns the exit status of the
 * program. */
int v2v_supervise (int (*worker) (int argc, char **argv), int argc, char **argv);

/* ---- in the worker ---- */

/* The limits that the command line asks for; 0: none. */
void v2v_worker_set_limits (guint whole_seconds, guint step_seconds);
/* Where --progress-fd goes, or -1: should the worker die, the supervisor writes the last
 * event, and while a step lasts it writes that it does. With SHOWS, it also prints that to
 * standard error, which is possible only if nothing else is printed meanwhile. Called after
 * v2v_log_setup. */
void v2v_worker_set_progress_fd (int fd, gboolean shows);
/* Should the worker die, the supervisor completes the report BEGUN and writes it to FILE, as the user
 * calls it; NULL: the worker writes it itself from here on. */
void v2v_worker_reports (const char *file, const char *begun);
/* From here to v2v_worker_end_commit, no signal ends the worker, since it publishes results. */
void v2v_worker_begin_commit (void);
void v2v_worker_end_commit (void);
/* Did someone ask the program to end? Then later errors are only consequences. */
gboolean v2v_worker_interrupted (void);

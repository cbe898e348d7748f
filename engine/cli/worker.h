/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * In the worker: what it tells its supervisor (cli/supervise.h).
 */
#pragma once

#include <signal.h>

#include <glib.h>

/* In a new process: runs WORKER under the limits of a worker and with the signal mask MASK, and
 * returns its status. PIPE leads to the supervisor. */
int v2v_worker_run (int (*worker) (int argc, char **argv), int argc, char **argv, int pipe,
                    const sigset_t *mask);

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

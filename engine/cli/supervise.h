/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The supervisor: a small process that handles no untrusted data and outlives the worker.
 *
 * The worker does everything else. It tells the supervisor, line by line over a pipe,
 * which step it is in and which temporary files it has made. The supervisor owns the
 * deadlines, the signals, the clean-up after a death of the worker, and the exit status.
 * base/letters.h lists what the lines say.
 */
#pragma once

/* Runs WORKER in a process (and process group) of its own and returns the exit status of the
 * program. */
int v2v_supervise (int (*worker) (int argc, char **argv), int argc, char **argv);

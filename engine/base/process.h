/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Programs of the host (qemu-img and the like), run with limits and without a shell.
 */
#pragma once

#include <glib.h>

#include "base/error.h"

typedef struct {
  guint64 address_space; /* bytes, RLIMIT_AS; 0: as this process */
  guint cpu_seconds;     /* RLIMIT_CPU; 0: as this process */
  guint wall_seconds;    /* the program is killed after this time; 0: never */
} V2vLimits;

/* Runs ARGV (found in PATH), with standard input empty and standard error captured for
 * the message. OUTPUT, if not NULL, gets standard output (at most 16 MiB). LIMITS may
 * be NULL. Fails if the program cannot be started (V2V_EXIT_UNAVAILABLE, naming it),
 * is killed, or ends with a status other than 0 (V2V_EXIT_IOERR, with its last
 * lines). */
gboolean v2v_process_run (const char *const *argv, const V2vLimits *limits, char **output,
                          GError **error);

/* As v2v_process_run, but standard output is read as lines or carriage-return-separated
 * pieces while the program runs and handed to LINE. */
typedef void (*V2vLineFunc) (const char *line, gpointer data);
gboolean v2v_process_run_lines (const char *const *argv, const V2vLimits *limits,
                                V2vLineFunc line, gpointer data, GError **error);

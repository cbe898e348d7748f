/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Runs programs of the host, such as qemu-img, with limits and without a shell.
 */
#pragma once

#include <glib.h>

#include "base/error.h"

typedef struct {
  guint64 address_space; /* bytes, RLIMIT_AS; 0: the limit of this process */
  guint cpu_seconds;     /* RLIMIT_CPU; 0: the limit of this process */
  guint wall_seconds;    /* the program is killed after this time; 0: never */
} V2vLimits;

/* Runs ARGV, searched for in PATH, with empty standard input. LIMITS may be NULL. If OUTPUT is
 * not NULL, it receives the standard output, at most 16 MiB. Errors: V2V_EXIT_UNAVAILABLE, with
 * the name of the program, if it cannot be started; V2V_EXIT_IOERR, with the last lines of its
 * standard error, if it was killed or ended with a status other than 0. */
gboolean v2v_process_run (const char *const *argv, const V2vLimits *limits, char **output,
                          GError **error);

/* Like v2v_process_run, but calls LINE while the program runs, for each piece of its standard
 * output that ends in a line feed or carriage return. */
typedef void (*V2vLineFunc) (const char *line, gpointer data);
gboolean v2v_process_run_lines (const char *const *argv, const V2vLimits *limits,
                                V2vLineFunc line, gpointer data, GError **error);

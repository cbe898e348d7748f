/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What strangers wrote is read in a process of its own. It may compute, read what is open and
 * write into one pipe, and nothing else: no path, no socket, no program, no signal to others.
 * Its answer is as hostile as what it read.
 *
 * Landlock and seccomp do that where the kernel has them; limits of memory and time hold
 * everywhere.
 */
#pragma once

#include <sys/types.h>

#include <glib.h>

#include "base/process.h"

/* What the process does: writes its answer to the pipe TO, and returns the status it ends with,
 * 0 if all went well. Everything that it needs is in memory or open before it begins. */
typedef int (*V2vLimitedFunc) (int to, gpointer data);

typedef struct V2vLimited V2vLimited;

/* Starts FUNCTION. Of LIMITS, ADDRESS_SPACE is what it may take beyond what this process has,
 * and WALL_SECONDS how long one read of its answer may take. NULL: no process could be made
 * (75). */
V2vLimited *v2v_limited_start (V2vLimitedFunc function, gpointer data, const V2vLimits *limits,
                               GError **error);
/* The next LENGTH bytes of the answer, or fewer where it ends; -1 if it did not come in time.
 */
gssize v2v_limited_read (V2vLimited *limited, void *buffer, gsize length);
/* Ends it. TRUE if it had ended with 0 by itself, after its whole answer was read. */
gboolean v2v_limited_end (V2vLimited *limited);

/* The whole answer of FUNCTION, at most MAX bytes. NULL without an error: it did not end well,
 * or in time. */
GBytes *v2v_limited_call (V2vLimitedFunc function, gpointer data, const V2vLimits *limits,
                          gsize max, GError **error);

/* For FUNCTION: writes LENGTH bytes, or ends the process. */
void v2v_limited_write (int to, const void *bytes, gsize length);

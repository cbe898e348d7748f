/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads untrusted data in a process of its own. The process may compute, read what is already
 * open, and write to one pipe. It cannot open a path, make a socket, run a program or send
 * signals to other processes. The author of the data may control the process, so its answer is
 * as untrusted as the data.
 *
 * Landlock and seccomp enforce this if the kernel has them; the limits of memory and time
 * always apply.
 */
#pragma once

#include <sys/types.h>

#include <glib.h>

#include "base/process.h"

/* The function that the process runs: it writes its answer to the pipe TO and returns its exit
 * status, 0 for success. Everything it needs must be in memory or open before it begins. */
typedef int (*V2vLimitedFunc) (int to, gpointer data);

typedef struct V2vLimited V2vLimited;

/* Starts a process that runs FUNCTION. In LIMITS, ADDRESS_SPACE is the memory it may use in
 * addition to what this process has, and WALL_SECONDS is how long one read of its answer may
 * take. Returns NULL (V2V_EXIT_TEMPFAIL) if the process cannot be created. */
V2vLimited *v2v_limited_start (V2vLimitedFunc function, gpointer data, const V2vLimits *limits,
                               GError **error);
/* Reads the next LENGTH bytes of the answer, or fewer at its end. Returns the number of bytes,
 * or -1 if they did not come in time. */
gssize v2v_limited_read (V2vLimited *limited, void *buffer, gsize length);
/* Ends the process and frees LIMITED. Returns TRUE if the whole answer had been read and the
 * process had exited with status 0. */
gboolean v2v_limited_end (V2vLimited *limited);

/* Runs FUNCTION in such a process and returns its whole answer, at most MAX bytes. Returns NULL
 * without setting ERROR if the process failed or took too long. */
GBytes *v2v_limited_call (V2vLimitedFunc function, gpointer data, const V2vLimits *limits,
                          gsize max, GError **error);

/* To be called by FUNCTION: writes LENGTH bytes, or ends the process if that fails. */
void v2v_limited_write (int to, const void *bytes, gsize length);

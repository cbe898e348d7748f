/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A limit on the processor time of library calls that work on untrusted input and cannot be
 * interrupted: matching a pattern, evaluating an expression, parsing.
 *
 * When the time is used up, the process ends at once with a message and an exit status, as if
 * it had been killed; the supervisor removes what it leaves behind. So use a guard only around
 * work that leaves nothing half done.
 */
#pragma once

#include "base/error.h"

/* From now on the process may use SECONDS of processor time. After that it ends with STATUS and
 * the message "WHAT took more than SECONDS seconds of processor time", where FORMAT makes WHAT.
 * A guard within another guard has no effect. */
void v2v_guard_begin (guint seconds, V2vExit status, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
/* Ends the guard that began last. */
void v2v_guard_end (void);

/* Ends the process as if the time had been used up, but with the message "WHAT used more than
 * MIB MiB of memory". Does nothing outside of a guard. */
void v2v_guard_out_of_memory (guint mib);

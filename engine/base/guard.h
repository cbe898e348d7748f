/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A bound for work that libraries do on what others wrote, and that nothing can interrupt:
 * matching a pattern, evaluating an expression, parsing.
 *
 * Where it is used up the process ends at once, with a message and an exit status, as if it had
 * been killed: whoever supervises it removes what it leaves. So use it only where nothing would
 * be half done for that.
 */
#pragma once

#include "base/error.h"

/* From here on the process may use SECONDS of processor time; then it ends with STATUS and
 * "WHAT took more than SECONDS seconds of processor time". A guard within another has no
 * effect. */
void v2v_guard_begin (guint seconds, V2vExit status, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
/* Ends the guard that began last. */
void v2v_guard_end (void);

/* Ends the process as if the time was used up, but for "more than MIB MiB of memory". Does
 * nothing outside of a guard. */
void v2v_guard_out_of_memory (guint mib);

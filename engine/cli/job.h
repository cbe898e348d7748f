/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Makes a conversion from a command line.
 */
#pragma once

#include "cli/options.h"
#include "convert/job.h"

V2vJob *v2v_cli_job_new (const V2vCommandLine *line, gboolean read_only);
/* Prints what --print-source asks for; the same for all commands. */
gboolean v2v_cli_print_source (const V2vCommandLine *line, GError **error);

/* The capture in FILE, of --facts. It belongs to the rules of LINE. All errors in it are
 * printed. */
V2vCapture *v2v_cli_read_capture (V2vCommandLine *line, const char *file, GError **error);

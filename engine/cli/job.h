/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From a command line to a conversion.
 */
#pragma once

#include "cli/options.h"
#include "convert/job.h"

V2vJob *v2v_cli_job_new (const V2vCommandLine *line, gboolean read_only);
/* What --print-source asks for, whatever the command. */
gboolean v2v_cli_print_source (const V2vCommandLine *line, GError **error);

/* The capture in FILE, of --facts. It belongs to the rules of LINE. Everything wrong in it is
 * printed. */
V2vCapture *v2v_cli_read_capture (V2vCommandLine *line, const char *file, GError **error);

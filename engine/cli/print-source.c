/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * --print-source: prints the guest's metadata as it was read.
 */
#include "config.h"

#include <stdio.h>

#include "base/log.h"
#include "cli/job.h"

gboolean
v2v_cli_print_source (const V2vCommandLine *line, GError **error)
{
  g_autoptr (V2vJob) job = NULL;
  g_autofree char *text = NULL;
  g_autofree char *printable = NULL;

  if (line->words->len == 0) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                 "--print-source: expected the GUEST whose metadata is to be printed");
    return FALSE;
  }
  job = v2v_cli_job_new (line, TRUE);
  if (!(job->read = v2v_source_read (&job->settings, error)))
    return FALSE;
  v2v_step_end ();
  text = v2v_xml_to_canonical (job->read->original);
  printable = v2v_printable_xml (text);
  fputs (printable, stdout);
  return TRUE;
}

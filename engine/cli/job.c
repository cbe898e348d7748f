/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From a command line to a conversion.
 */
#include "config.h"

#include "base/log.h"
#include "cli/job.h"

V2vJob *
v2v_cli_job_new (const V2vCommandLine *line, gboolean read_only)
{
  V2vJobSettings settings = {
      .rules = line->rules,
      .options = line->values,
      .rule_options = line->rule_options,
      .source = line->source,
      .storage = line->storage,
      .output = line->output,
      .guest = line->words->len > 0 ? line->words->pdata[0] : NULL,
      .new_name = line->words->len > 1 ? line->words->pdata[1] : NULL,
      .read_only = read_only,
  };

  v2v_log_guest (settings.guest);
  return v2v_job_new (&settings);
}

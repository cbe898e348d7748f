/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * facts: what is known of a guest.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "cli/commands.h"
#include "cli/job.h"

static const V2vOptionDef options[] = {
    {"format", "text|json|rules|xml",
     "how the facts are printed; \"rules\" is a capture for plan --facts and for tests", FALSE},
    {NULL},
};

static gboolean
print_facts (V2vJob *job, const char *format)
{
  g_autofree char *text = NULL;

  if (g_str_equal (format, "text")) {
    text = v2v_store_to_text (job->facts);
  } else if (g_str_equal (format, "rules")) {
    text = v2v_store_to_rules (job->facts, job->name);
  } else if (g_str_equal (format, "json")) {
    g_autoptr (JsonNode) root = v2v_store_to_json (job->facts);
    g_autofree char *json = json_to_string (root, TRUE);

    text = g_strconcat (json, "\n", NULL);
  } else {
    xmlDoc *doc = v2v_store_to_xml (job->facts);

    text = v2v_xml_to_string (doc);
    xmlFreeDoc (doc);
  }
  fputs (text, stdout);
  return TRUE;
}

static gboolean
run (V2vCommandLine *line, GError **error)
{
  static const char *const formats[] = {"text", "json", "rules", "xml", NULL};
  const char *format = v2v_option_get (line->values, "format");
  g_autoptr (V2vJob) job = NULL;

  if (!format)
    format = formats[0];
  if (!g_strv_contains (formats, format)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                 "--format %s: expected text, json, rules or xml", format);
    return FALSE;
  }
  job = v2v_cli_job_new (line, TRUE);
  if (!v2v_job_gather (job, error) || !v2v_job_derive (job, error))
    return FALSE;
  v2v_step_end ();
  return print_facts (job, format);
}

const V2vCommand v2v_command_facts = {
    .name = "facts",
    .arguments = "GUEST [NAME]",
    .help = "print what is known of a guest",
    .options = options,
    .converts = TRUE,
    .words_min = 1,
    .words_max = 2,
    .run = run,
};

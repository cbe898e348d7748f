/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The command facts: prints what is known of a guest.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/jsontext.h"
#include "base/log.h"
#include "base/outfile.h"
#include "cli/commands.h"
#include "cli/job.h"
#include "plan/redact.h"

static const V2vOptionDef options[] = {
    {"format", "text|json|rules|xml",
     "how the facts are printed; \"rules\" is a capture for plan --facts and for tests", FALSE},
    {"capture", "FILE",
     "write a capture with what is private in it replaced, to be sent to others (-: print it)",
     FALSE},
    {"facts", "FILE", "the facts of a capture instead of a guest's", FALSE},
    {NULL},
};

static const char *const steps[] = {"read", "examine", "appliance", "inspect", "facts", NULL};

static gboolean
print_facts (const V2vSeen *seen, const char *format)
{
  V2vStore *facts = seen->asked->facts;
  g_autofree char *text = NULL;

  if (g_str_equal (format, "text")) {
    text = v2v_store_to_text (facts);
  } else if (g_str_equal (format, "rules")) {
    text = v2v_store_to_rules (facts, seen->name);
  } else if (g_str_equal (format, "json")) {
    g_autoptr (JsonNode) root = v2v_store_to_json (facts);
    g_autofree char *json = v2v_json_text (root, TRUE);

    text = g_strconcat (json, "\n", NULL);
  } else {
    xmlDoc *doc = v2v_store_to_xml (facts);
    g_autofree char *xml = v2v_xml_to_string (doc);

    text = v2v_printable_xml (xml);
    xmlFreeDoc (doc);
  }
  v2v_print (text);
  return TRUE;
}

/* Writes to FILE or, if FILE is NULL, to standard output. */
static gboolean
write_capture (const V2vSeen *seen, V2vOutFile *file, GError **error)
{
  g_autofree char *text = v2v_redacted_capture (seen->asked->settings->rules,
                                                seen->asked->facts, seen->name, error);

  if (!text)
    return FALSE;
  if (!file) {
    v2v_print (text);
    return TRUE;
  }
  if (v2v_out_file_write (file, text, -1, 0, error))
    return TRUE;
  g_prefix_error (error, "--capture ");
  return FALSE;
}

static gboolean
gather (V2vCommandLine *line, V2vJob *job, const char *file, GError **error)
{
  const gboolean derive = !v2v_option_is_set (line->values, "capture");
  V2vCapture *capture;

  v2v_steps_expect (steps);
  if (!file)
    return v2v_job_gather (job, error) && v2v_seen_derive (job->seen, error);
  capture = v2v_cli_read_capture (line, file, error);
  return capture && v2v_job_take_capture (job, capture, error) &&
         (!derive || v2v_seen_derive (job->seen, error));
}

static gboolean
run (V2vCommandLine *line, GError **error)
{
  static const char *const formats[] = {"text", "json", "rules", "xml", NULL};
  const char *format = v2v_option_get (line->values, "format");
  const char *capture = v2v_option_get (line->values, "capture");
  const char *file = v2v_option_get (line->values, "facts");
  g_autofree char *written_as = capture ? g_strdup_printf ("--capture %s", capture) : NULL;
  g_autoptr (V2vOutFile) into = NULL;
  V2vWritten written = {0};
  g_autoptr (V2vJob) job = NULL;

  if (capture && format && !g_str_equal (format, "rules")) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                 "--format %s: a capture has the format rules: leave --format or --capture out",
                 format);
    return FALSE;
  }
  if (!file == !line->words->len) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE, "expected either GUEST or --facts FILE");
    return FALSE;
  }
  if (!format)
    format = formats[0];
  if (!g_strv_contains (formats, format)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                 "--format %s: expected text, json, rules or xml", format);
    return FALSE;
  }
  /* An unusable path is reported before the facts are collected, which takes long. */
  if (capture && !g_str_equal (capture, "-") && !(into = v2v_out_file_open (capture, error))) {
    g_prefix_error (error, "--capture ");
    return FALSE;
  }
  if (into && file && v2v_out_file_is (into, file)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                 "--capture %s: this is the file of --facts, which would be overwritten; name "
                 "another file",
                 capture);
    return FALSE;
  }
  job = v2v_cli_job_new (line, TRUE);
  written = (V2vWritten){.file = into, .as = written_as};
  if (into)
    job->settings.written = &written;
  if (!gather (line, job, file, error))
    return FALSE;
  v2v_step_end ();
  return capture ? write_capture (job->seen, into, error) : print_facts (job->seen, format);
}

const V2vCommand v2v_command_facts = {
    .name = "facts",
    .arguments = "GUEST [NAME]",
    .help = "print the facts of a guest",
    .options = options,
    .converts = TRUE,
    .for_users = TRUE,
    .words_min = 0,
    .words_max = 2,
    .run = run,
};

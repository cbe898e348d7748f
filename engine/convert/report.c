/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The report of a conversion, as JSON.
 */
#include "config.h"

#include <string.h>

#include "base/jsontext.h"
#include "base/log.h"
#include "convert/report.h"
#include "convert/undo.h"

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  g_autofree char *printable = NULL;

  if (!value)
    return;
  printable = v2v_printable (value, -1, TRUE);
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, printable);
}

static void
add_changes (JsonBuilder *builder, const GPtrArray *changes)
{
  json_builder_set_member_name (builder, "changes");
  json_builder_begin_array (builder);
  for (guint i = 0; i < changes->len; i++) {
    const V2vChange *change = changes->pdata[i];

    json_builder_begin_object (builder);
    add_string (builder, "call", change->call);
    add_string (builder, "path", change->path);
    add_string (builder, "detail", change->detail);
    if (change->length >= 0) {
      json_builder_set_member_name (builder, "length");
      json_builder_add_int_value (builder, change->length);
    }
    add_string (builder, "sha256", change->sha256);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static void
add_requests (JsonBuilder *builder, const V2vStep *step)
{
  json_builder_set_member_name (builder, "requests");
  json_builder_begin_array (builder);
  for (guint i = 0; i < step->requests->len; i++) {
    const V2vRequest *request = step->requests->pdata[i];
    g_autofree char *text = v2v_request_text (request);

    json_builder_begin_object (builder);
    add_string (builder, "request", text);
    json_builder_set_member_name (builder, "rules");
    json_builder_begin_array (builder);
    for (guint j = 0; j < request->reasons->len; j++)
      json_builder_add_string_value (
          builder, v2v_rule_label (((const V2vReason *)request->reasons->pdata[j])->rule));
    json_builder_end_array (builder);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static const V2vOutcome *
find_outcome (const V2vConverted *converted, const V2vStep *step)
{
  for (guint i = 0; converted && i < converted->outcomes->len; i++) {
    const V2vOutcome *outcome = converted->outcomes->pdata[i];

    if (outcome->step == step)
      return outcome;
  }
  return NULL;
}

static void
add_steps (JsonBuilder *builder, const V2vPlan *plan, const V2vConverted *converted)
{
  json_builder_set_member_name (builder, "steps");
  json_builder_begin_array (builder);
  for (guint i = 0; plan && i < plan->steps->len; i++) {
    const V2vStep *step = plan->steps->pdata[i];
    const V2vOutcome *outcome = find_outcome (converted, step);

    json_builder_begin_object (builder);
    add_string (builder, "phase", v2v_phase_name (step->phase));
    add_string (builder, "operation", step->operation->name);
    add_string (builder, "provider", step->provider ? step->provider->name : NULL);
    add_string (builder, "script", step->call->path);
    add_string (builder, "function", step->call->function);
    add_requests (builder, step);
    add_string (builder, "result",
                !outcome           ? "not run"
                : outcome->changed ? "done"
                                   : "already");
    if (outcome) {
      json_builder_set_member_name (builder, "seconds");
      json_builder_add_double_value (builder, outcome->seconds);
      add_changes (builder, outcome->changes);
    }
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static void
add_fired (JsonBuilder *builder, const V2vPlan *plan)
{
  json_builder_set_member_name (builder, "fired");
  json_builder_begin_array (builder);
  for (guint i = 0; plan && i < plan->fired->len; i++) {
    const V2vFired *fired = plan->fired->pdata[i];

    json_builder_begin_object (builder);
    add_string (builder, "rule", v2v_rule_label (fired->rule));
    add_string (builder, "why", fired->rule->describe);
    json_builder_set_member_name (builder, "times");
    json_builder_add_int_value (builder, fired->times);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static void
add_warnings (JsonBuilder *builder)
{
  const GPtrArray *warnings = v2v_log_warnings ();

  json_builder_set_member_name (builder, "warnings");
  json_builder_begin_array (builder);
  for (guint i = 0; i < warnings->len; i++) {
    g_autofree char *printable = v2v_printable (warnings->pdata[i], -1, TRUE);

    json_builder_add_string_value (builder, printable);
  }
  json_builder_end_array (builder);
}

/* The places in rules and scripts that messages leave out. */
static void
add_details (JsonBuilder *builder)
{
  const GPtrArray *kept = v2v_log_kept ();

  json_builder_set_member_name (builder, "details");
  json_builder_begin_array (builder);
  for (guint i = 0; i < kept->len; i++) {
    g_autofree char *printable = v2v_printable (kept->pdata[i], -1, TRUE);

    json_builder_add_string_value (builder, printable);
  }
  json_builder_end_array (builder);
}

static void
add_disks (JsonBuilder *builder, const V2vStorageJob *store)
{
  json_builder_set_member_name (builder, "disks");
  json_builder_begin_array (builder);
  for (guint i = 0; store && i < store->disks->len; i++) {
    const V2vStorageDisk *disk = store->disks->pdata[i];

    json_builder_begin_object (builder);
    add_string (builder, "source", disk->disk->path);
    add_string (builder, "source-format", disk->disk->format);
    add_string (builder, "result", disk->result_name);
    add_string (builder, "result-format", disk->result_format);
    json_builder_set_member_name (builder, "size");
    json_builder_add_int_value (builder, disk->size);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

JsonNode *
v2v_report_new (const V2vJob *job, const GError *failure)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_string (builder, "program", "v2v-engine " PACKAGE_VERSION);
  add_string (builder, "guest", job->settings.guest);
  add_string (builder, "name", job->read ? job->read->name : NULL);
  add_string (builder, "source", job->settings.source->name);
  add_string (builder, "storage", job->settings.storage->name);
  add_string (builder, "output", job->settings.output->name);
  json_builder_set_member_name (builder, "status");
  json_builder_add_int_value (builder, failure ? v2v_error_exit (failure) : V2V_EXIT_OK);
  add_string (builder, "error", failure ? failure->message : NULL);
  add_string (builder, "result", job->published ? job->published->result : NULL);
  add_disks (builder, job->store);
  add_warnings (builder);
  add_details (builder);
  if (job->published && !failure) {
    json_builder_set_member_name (builder, "undo");
    json_builder_add_value (builder, v2v_undo_note (&job->settings, job->read, job->store));
  }
  if (job->verdict) {
    json_builder_set_member_name (builder, "verify");
    json_builder_add_value (builder, json_node_copy (job->verdict));
  }
  if (job->asked) {
    json_builder_set_member_name (builder, "facts");
    json_builder_add_value (builder, v2v_store_to_json (job->asked->facts));
  }
  add_fired (builder, job->plan);
  add_steps (builder, job->plan, job->converted);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

char *
v2v_report_text (const V2vJob *job, const GError *failure)
{
  g_autoptr (JsonNode) report = v2v_report_new (job, failure);
  g_autofree char *text = v2v_json_text (report, TRUE);

  return g_strconcat (text, "\n", NULL);
}

/* The report of a successful conversion is needed to undo it, so no later failure replaces
 * it. */
static gboolean
write_beside (const char *text, const char *path, const char *given, GError **error)
{
  g_autofree char *beside = g_strconcat (path, ".failed", NULL);

  if (!v2v_write_file (beside, text, -1, 0600, error))
    return FALSE;
  v2v_info (
      "%s tells of a conversion that succeeded and stays; the report of this failure is %s",
      given, beside);
  return TRUE;
}

/* GIVEN is the user's name of FILE. KNOWN: FILE does not belong to the guest. */
static gboolean
write_text (const char *text, gboolean failure, gboolean known, V2vOutFile *file,
            const char *given, GError **error)
{
  const char *path = v2v_out_file_regular (file);
  const V2vReportKind present = path ? v2v_undo_look (path) : V2V_REPORT_NONE;

  if (failure && present == V2V_REPORT_SUCCESS)
    return write_beside (text, path, given, error);
  if (!known && present == V2V_REPORT_OTHER) {
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_CANTCREAT,
        "--report %s: this file is no report and stays: the conversion ended before it "
        "was known whether it belongs to the guest",
        given);
    return FALSE;
  }
  if (v2v_out_file_write (file, text, -1, 0600, error))
    return TRUE;
  g_prefix_error (error, "--report ");
  return FALSE;
}

gboolean
v2v_report_write (const V2vJob *job, const GError *failure, V2vOutFile *file, GError **error)
{
  const V2vWritten *written = job->settings.written;
  const V2vWrittenState state = written ? written->state : V2V_WRITTEN_UNKNOWN;
  g_autofree char *text = v2v_report_text (job, failure);

  return state == V2V_WRITTEN_NEEDED ||
         write_text (text, failure != NULL, state != V2V_WRITTEN_UNKNOWN, file,
                     v2v_option_get (job->settings.options, "report"), error);
}

gboolean
v2v_report_write_begun (const char *begun, V2vExit status, const char *message,
                        V2vOutFile *file, const char *given, GError **error)
{
  g_autoptr (JsonNode) root = v2v_json_parse (begun, strlen (begun), error);
  g_autofree char *printable = v2v_printable (message, -1, TRUE);
  g_autofree char *text = NULL;
  g_autofree char *whole = NULL;

  if (!root)
    return FALSE;
  json_object_set_int_member (json_node_get_object (root), "status", status);
  json_object_set_string_member (json_node_get_object (root), "error", printable);
  text = v2v_json_text (root, TRUE);
  whole = g_strconcat (text, "\n", NULL);
  return write_text (whole, TRUE, FALSE, file, given, error);
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The command graph: shows how rules depend on each other, for Graphviz.
 */
#include "config.h"

#include <stdio.h>
#include <unistd.h>

#include "base/log.h"
#include "base/process.h"
#include "base/tempfile.h"
#include "cli/commands.h"
#include "cli/job.h"

/* Limits for Graphviz when it lays out a graph: seconds, and bytes of memory. */
#define LAYOUT_SECONDS 300
#define LAYOUT_MEMORY ((guint64)2 << 30)
#define DEPTH_MAX 1000

static const V2vOptionDef options[] = {
    {"facts", "FILE", "colour what fires on a capture (facts --format rules)", FALSE},
    {"format", "dot|svg", "text for Graphviz, or the picture that its program dot draws",
     FALSE},
    {"rule", "NAME", "show only what is near this rule or provider (repeatable)", TRUE},
    {"depth", "N", "how many rules away is near (default: 1)", FALSE},
    {NULL},
};

static gboolean
can_draw (GError **error)
{
  g_autofree char *program = g_find_program_in_path ("dot");

  if (!program)
    g_set_error (error, V2V_ERROR, V2V_EXIT_UNAVAILABLE,
                 "--format svg: the program dot is missing; install the package graphviz, or "
                 "take --format dot");
  return program != NULL;
}

static char *
draw (const char *dot, GError **error)
{
  const V2vLimits limits = {LAYOUT_MEMORY, LAYOUT_SECONDS, LAYOUT_SECONDS};
  g_autofree char *svg = NULL, *name = NULL;
  g_autoptr (GError) local = NULL;
  const char *argv[] = {"dot", "-Tsvg", NULL, NULL};
  int fd;
  gboolean ok;

  fd = g_file_open_tmp ("v2v-engine-XXXXXX.dot", &name, &local);
  if (fd < 0) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_CANTCREAT, "--format svg: %s", local->message);
    return NULL;
  }
  close (fd);
  v2v_temp_add (name);
  argv[2] = name;
  ok = g_file_set_contents (name, dot, -1, &local);
  if (!ok)
    g_set_error (error, V2V_ERROR, V2V_EXIT_IOERR, "--format svg: %s", local->message);
  else
    ok = v2v_process_run (argv, &limits, &svg, error);
  v2v_temp_remove (name);
  return ok ? g_steal_pointer (&svg) : NULL;
}

static gboolean
run (V2vCommandLine *line, GError **error)
{
  const char *file = v2v_option_get (line->values, "facts");
  const char *format = v2v_option_get (line->values, "format");
  const char *depth_text = v2v_option_get (line->values, "depth");
  const char *const *around = v2v_option_get_all (line->values, "rule");
  const gboolean svg = g_strcmp0 (format, "svg") == 0;
  g_autoptr (V2vJob) job = NULL;
  g_autoptr (V2vReasons) reasons = NULL;
  g_autofree char *text = NULL;
  V2vCapture *capture = NULL;
  guint64 depth = 1;

  if (format && !svg && !g_str_equal (format, "dot")) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE, "--format %s: expected dot or svg", format);
    return FALSE;
  }
  if (depth_text && !g_ascii_string_to_unsigned (depth_text, 10, 0, DEPTH_MAX, &depth, NULL)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE, "--depth %s: expected a number up to %d",
                 depth_text, DEPTH_MAX);
    return FALSE;
  }
  if (depth_text && !around[0]) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                 "--depth %s: expected --rule NAME beside it, whose neighbourhood is shown",
                 depth_text);
    return FALSE;
  }
  if (file && line->words->len) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE, "expected either GUEST or --facts FILE");
    return FALSE;
  }
  /* Errors in the arguments are reported before the guest is read, which takes long. */
  text = v2v_graph_to_dot (line->rules, NULL, around, (guint)depth, error);
  if (!text || (svg && !can_draw (error)))
    return FALSE;
  job = v2v_cli_job_new (line, TRUE);
  if (file && (!(capture = v2v_cli_read_capture (line, file, error)) ||
               !v2v_job_take_capture (job, capture, error)))
    return FALSE;
  if (line->words->len && !v2v_job_gather (job, error))
    return FALSE;
  if (job->seen && !(reasons = v2v_seen_reasons (job->seen, error)))
    return FALSE;
  v2v_step_end ();
  if (reasons) {
    g_free (text);
    text = v2v_graph_to_dot (line->rules, reasons, around, (guint)depth, error);
  }
  if (text && svg) {
    g_autofree char *dot = g_steal_pointer (&text);

    text = draw (dot, error);
  }
  if (!text)
    return FALSE;
  v2v_print (text);
  return TRUE;
}

const V2vCommand v2v_command_graph = {
    .name = "graph",
    .arguments = "[GUEST]",
    .help = "print how rules depend on each other, for Graphviz",
    .options = options,
    .converts = TRUE,
    .words_min = 0,
    .words_max = 1,
    .run = run,
};

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The commands explain and why-not: why something is in the plan, and why a rule did not fire.
 * They change nothing.
 */
#include "config.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/jsontext.h"
#include "base/log.h"
#include "cli/commands.h"
#include "cli/job.h"

static const V2vOptionDef options[] = {
    {"facts", "FILE", "ask of a capture (facts --format rules) instead of a guest", FALSE},
    {"json", NULL, "print the answer as JSON", FALSE},
    {NULL},
};

/* On a terminal narrower than this, lines are not wrapped to fit. */
#define COLUMNS_MIN 60

/* The width of the terminal; 0 if the output is not a terminal, so that other programs get
 * whole lines. */
static guint
columns (void)
{
  struct winsize size;

  if (ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
    return 0;
  return MAX (size.ws_col, COLUMNS_MIN);
}

typedef gboolean (*Can) (const V2vRuleSet *rules, const char *what, GError **error);
typedef JsonNode *(*Ask) (V2vReasons *reasons, const char *what, GError **error);

/* Removes the word that is not the guest from the words, and returns it (or NULL). */
static gboolean
take_words (V2vCommandLine *line, char **what_r, GError **error)
{
  const V2vCommand *command = v2v_command_find (line, line->command);
  const gboolean capture = v2v_option_is_set (line->values, "facts");
  const guint guests = capture ? 0 : 1;
  /* The word that is not the guest may come before or after it. */
  const guint at = capture || command->guest > 0 ? 0 : 1;
  const gboolean needed = command->guest > 0;

  *what_r = NULL;
  if (line->words->len > guests + 1 || line->words->len < guests + needed) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                 needed ? "expected: v2v-engine %s RULE and either GUEST or --facts FILE"
                        : "expected: v2v-engine %s, either GUEST or --facts FILE, and at most "
                          "one OPERATION",
                 command->name);
    return FALSE;
  }
  if (line->words->len > guests) {
    *what_r = g_strdup (line->words->pdata[at]);
    g_ptr_array_remove_index (line->words, at);
  }
  return TRUE;
}

static gboolean
answer (V2vCommandLine *line, Can can, Ask ask, GError **error)
{
  const char *file = v2v_option_get (line->values, "facts");
  g_autofree char *what = NULL, *text = NULL;
  g_autoptr (V2vJob) job = NULL;
  g_autoptr (V2vReasons) reasons = NULL;
  g_autoptr (JsonNode) root = NULL;
  V2vCapture *capture = NULL;

  /* A misspelt name is reported before the guest is read, which takes long. */
  if (!take_words (line, &what, error) || !can (line->rules, what, error))
    return FALSE;
  job = v2v_cli_job_new (line, TRUE);
  if (file ? !(capture = v2v_cli_read_capture (line, file, error)) ||
                 !v2v_job_take_capture (job, capture, error)
           : !v2v_job_gather (job, error))
    return FALSE;
  reasons = v2v_seen_reasons (job->seen, error);
  if (!reasons)
    return FALSE;
  v2v_step_end ();
  root = ask (reasons, what, error);
  if (!root)
    return FALSE;
  if (v2v_option_is_set (line->values, "json")) {
    g_autofree char *json = v2v_json_text (root, TRUE);

    text = g_strconcat (json, "\n", NULL);
  } else {
    text = v2v_reasons_to_text (root, columns ());
  }
  v2v_print (text);
  return TRUE;
}

static gboolean
run_explain (V2vCommandLine *line, GError **error)
{
  return answer (line, v2v_reasons_can_explain, v2v_reasons_explain, error);
}

static gboolean
run_why_not (V2vCommandLine *line, GError **error)
{
  return answer (line, v2v_reasons_can_ask_why_not, v2v_reasons_why_not, error);
}

const V2vCommand v2v_command_explain = {
    .name = "explain",
    .arguments = "GUEST [OPERATION|FACT]",
    .help = "explain why an operation is in the plan, or where a fact comes from",
    .options = options,
    .converts = TRUE,
    .words_min = 0,
    .words_max = 2,
    .run = run_explain,
};

const V2vCommand v2v_command_why_not = {
    .name = "why-not",
    .arguments = "RULE GUEST",
    .help = "explain why a rule did not fire, or why a provider was not chosen",
    .options = options,
    .converts = TRUE,
    .words_min = 1,
    .words_max = 2,
    .guest = 1,
    .run = run_why_not,
};

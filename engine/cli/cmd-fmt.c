/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * fmt: formats rule files.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "cli/commands.h"

static const V2vOptionDef options[] = {
    {"check", NULL, "change nothing; fail if a file is not formatted", FALSE},
    {NULL},
};

/* Formats FILE. UNFORMATTED_R counts those that were not as they should be. */
static gboolean
format_file (const char *file, gboolean only_check, V2vDiags *diags, guint *unformatted_r,
             GError **error)
{
  g_autofree char *text = NULL;
  g_autofree char *formatted = NULL;
  gsize length;

  if (!g_file_get_contents (file, &text, &length, error))
    return FALSE;
  formatted = v2v_format_rules (file, text, length, diags);
  if (!formatted || g_str_equal (formatted, text))
    return TRUE;
  (*unformatted_r)++;
  if (!only_check)
    return g_file_set_contents (file, formatted, -1, error);
  printf ("%s\n", file);
  return TRUE;
}

static gboolean
run (V2vCommandLine *line, GError **error)
{
  gboolean only_check = v2v_option_is_set (line->values, "check");
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  guint unformatted = 0;

  for (guint i = 0; i < line->words->len; i++)
    if (!format_file (line->words->pdata[i], only_check, diags, &unformatted, error))
      return FALSE;
  v2v_diags_print (diags, stderr);
  if (v2v_diags_errors (diags)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_CONFIG, "files with errors were left as they are");
    return FALSE;
  }
  if (only_check && unformatted) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_CONFIG,
                 "%u file%s not formatted: run v2v-engine fmt on %s", unformatted,
                 unformatted == 1 ? " is" : "s are", unformatted == 1 ? "it" : "them");
    return FALSE;
  }
  return TRUE;
}

const V2vCommand v2v_command_fmt = {
    .name = "fmt",
    .arguments = "FILE ...",
    .help = "format rule files",
    .options = options,
    .own_rules = TRUE,
    .words_min = 1,
    .words_max = G_MAXUINT,
    .run = run,
};

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The command fmt: formats rule files. "-" is standard input, whose formatted text is printed
 * (for editors).
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/outfile.h"
#include "cli/commands.h"
#include "lang/limits.h"
#include "syntax/format.h"

static const V2vOptionDef options[] = {
    {"check", NULL, "change nothing; fail if a file is not formatted", FALSE},
    {NULL},
};

/* Reads standard input, up to the largest size of a rule file. */
static char *
read_input (gsize *length_r, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char buffer[65536];
  gsize got;

  while (text->len <= V2V_RULE_FILE_MAX && (got = fread (buffer, 1, sizeof buffer, stdin)) > 0)
    g_string_append_len (text, buffer, (gssize)got);
  if (ferror (stdin)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_IOERR, "the standard input cannot be read");
    return NULL;
  }
  *length_r = text->len;
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* A pipe cannot be formatted in place. */
static gboolean
check_file (const char *file, GError **error)
{
  if (!g_file_test (file, G_FILE_TEST_EXISTS) || g_file_test (file, G_FILE_TEST_IS_REGULAR))
    return TRUE;
  g_set_error (
      error, V2V_ERROR, V2V_EXIT_NOINPUT,
      "%s: this is no regular file; name rule files, or - to format the standard input", file);
  return FALSE;
}

/* Is FILE a link to /dev/null, which turns off the rule files with its path in lower rule
 * directories? */
static gboolean
is_turned_off (const char *file)
{
  g_autofree char *to = g_file_read_link (file, NULL);

  return g_strcmp0 (to, "/dev/null") == 0;
}

/* Formats FILE. UNFORMATTED_R counts the files whose format differs. */
static gboolean
format_file (const char *file, gboolean only_check, V2vDiags *diags, guint *unformatted_r,
             GError **error)
{
  const gboolean from_input = g_str_equal (file, "-");
  const char *name = from_input ? "standard input" : file;
  g_autofree char *text = NULL;
  g_autofree char *formatted = NULL;
  gsize length;

  if (is_turned_off (file))
    return TRUE;
  if (from_input
          ? !(text = read_input (&length, error))
          : !check_file (file, error) || !g_file_get_contents (file, &text, &length, error))
    return FALSE;
  formatted = v2v_format_rules (name, text, length, diags);
  if (formatted == NULL)
    return TRUE; /* the reason is in DIAGS */
  if (from_input && !only_check) {
    fputs (formatted, stdout);
    return TRUE;
  }
  if (g_str_equal (formatted, text))
    return TRUE;
  (*unformatted_r)++;
  if (!only_check)
    return v2v_write_file (file, formatted, -1, 0, error);
  printf ("%s\n", name);
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
    .help = "format rule files; - formats standard input to standard output",
    .options = options,
    .own_rules = TRUE,
    .words_min = 1,
    .words_max = G_MAXUINT,
    .run = run,
};

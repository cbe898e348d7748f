/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The command help: the commands, the options of a command, and the meaning of the codes of
 * errors in rules.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/load-rules.h"
#include "lang/codes.h"

static void
print_commands (const V2vCommandLine *line)
{
  puts ("Usage: v2v-engine COMMAND OPTIONS ARGUMENTS\n");
  for (int i = 0; line->commands[i]; i++)
    printf ("  %s %s\n      %s\n", line->commands[i]->name, line->commands[i]->arguments,
            line->commands[i]->help);
  printf (
      "\nv2v-engine help COMMAND tells its options, v2v-engine help codes what can be wrong "
      "with\nrules, v2v-engine help CODE what a code means. Without a command, %s is meant.\n",
      line->commands[0]->name);
}

static void
print_codes (const V2vCodeTexts *texts)
{
  for (guint i = 0; i < texts->helps->len; i++) {
    const V2vCodeHelp *help = texts->helps->pdata[i];

    printf ("V2V%03u  %s\n", help->code, help->title);
  }
}

/* Prints TEXT in lines of about 78 characters at most. */
static void
print_wrapped (const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  gsize column = 0;

  for (int i = 0; words[i]; i++) {
    gsize length = strlen (words[i]);

    if (column && column + 1 + length > 78) {
      putchar ('\n');
      column = 0;
    }
    printf ("%s%s", column ? " " : "", words[i]);
    column += length + (column ? 1 : 0);
  }
  putchar ('\n');
}

static void
print_example (const char *title, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  printf ("\n%s:\n\n", title);
  for (int i = 0; lines[i]; i++)
    if (*lines[i] || lines[i + 1])
      printf ("%s%s\n", *lines[i] ? "    " : "", lines[i]);
}

static void
print_code (const V2vCodeHelp *help)
{
  printf ("V2V%03u: %s\n\n", help->code, help->title);
  print_wrapped (help->explanation);
  if (help->wrong) {
    print_example ("Wrong", help->wrong);
    print_example ("Right", help->right);
  }
}

static gboolean
print_command (const V2vCommandLine *line, const V2vCommand *command, GError **error)
{
  g_autoptr (V2vCommandLine) other = v2v_command_line_new (line->commands);
  char *argv[] = {(char *)"v2v-engine", (char *)command->name, NULL};
  g_autofree char *help = NULL;
  const char *options;

  if (!v2v_command_line_first (other, argv, error))
    return FALSE;
  if (command->converts) {
    /* The rules are loaded, since rule files declare options, too. */
    other->rules = v2v_load_rules (line, NULL, FALSE, error);
    if (!other->rules)
      return FALSE;
  }
  help = v2v_command_line_help (other);
  options = strstr (help, "\n\n"); /* printed after the list of all commands */
  printf ("Usage: v2v-engine %s OPTIONS %s\n\n", command->name, command->arguments);
  print_wrapped (command->help);
  fputs (options ? options + 1 : "", stdout);
  return TRUE;
}

static gboolean
unknown_command (const V2vCommandLine *line, const char *word, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const char *nearest;

  for (int i = 0; line->commands[i]; i++)
    g_ptr_array_add (names, (gpointer)line->commands[i]->name);
  g_ptr_array_add (names, (gpointer) "codes");
  nearest = v2v_nearest (word, names);
  g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
               "there is no command %s%s%s%s: see v2v-engine help", word,
               nearest ? " (did you mean " : "", nearest ? nearest : "", nearest ? "?)" : "");
  return FALSE;
}

/* Has WORD the form of a code? */
static gboolean
is_code (const char *word)
{
  return g_ascii_strncasecmp (word, "V2V", 3) == 0 && g_ascii_isdigit (word[3]);
}

/* Explains WORD, a code, or lists all codes if WORD is "codes". */
static gboolean
help_codes (const V2vCommandLine *line, const char *word, GError **error)
{
  g_autoptr (GPtrArray) rule_dirs =
      v2v_rule_dirs_default (v2v_option_get_all (line->values, "rules-dir"));
  g_autoptr (V2vCodeTexts) texts = v2v_code_texts_load (rule_dirs, error);
  const V2vCodeHelp *code;

  if (!texts)
    return FALSE;
  if (!is_code (word)) {
    print_codes (texts);
    return TRUE;
  }
  code = v2v_code_texts_find (texts, word);
  if (code) {
    print_code (code);
    return TRUE;
  }
  g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
               "there is no code %s in %s: see v2v-engine help codes", word, texts->path);
  return FALSE;
}

static gboolean
run (V2vCommandLine *line, GError **error)
{
  const char *word = line->words->len ? line->words->pdata[0] : NULL;
  const V2vCommand *command;

  if (!word)
    print_commands (line);
  else if (is_code (word) || g_str_equal (word, "codes"))
    return help_codes (line, word, error);
  else if ((command = v2v_command_find (line, word)))
    return print_command (line, command, error);
  else
    return unknown_command (line, word, error);
  return TRUE;
}

const V2vCommand v2v_command_help = {
    .name = "help",
    .arguments = "[COMMAND | CODE | codes]",
    .help =
        "list the commands, or show the options of a command or the meaning of an error code",
    .own_rules = TRUE,
    .words_max = 1,
    .run = run,
};

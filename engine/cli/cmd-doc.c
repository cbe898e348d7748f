/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * doc: pages of the manual, made from what is declared.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/printable.h"
#include "cli/commands.h"
#include "manual/manual.h"

static const V2vOptionDef options[] = {
    {"format", "text|man", "how the page is printed; \"man\" is for man -l", FALSE},
    {NULL},
};

static gboolean
run (V2vCommandLine *line, GError **error)
{
  const char *format = v2v_option_get (line->values, "format");
  const char *topic = line->words->pdata[0];
  const gboolean man = g_strcmp0 (format, "man") == 0;
  const V2vPageFormat page = man ? V2V_PAGE_MAN : V2V_PAGE_TEXT;
  const char *const *names;
  g_autofree char *text = NULL;

  if (format && !man && !g_str_equal (format, "text")) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE, "--format %s: expected text or man", format);
    return FALSE;
  }
  g_ptr_array_add (line->words, NULL);
  names = (const char *const *)line->words->pdata + 1;
  if (g_str_equal (topic, "facts"))
    text = v2v_manual_facts (line->rules, page, names, error);
  else if (g_str_equal (topic, "operations"))
    text = v2v_manual_operations (line->rules, page, names, error);
  else if (g_str_equal (topic, "lua"))
    text = v2v_manual_functions (line->rules, page, names, error);
  else
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                 "there is no page \"%s\"; there are facts, operations and lua", topic);
  if (!text)
    return FALSE;
  v2v_print (text);
  return TRUE;
}

const V2vCommand v2v_command_doc = {
    .name = "doc",
    .arguments = "facts|operations|lua [NAME ...]",
    .help = "show what rules can ask and request, and what scripts can call",
    .options = options,
    .words_min = 1,
    .words_max = G_MAXUINT,
    .run = run,
};

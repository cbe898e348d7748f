/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The command doc: pages of the manual, made from the declarations.
 */
#include "config.h"

#include <stdio.h>

#include "base/printable.h"
#include "cli/commands.h"
#include "manual/manual.h"
#include "metadata/domain.h"

static const V2vOptionDef options[] = {
    {"format", "text|man|xml",
     "how the page is printed; \"man\" is for man -l, \"xml\" what pages are made from", FALSE},
    {NULL},
};

static xmlDoc *
data_of (const V2vRuleSet *rules, const char *topic, const char *const *names, GError **error)
{
  if (g_str_equal (topic, "facts"))
    return v2v_manual_facts (rules, names, error);
  if (g_str_equal (topic, "operations"))
    return v2v_manual_operations (rules, names, error);
  if (g_str_equal (topic, "lua"))
    return v2v_manual_functions (rules, names, error);
  g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
               "there is no page \"%s\"; there are facts, operations and lua", topic);
  return NULL;
}

static gboolean
run (V2vCommandLine *line, GError **error)
{
  static const char *const formats[] = {"text", "man", "xml", NULL};
  const char *given = v2v_option_get (line->values, "format");
  const char *format = given ? given : "text";
  const char *topic = line->words->pdata[0];
  g_autofree char *text = NULL;
  xmlDoc *data;

  if (!g_strv_contains (formats, format)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE, "--format %s: expected text, man or xml",
                 format);
    return FALSE;
  }
  g_ptr_array_add (line->words, NULL);
  data = data_of (line->rules, topic, (const char *const *)line->words->pdata + 1, error);
  if (!data)
    return FALSE;
  text = g_str_equal (format, "xml")
             ? v2v_xml_to_string (data)
             : v2v_manual_page (line->rules, data, topic, format, error);
  xmlFreeDoc (data);
  if (!text)
    return FALSE;
  v2v_print (text);
  return TRUE;
}

const V2vCommand v2v_command_doc = {
    .name = "doc",
    .arguments = "facts|operations|lua [NAME ...]",
    .help = "show the facts and operations for rules, and the calls for scripts",
    .options = options,
    .words_min = 1,
    .words_max = G_MAXUINT,
    .run = run,
};

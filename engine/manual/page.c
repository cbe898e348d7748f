/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Makes a page of the manual from data: one stylesheet makes the page, another prints it.
 */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "manual/manual.h"
#include "metadata/xslt.h"

/* Width of a page for a terminal, in columns. */
#define WIDTH 80

/* Applies the stylesheet xslt/manual/NAME.xsl to DOC; returns NULL on error. */
static xmlDoc *
apply (const V2vRuleSet *rules, const char *name, xmlDoc *doc, GError **error)
{
  g_autofree char *file = g_strdup_printf ("manual/%s.xsl", name);
  const char *path = v2v_find_script (rules->rule_dirs, "xslt", file);

  if (path)
    return v2v_xslt_apply_with (path, doc, doc, error);
  g_set_error (error, V2V_ERROR, V2V_EXIT_UNAVAILABLE,
               "no rule directory has the stylesheet xslt/%s: install the rules of "
               "v2v-engine, or set V2V_ENGINE_DATA_DIR",
               file);
  return NULL;
}

/* Adds LINE, broken between words. The lines after the first are indented like the first. */
static void
add_wrapped (GString *out, const char *line)
{
  const gsize indent = strspn (line, " ");
  g_auto (GStrv) words = g_strsplit (line + indent, " ", -1);
  glong column = 0;

  for (guint i = 0; words[i]; i++) {
    const glong length = g_utf8_strlen (words[i], -1);

    if (!length)
      continue;
    if (column && column + 1 + length <= WIDTH) {
      g_string_append_printf (out, " %s", words[i]);
      column += 1 + length;
      continue;
    }
    g_string_append_printf (out, "%s%*s%s", column ? "\n" : "", (int)indent, "", words[i]);
    column = (glong)indent + length;
  }
}

static char *
wrap (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  GString *out = g_string_new (NULL);

  for (guint i = 0; lines[i]; i++) {
    if (i)
      g_string_append_c (out, '\n');
    add_wrapped (out, lines[i]);
  }
  return g_string_free (out, FALSE);
}

char *
v2v_manual_page (const V2vRuleSet *rules, xmlDoc *data, const char *topic, const char *format,
                 GError **error)
{
  xmlDoc *page = apply (rules, topic, data, error);
  xmlDoc *printed = page ? apply (rules, format, page, error) : NULL;
  xmlChar *text = printed ? xmlNodeGetContent (xmlDocGetRootElement (printed)) : NULL;
  char *result = NULL;

  if (text)
    result = g_str_equal (format, "text") ? wrap ((const char *)text)
                                          : g_strdup ((const char *)text);
  xmlFree (text);
  xmlFreeDoc (printed);
  xmlFreeDoc (page);
  return result;
}

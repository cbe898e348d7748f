/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From data to a page of the manual: one stylesheet makes a page of it, another prints that.
 */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "manual/manual.h"
#include "metadata/xslt.h"

/* Columns of a page for a terminal. */
#define WIDTH 80

/* The result of the stylesheet xslt/manual/NAME.xsl for DOC; NULL on error. */
static xmlDoc *
apply (const V2vRuleSet *rules, const char *name, xmlDoc *doc, GError **error)
{
  g_autofree char *file = g_strdup_printf ("manual/%s.xsl", name);
  const char *path = v2v_find_script (rules->rule_dirs, "xslt", file);

  if (path)
    return v2v_xslt_apply_with (path, doc, doc, error);
  g_set_error (error, V2V_ERROR, V2V_EXIT_UNAVAILABLE,
               "there is no stylesheet xslt/%s in any directory of rules: install the "
               "program's own, or set V2V_ENGINE_DATA_DIR",
               file);
  return NULL;
}

/* Adds LINE, broken between words; what follows its first line is indented as it is. */
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

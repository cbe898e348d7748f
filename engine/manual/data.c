/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Functions shared by the files that collect the data of manual pages.
 */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "base/printable.h"
#include "manual/manual.h"

/* The date of the page: today, or SOURCE_DATE_EPOCH, by which packagers make builds
 * reproducible. */
static char *
date_of_page (void)
{
  const char *epoch = g_getenv ("SOURCE_DATE_EPOCH");
  guint64 seconds;
  g_autoptr (GDateTime) date = NULL;

  if (epoch != NULL && g_ascii_string_to_unsigned (epoch, 10, 0, G_MAXINT32, &seconds, NULL))
    date = g_date_time_new_from_unix_utc ((gint64)seconds);
  else
    date = g_date_time_new_now_utc ();
  return g_date_time_format (date, "%Y-%m-%d");
}

xmlDoc *
v2v_manual_new (gboolean whole)
{
  xmlDoc *doc = xmlNewDoc (BAD_CAST "1.0");
  xmlNode *root = xmlNewNode (NULL, BAD_CAST "manual");
  g_autofree char *date = date_of_page ();

  xmlDocSetRootElement (doc, root);
  v2v_manual_set (root, "version", PACKAGE_VERSION);
  v2v_manual_set (root, "date", date);
  v2v_manual_flag (root, "whole", whole);
  return doc;
}

xmlNode *
v2v_manual_add (xmlNode *parent, const char *element, const char *name)
{
  xmlNode *node = xmlNewChild (parent, NULL, BAD_CAST element, NULL);

  v2v_manual_set (node, "name", name);
  return node;
}

void
v2v_manual_set (xmlNode *node, const char *attribute, const char *value)
{
  g_autofree char *printable = value != NULL ? v2v_printable (value, -1, FALSE) : NULL;

  if (printable != NULL)
    xmlSetProp (node, BAD_CAST attribute, BAD_CAST printable);
}

void
v2v_manual_flag (xmlNode *node, const char *attribute, gboolean value)
{
  v2v_manual_set (node, attribute, value ? "yes" : NULL);
}

void
v2v_manual_sentence (xmlNode *node, const char *doc)
{
  g_autofree char *first = NULL, *sentence = NULL, *printable = NULL;

  if (doc == NULL || *doc == '\0')
    return;
  first = g_strndup (doc, (gsize)(g_utf8_next_char (doc) - doc));
  /* A single word is a name, not the beginning of a sentence. */
  if (strchr (doc, ' ') != NULL) {
    char *upper = g_utf8_strup (first, -1);

    g_free (first);
    first = upper;
  }
  sentence = g_strconcat (first, g_utf8_next_char (doc),
                          strchr (".!?", doc[strlen (doc) - 1]) != NULL ? "" : ".", NULL);
  printable = v2v_printable (sentence, -1, FALSE);
  xmlNewTextChild (node, NULL, BAD_CAST "doc", BAD_CAST printable);
}

void
v2v_manual_type (xmlNode *node, const V2vType *type)
{
  if (type->kind != V2V_TYPE_ENUM || type->words == NULL) {
    v2v_manual_set (node, "type", v2v_type_name (type->kind));
    return;
  }
  /* An enum declared in place is called FACT.FIELD. */
  if (strchr (type->words->name, '.') == NULL) {
    v2v_manual_set (node, "type", type->words->name);
    return;
  }
  for (guint i = 0; i < type->words->values->len; i++)
    v2v_manual_add (node, "word", type->words->values->pdata[i]);
}

void
v2v_manual_file (xmlNode *node, const V2vRuleSet *rules, V2vPlace place)
{
  const char *file = place.file;

  for (guint i = 0; i < rules->rule_dirs->len; i++) {
    const V2vRuleDir *rule_dir = rules->rule_dirs->pdata[i];
    g_autofree char *prefix = g_build_filename (rule_dir->path, "/", NULL);

    if (g_str_has_prefix (place.file, prefix)) {
      file = place.file + strlen (prefix);
      break;
    }
  }
  v2v_manual_set (node, "file", file);
}

gboolean
v2v_manual_wants (const char *const *names, const char *name)
{
  return names[0] == NULL || g_strv_contains (names, name);
}

gboolean
v2v_manual_names (const char *const *names, const GPtrArray *known, const char *kind,
                  GError **error)
{
  for (guint i = 0; names[i] != NULL; i++) {
    const char *nearest;

    if (g_ptr_array_find_with_equal_func ((GPtrArray *)known, names[i], g_str_equal, NULL))
      continue;
    nearest = v2v_nearest (names[i], known);
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE, "there is no %s \"%s\"%s%s%s", kind,
                 names[i],
                 nearest != NULL ? ": did you mean " : "; without a name, all are shown",
                 nearest != NULL ? nearest : "", nearest != NULL ? "?" : "");
    return FALSE;
  }
  return TRUE;
}

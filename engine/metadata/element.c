/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Helpers to get and set single elements, attributes and texts of an XML document.
 */
#include "config.h"

#include <string.h>

#include <libxml/xpath.h>

#include "metadata/element.h"

xmlNode *
v2v_xml_child (const xmlNode *parent, const char *name)
{
  for (xmlNode *child = parent ? parent->children : NULL; child; child = child->next)
    if (child->type == XML_ELEMENT_NODE && strcmp ((const char *)child->name, name) == 0)
      return child;
  return NULL;
}

char *
v2v_xml_attribute (const xmlNode *node, const char *name)
{
  xmlChar *value = node ? xmlGetNoNsProp (node, (const xmlChar *)name) : NULL;
  char *copy = value && *value ? g_strdup ((const char *)value) : NULL;

  xmlFree (value);
  return copy;
}

void
v2v_xml_set (xmlNode *node, const char *name, const char *value)
{
  xmlSetProp (node, (const xmlChar *)name, (const xmlChar *)value);
}

char *
v2v_xml_text (const xmlNode *node)
{
  xmlChar *text = xmlNodeGetContent (node);
  char *copy = g_strstrip (g_strdup ((const char *)text));

  xmlFree (text);
  return copy;
}

char *
v2v_xml_value (xmlDoc *doc, const char *xpath)
{
  xmlXPathContext *context = xmlXPathNewContext (doc);
  g_autofree char *whole = g_strdup_printf ("normalize-space(%s)", xpath);
  xmlXPathObject *found = xmlXPathEval (BAD_CAST whole, context);
  char *value = found && found->stringval && *found->stringval
                    ? g_strdup ((const char *)found->stringval)
                    : NULL;

  xmlXPathFreeObject (found);
  xmlXPathFreeContext (context);
  return value;
}

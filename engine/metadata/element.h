/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Helpers to get and set single elements, attributes and texts of an XML document.
 */
#pragma once

#include <glib.h>
#include <libxml/tree.h>

/* The first child element NAME of PARENT, or NULL. PARENT may be NULL. */
xmlNode *v2v_xml_child (const xmlNode *parent, const char *name);
/* The attribute's value; NULL if there is no such attribute, it is empty, or NODE is NULL. To
 * be freed with g_free. */
char *v2v_xml_attribute (const xmlNode *node, const char *name);
void v2v_xml_set (xmlNode *node, const char *name, const char *value);
/* The text that XPATH, an expression for a string or for nodes, selects in DOC, with
 * normalized white space; NULL if it is empty. To be freed with g_free. */
char *v2v_xml_value (xmlDoc *doc, const char *xpath);
/* All text in NODE, without leading and trailing white space. To be freed with g_free. */
char *v2v_xml_text (const xmlNode *node);

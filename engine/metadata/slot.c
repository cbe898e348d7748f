/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Slots: elements of the new domain that are filled with something from the guest itself.
 */
#include "config.h"

#include "metadata/slot.h"
#include "metadata/element.h"

char *
v2v_slot_name (xmlNode *element)
{
  xmlChar *value = element->type == XML_ELEMENT_NODE
                       ? xmlGetNsProp (element, BAD_CAST "name", BAD_CAST V2V_SLOT_NAMESPACE)
                       : NULL;
  char *name = value ? g_strdup ((const char *)value) : NULL;

  xmlFree (value);
  return name;
}

xmlNode *
v2v_slot_next (xmlDoc *domain, xmlNode *after)
{
  xmlNode *os = v2v_xml_child (xmlDocGetRootElement (domain), "os");
  xmlNode *node = after ? after->next : os ? os->children : NULL;

  for (; node; node = node->next) {
    g_autofree char *name = v2v_slot_name (node);

    if (name)
      return node;
  }
  return NULL;
}

void
v2v_slot_fill (xmlNode *element, const char *text)
{
  xmlNodeSetContent (element, BAD_CAST "");
  xmlNodeAddContent (element, BAD_CAST text);
}

void
v2v_slot_settle (xmlNode *element)
{
  xmlAttr *attribute = xmlHasNsProp (element, BAD_CAST "name", BAD_CAST V2V_SLOT_NAMESPACE);

  if (attribute)
    xmlRemoveProp (attribute);
  /* A slot contains nothing else of this namespace, so its declaration can go too. */
  for (xmlNs **ns = &element->nsDef; *ns; ns = &(*ns)->next) {
    xmlNs *gone = *ns;

    if (!xmlStrEqual (gone->href, BAD_CAST V2V_SLOT_NAMESPACE))
      continue;
    *ns = gone->next;
    gone->next = NULL;
    xmlFreeNs (gone);
    return;
  }
}

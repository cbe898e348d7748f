/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Pages of the manual about what rule files declare and what scripts can call.
 *
 * The functions here collect data: a document whose root is <manual>. The stylesheets of
 * xslt/manual turn it into pages.
 */
#pragma once

#include <libxml/tree.h>

#include "lang/ruleset.h"

/* These return the data of a page, to be freed with xmlFreeDoc. NAMES (NULL-terminated) selects
 * facts (or enums), operations or functions; an empty list selects all. A name that does not
 * exist is an error, whose message suggests the nearest one. */
xmlDoc *v2v_manual_facts (const V2vRuleSet *rules, const char *const *names, GError **error);
xmlDoc *v2v_manual_operations (const V2vRuleSet *rules, const char *const *names,
                               GError **error);
/* NAMES may be functions and modules. Names of modules contain a dot: "lib.text" is
 * lua/lib/text.lua of the first rule directory that has it. */
xmlDoc *v2v_manual_functions (const V2vRuleSet *rules, const char *const *names,
                              GError **error);

/* Formats DATA as a page. TOPIC ("facts") names the stylesheet that makes the page and FORMAT
 * ("man") the one that prints it; both are taken from xslt/manual of the first of the rule
 * directories of RULES that has them. To be freed with g_free. */
char *v2v_manual_page (const V2vRuleSet *rules, xmlDoc *data, const char *topic,
                       const char *format, GError **error);

/* ---- shared by the data of all pages ---- */

/* Creates a document with the root <manual>. WHOLE: the page is about everything, not about
 * selected names. */
xmlDoc *v2v_manual_new (gboolean whole);
/* Adds an element to PARENT, with the attribute "name" unless NAME is NULL. */
xmlNode *v2v_manual_add (xmlNode *parent, const char *element, const char *name);
/* Sets an attribute of NODE, unless VALUE is NULL. */
void v2v_manual_set (xmlNode *node, const char *attribute, const char *value);
void v2v_manual_flag (xmlNode *node, const char *attribute, gboolean value);
/* Adds DOC as a sentence, in <doc>, unless it is NULL. */
void v2v_manual_sentence (xmlNode *node, const char *doc);
/* Adds a type: "string", the name of an enum, or a <word> for each word of an enum declared in
 * place. */
void v2v_manual_type (xmlNode *node, const V2vType *type);
/* Adds the file of PLACE relative to its rule directory: "rules/FILE". */
void v2v_manual_file (xmlNode *node, const V2vRuleSet *rules, V2vPlace place);

/* Do NAMES select NAME? */
gboolean v2v_manual_wants (const char *const *names, const char *name);
/* Are all NAMES in KNOWN (strings)? KIND ("fact") is for the message. */
gboolean v2v_manual_names (const char *const *names, const GPtrArray *known, const char *kind,
                           GError **error);

/* The path of the file of the module NAME, or NULL. To be freed with g_free. */
char *v2v_manual_module_path (const V2vRuleSet *rules, const char *name);
/* Adds the functions of the module NAME, which is in the file PATH. */
gboolean v2v_manual_module (xmlNode *manual, const char *name, const char *path,
                            GError **error);

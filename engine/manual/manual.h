/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What rule files declare and what scripts can call, as pages of the manual.
 *
 * Here it becomes data, a document whose root is <manual>. The stylesheets of xslt/manual make
 * pages of that.
 */
#pragma once

#include <libxml/tree.h>

#include "lang/ruleset.h"

/* Each gives the data of a page, to be freed with xmlFreeDoc. NAMES: only these facts (or
 * enums), operations or functions; NULL-terminated, empty: all. One that is not there is an
 * error that names the nearest. */
xmlDoc *v2v_manual_facts (const V2vRuleSet *rules, const char *const *names, GError **error);
xmlDoc *v2v_manual_operations (const V2vRuleSet *rules, const char *const *names,
                               GError **error);
/* Of functions and of modules, which have a dot in their names: "lib.text" is lua/lib/text.lua of
 * the first rule directory that has it. */
xmlDoc *v2v_manual_functions (const V2vRuleSet *rules, const char *const *names,
                              GError **error);

/* DATA as a page: TOPIC ("facts") names the stylesheet that makes it, FORMAT ("man") the one
 * that prints it, both of xslt/manual in the first of the rule directories of RULES that has them. To be
 * freed with g_free. */
char *v2v_manual_page (const V2vRuleSet *rules, xmlDoc *data, const char *topic,
                       const char *format, GError **error);

/* ---- shared by the data of all pages ---- */

/* A document with the root <manual>. WHOLE: it tells of all there is. */
xmlDoc *v2v_manual_new (gboolean whole);
/* An element of PARENT, called NAME (may be NULL). */
xmlNode *v2v_manual_add (xmlNode *parent, const char *element, const char *name);
/* An attribute of NODE, unless VALUE is NULL. */
void v2v_manual_set (xmlNode *node, const char *attribute, const char *value);
void v2v_manual_flag (xmlNode *node, const char *attribute, gboolean value);
/* Adds DOC as a sentence, <doc>, if there is any. */
void v2v_manual_sentence (xmlNode *node, const char *doc);
/* Adds a type: "string", the name of an enum, or a <word> for each of one that is declared in
 * place. */
void v2v_manual_type (xmlNode *node, const V2vType *type);
/* Adds the file of PLACE, "rules/FILE", relative to the rule directory that it is in. */
void v2v_manual_file (xmlNode *node, const V2vRuleSet *rules, V2vPlace place);

/* Is NAME to be shown? */
gboolean v2v_manual_wants (const char *const *names, const char *name);
/* Every one of NAMES is in KNOWN (strings)? KIND ("fact") is for the message. */
gboolean v2v_manual_names (const char *const *names, const GPtrArray *known, const char *kind,
                           GError **error);

/* The file of the module NAME, or NULL. To be freed with g_free. */
char *v2v_manual_module_path (const V2vRuleSet *rules, const char *name);
/* Adds what the module NAME in the file PATH offers. */
gboolean v2v_manual_module (xmlNode *manual, const char *name, const char *path,
                            GError **error);

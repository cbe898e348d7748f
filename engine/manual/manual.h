/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What rule files declare and what scripts can call, as pages of the manual.
 */
#pragma once

#include "lang/ruleset.h"
#include "manual/page.h"

/* Each gives a whole page, to be freed with g_free. NAMES: only these facts (or enums),
 * operations or functions; NULL-terminated, empty: all. One that is not there is an error that
 * names the nearest. */
char *v2v_manual_facts (const V2vRuleSet *rules, V2vPageFormat format, const char *const *names,
                        GError **error);
char *v2v_manual_operations (const V2vRuleSet *rules, V2vPageFormat format,
                             const char *const *names, GError **error);
/* Of functions and of modules, which have a dot in their names: "lib.text" is lua/lib/text.lua of
 * the first tree that has it. */
char *v2v_manual_functions (const V2vRuleSet *rules, V2vPageFormat format,
                            const char *const *names, GError **error);

/* ---- shared by the pages ---- */

/* The file of the module NAME, or NULL. To be freed with g_free. */
char *v2v_manual_module_path (const V2vRuleSet *rules, const char *name);
/* Adds what the module NAME in the file PATH offers. */
gboolean v2v_manual_module (V2vPage *page, const char *name, const char *path, GError **error);

/* Is NAME to be shown? */
gboolean v2v_manual_wants (const char *const *names, const char *name);
/* Every one of NAMES is in KNOWN (strings)? KIND ("fact") is for the message. */
gboolean v2v_manual_names (const char *const *names, const GPtrArray *known, const char *kind,
                           GError **error);
/* PLACE as "rules/FILE", relative to the tree that the file is in. To be freed with g_free. */
char *v2v_manual_file (const V2vRuleSet *rules, V2vPlace place);
/* Adds DOC as a sentence, if there is any. */
void v2v_manual_sentence (V2vPage *page, const char *doc);
/* Adds a type: "string", the name of an enum, or the words of one that is declared in place. */
void v2v_manual_type (V2vPage *page, const V2vType *type);

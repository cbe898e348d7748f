/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The inner part of applying stylesheets, for facts that are a document already.
 */
#pragma once

#include <libxml/tree.h>

#include "base/options.h"

/* As v2v_xml_read_file, with the names in DICT: libxslt compares those of stylesheets that
 * import each other by their place in memory. */
xmlDoc *v2v_xml_read_file_in (const char *path, xmlDict *dict, GError **error);

/* Makes a domain of DOC, which describes a guest in the format of another, by the stylesheet
 * NAME of the rule directories in effect (OPTIONS may name some). A message that ends it is the
 * error, V2V_EXIT_DATA; PLACE, the name of the file, stands before every message. Stylesheets
 * have two functions more: v2v-line(NODES), the line of the first, and v2v-genid(LOW, HIGH),
 * the identifier of a generation that is written as two signed numbers, or "". Elements get the
 * line that they, or one in them, name by an attribute "line"; the others that of what they are
 * in, and 1. */
xmlDoc *v2v_xslt_read (const char *name, xmlDoc *doc, const char *place,
                       const V2vOptionValues *options, GError **error);

/* Applies the stylesheet at PATH to DOC. The parameter "facts" is the root element of FACTS. */
xmlDoc *v2v_xslt_apply_with (const char *path, xmlDoc *doc, xmlDoc *facts, GError **error);

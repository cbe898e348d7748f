/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Applying stylesheets: the functions that need no fact store. v2v_xslt_apply in
 * metadata/domain.h takes one.
 */
#pragma once

#include <libxml/tree.h>

#include "base/options.h"

/* Reads a document as v2v_xml_read_file does, and takes the strings for its names from DICT.
 * Stylesheets that import each other must share a dictionary, since libxslt compares names by
 * their address. */
xmlDoc *v2v_xml_read_file_in (const char *path, xmlDict *dict, GError **error);

/* Makes a domain document from DOC, which describes a guest in another format, with the
 * stylesheet NAME of the rule directories in effect (OPTIONS may name some). PLACE, the name
 * of the file that DOC was read from, begins every message. If the stylesheet ends with a
 * message, that message is the error, V2V_EXIT_DATA.
 *
 * Stylesheets can call two more functions: v2v-line(NODES) is the line of the first node, and
 * v2v-genid(LOW, HIGH) is the generation identifier that is written as two signed numbers, or
 * "".
 *
 * The line of each element of the result is the one that its attribute "line", or that of an
 * element in it, names; otherwise it is the line of the element around it, and 1 for the root. */
xmlDoc *v2v_xslt_read (const char *name, xmlDoc *doc, const char *place,
                       const V2vOptionValues *options, GError **error);

/* Applies the stylesheet at PATH to DOC and returns the new document. The parameter "facts" of
 * the stylesheet is the root element of FACTS. */
xmlDoc *v2v_xslt_apply_with (const char *path, xmlDoc *doc, xmlDoc *facts, GError **error);

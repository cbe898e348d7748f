/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The inner part of applying stylesheets, for facts that are a document already.
 */
#pragma once

#include <libxml/tree.h>

#include "base/error.h"

/* Applies the stylesheet at PATH to DOC. The parameter "facts" is the root element of FACTS. */
xmlDoc *v2v_xslt_apply_with (const char *path, xmlDoc *doc, xmlDoc *facts, GError **error);

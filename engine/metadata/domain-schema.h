/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Validates domain documents by libvirt's RELAX NG schema.
 */
#pragma once

#include <libxml/tree.h>

#include "base/options.h"

/* Validates DOC, as an output will write it, by the schema that --domain-schema among OPTIONS
 * names, or by the schema of the installed libvirt. Slots (metadata/slot.h) are left out,
 * since a schema does not know them. With --domain-schema none, every document is valid.
 * Without the option, every document is valid on a host whose schema is missing or cannot be
 * used; --verbose reports that.
 *
 * The schema is read when it is first needed (which takes about 10 ms), and never over a
 * network.
 *
 * A document that is not valid is V2V_EXIT_CONFIG, since stylesheets made the document; the
 * message names the element. A schema that the user asked for and that cannot be used is
 * V2V_EXIT_NOINPUT or V2V_EXIT_DATA. */
gboolean v2v_domain_validate (xmlDoc *doc, const V2vOptionValues *options, GError **error);
/* Checks that the schema that OPTIONS name can be used, so that a mistake is reported before
 * the conversion begins. */
gboolean v2v_domain_schema_ready (const V2vOptionValues *options, GError **error);

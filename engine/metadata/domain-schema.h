/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Whether a domain document is one that its reader takes, by a RELAX NG schema.
 */
#pragma once

#include <libxml/tree.h>

#include "base/options.h"

/* Validates DOC, as it is written, by the schema of --domain-schema among OPTIONS, else by that
 * of the libvirt that is installed. Elements that wait for something of the guest
 * (metadata/slot.h) are left out. Without --domain-schema, a host that has no schema, or one
 * that cannot be used, is told of with --verbose, and everything is valid; "none" asks for
 * that. The schema is read once, when it is first needed (some 10 ms), and never over a
 * network. Not valid: V2V_EXIT_CONFIG, since stylesheets made the document; the message names
 * the element. A schema that was asked for and cannot be used: V2V_EXIT_NOINPUT or
 * V2V_EXIT_DATA. */
gboolean v2v_domain_validate (xmlDoc *doc, const V2vOptionValues *options, GError **error);
/* Refuses a schema that OPTIONS name and that cannot be used, before anything is done. */
gboolean v2v_domain_schema_ready (const V2vOptionValues *options, GError **error);

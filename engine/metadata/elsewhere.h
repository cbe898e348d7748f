/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Names of guests and disks that are no files of this host.
 */
#pragma once

#include <glib.h>

/* What NAME is, if it is no name of a file here but of one that is elsewhere (a URI, a file in a
 * datastore), and what to do: "is ..., expected ...". NULL: it may be a file. To be freed with
 * g_free. */
char *v2v_source_elsewhere (const char *name);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Recognizes names of guests and disks that are not files on this host.
 */
#pragma once

#include <glib.h>

/* If NAME is not the name of a local file but refers to something elsewhere (a URI, a file in
 * a datastore), says what it is and what to do, in the form "is ..., expected ...". NULL if
 * NAME may be a local file. To be freed with g_free. */
char *v2v_source_elsewhere (const char *name);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the checker asks of rooms above it, which run scripts and stylesheets.
 */
#pragma once

#include "lang/ruleset.h"

/* What the checker asks of layers above it. Any may be NULL: then that check is left out. */
typedef struct {
  /* Does the script at PATH load, and does it have FUNCTION? */
  gboolean (*lua) (const char *path, const char *function, GError **error, gpointer data);
  /* Does the stylesheet at PATH load? */
  gboolean (*xslt) (const char *path, GError **error, gpointer data);
  /* Is A more specific than B, or as specific? If given, what can be loaded but hardly be meant
   * is looked for, too: rules that never fire, providers that overlap and the like. That takes
   * longer than loading. */
  gboolean (*implies) (const V2vProvider *a, const V2vProvider *b);
  gpointer data;
  gboolean deprecated; /* warn of the use of what is deprecated */
} V2vScriptChecks;

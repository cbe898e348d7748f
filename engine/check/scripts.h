/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Checks that the caller provides, because the checker does not depend on the code that runs
 * scripts and stylesheets.
 */
#pragma once

#include "lang/ruleset.h"

/* The functions that the checker calls. A check whose function is NULL is not made. */
typedef struct {
  /* Does the script at PATH load, and does it have FUNCTION? */
  gboolean (*lua) (const char *path, const char *function, GError **error, gpointer data);
  /* Does the stylesheet at PATH load? */
  gboolean (*xslt) (const char *path, GError **error, gpointer data);
  /* Do the conditions of A imply those of B? If this is set, the checker also looks for rules
   * that are probably mistakes: rules that never fire, providers that overlap and so on. That
   * takes longer than loading. */
  gboolean (*implies) (const V2vProvider *a, const V2vProvider *b);
  gpointer data;
  gboolean deprecated; /* warn if something deprecated is used */
} V2vScriptChecks;

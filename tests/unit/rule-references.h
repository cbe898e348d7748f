/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Where a rule file names what is declared elsewhere, as its parser sees it.
 */
#pragma once

#include <glib.h>

typedef struct {
  const char *what; /* "a fact", "a field or value" ... */
  char *name;       /* as written */
  guint line;       /* from 1 */
  guint column;     /* in characters, from 1 */
  gsize offset;     /* of its first byte in the text */
} RuleReference;

/* RuleReference of TEXT, which has no error, in no order. To be freed with g_array_unref. */
GArray *rule_references (const char *text, gsize length);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Options of the command line: each has an owner, and owners are chosen by other
 * options (two passes).
 */
#pragma once

#include <glib.h>

#include "base/error.h"

typedef struct {
  const char *name;    /* without the dashes */
  const char *metavar; /* "DIR"; NULL: a flag */
  const char *help;    /* one line */
  gboolean many;       /* may be given more than once */
} V2vOptionDef;

/* The values given. */
typedef struct V2vOptionValues V2vOptionValues;

V2vOptionValues *v2v_option_values_new (void);
void v2v_option_values_free (V2vOptionValues *values);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vOptionValues, v2v_option_values_free)

void v2v_option_values_add (V2vOptionValues *values, const char *name, const char *value);
gboolean v2v_option_is_set (const V2vOptionValues *values, const char *name);
/* The names of all that are set, sorted, NULL-terminated. To be freed with g_strfreev. */
char **v2v_option_names (const V2vOptionValues *values);
/* The last value, or NULL. */
const char *v2v_option_get (const V2vOptionValues *values, const char *name);
/* All values, NULL-terminated, never NULL. Belongs to VALUES. */
const char *const *v2v_option_get_all (const V2vOptionValues *values, const char *name);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Options of the command line, and the values that the user gave.
 *
 * Sources, outputs and storages define options of their own. Which of these apply depends on
 * other options, so the command line is parsed in two passes.
 */
#pragma once

#include <glib.h>

#include "base/error.h"

typedef struct {
  const char *name; /* without the dashes */
  const char
      *metavar;     /* placeholder in the help, such as "DIR"; NULL: the option has no value */
  const char *help; /* one line of help */
  gboolean many;    /* the option may be given more than once */
} V2vOptionDef;

/* The options that are set, with their values. */
typedef struct V2vOptionValues V2vOptionValues;

V2vOptionValues *v2v_option_values_new (void);
void v2v_option_values_free (V2vOptionValues *values);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vOptionValues, v2v_option_values_free)

void v2v_option_values_add (V2vOptionValues *values, const char *name, const char *value);
gboolean v2v_option_is_set (const V2vOptionValues *values, const char *name);
/* The sorted names of all options that are set, NULL-terminated. To be freed with
 * g_strfreev. */
char **v2v_option_names (const V2vOptionValues *values);
/* The last value given for the option NAME, or NULL. */
const char *v2v_option_get (const V2vOptionValues *values, const char *name);
/* All values given for the option NAME, NULL-terminated; never NULL. Belongs to VALUES. */
const char *const *v2v_option_get_all (const V2vOptionValues *values, const char *name);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fills a store from a capture, as reading the guest would.
 */
#include "config.h"

#include "plan/plan.h"

/* Adds what is given. Options that are already set keep their values: the command line or
 * the test overrides the capture, so that one capture can be planned with different options. */
static gboolean
add_given (const V2vGiven *given, V2vStore *store, const char *by, GError **error)
{
  const V2vValue *values = (const V2vValue *)(gpointer)given->values->data;
  g_autofree V2vValue *left = NULL;

  if (given->fact->origin == V2V_ORIGIN_OPTIONS) {
    const V2vFact *options = v2v_store_single (store, given->fact);

    left = g_memdup2 (values, given->values->len * sizeof (V2vValue));
    for (guint i = 0; i < given->values->len; i++)
      if (v2v_value_is_set (options->values[i]))
        left[i] = V2V_VALUE_UNSET;
  }
  return v2v_store_add (store, given->fact, left ? left : values, by, NULL, error) != NULL;
}

gboolean
v2v_capture_apply (const V2vCapture *capture, V2vStore *store, GError **error)
{
  g_autofree char *label = g_strdup_printf ("capture %s", capture->name);
  const char *by = v2v_intern (label);

  for (guint i = 0; i < capture->given->len; i++) {
    const V2vGiven *given = g_ptr_array_index (capture->given, i);

    if (!add_given (given, store, by, error)) {
      g_prefix_error (error, "%s:%u: ", given->place.file, given->place.line);
      return FALSE;
    }
  }
  for (guint i = 0; i < capture->probed->len; i++)
    v2v_store_set_probed (store, g_ptr_array_index (capture->probed, i));
  for (guint i = 0; i < capture->asked->len; i++)
    v2v_store_set_asked (store, g_ptr_array_index (capture->asked, i));
  for (guint i = 0; i < capture->known->len; i++)
    v2v_store_set_known (store, g_ptr_array_index (capture->known, i));
  return TRUE;
}

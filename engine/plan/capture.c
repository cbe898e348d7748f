/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fills a store from a capture, as reading the guest would.
 */
#include "config.h"

#include "plan/plan.h"

gboolean
v2v_capture_apply (const V2vCapture *capture, V2vStore *store, GError **error)
{
  g_autofree char *label = g_strdup_printf ("capture %s", capture->name);
  const char *by = v2v_intern (label);

  for (guint i = 0; i < capture->given->len; i++) {
    const V2vGiven *given = g_ptr_array_index (capture->given, i);

    if (!v2v_store_add (store, given->fact, (const V2vValue *)(gpointer)given->values->data, by,
                        NULL, error)) {
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

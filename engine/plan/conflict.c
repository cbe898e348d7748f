/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Finds requests that contradict each other by what their operations declare (excludes, unique).
 */
#include "config.h"

#include "base/log.h"
#include "plan/make.h"

/* A request, compared by some of its parameters only. */
typedef struct {
  const V2vRequest *request;
  const GArray *params; /* guint */
} View;

static guint
view_hash (gconstpointer data)
{
  const View *view = data;
  guint hash = 5381;

  for (guint i = 0; i < view->params->len; i++)
    hash = hash * 33 +
           v2v_value_hash (view->request->args[g_array_index (view->params, guint, i)]);
  return hash;
}

static gboolean
view_equal (gconstpointer one, gconstpointer other)
{
  const View *a = one, *b = other;

  for (guint i = 0; i < a->params->len; i++)
    if (!v2v_value_equal (a->request->args[g_array_index (a->params, guint, i)],
                          b->request->args[g_array_index (b->params, guint, i)]))
      return FALSE;
  return TRUE;
}

static void
report (GString *text, const V2vConflict *conflict, const V2vRequest *a, const V2vRequest *b)
{
  const char *name = a->operation->name;

  if (text->len > 0)
    g_string_append_c (text, '\n');
  if (a->operation == b->operation) {
    g_string_append_printf (text, "two requests of %s contradict each other: it is unique on (",
                            name);
    for (guint i = 0; i < conflict->params->len; i++) {
      const V2vParam *param =
          g_ptr_array_index (a->operation->params, g_array_index (conflict->params, guint, i));

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", param->name);
    }
    g_string_append (text, ")");
  } else {
    g_string_append_printf (
        text, "requests of %s and %s contradict each other: one excludes the other", name,
        b->operation->name);
  }
  g_string_append_printf (text, " (%s:%u)", conflict->place.file, conflict->place.line);
  v2v_append_request (text, a);
  v2v_append_request (text, b);
  g_string_append (text, "\n  make one of the rules exclude the case of the other");
}

/* Compares requests for one conflict: of those with equal parameters, each later one
 * conflicts with the first. */
static void
check_one (GString *text, const V2vConflict *conflict, const GPtrArray *mine,
           const GPtrArray *others)
{
  g_autoptr (GHashTable) views = g_hash_table_new_full (view_hash, view_equal, g_free, NULL);

  for (guint i = 0; i < mine->len; i++) {
    View *view = g_new (View, 1);
    const View *before;

    *view = (View){mine->pdata[i], conflict->params};
    before = g_hash_table_lookup (views, view);
    if (!before) {
      g_hash_table_add (views, view);
      continue;
    }
    /* Equal requests were merged, so these two differ in another parameter. */
    if (mine == others)
      report (text, conflict, before->request, view->request);
    g_free (view);
  }
  for (guint i = 0; mine != others && i < others->len; i++) {
    const View view = {others->pdata[i], conflict->other_params};
    const View *before = g_hash_table_lookup (views, &view);

    if (before)
      report (text, conflict, before->request, view.request);
  }
}

gboolean
v2v_check_conflicts (const V2vPlan *plan, GError **error)
{
  g_autoptr (GHashTable) by_operation =
      g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)g_ptr_array_unref);
  g_autoptr (GPtrArray) operations = g_ptr_array_new ();
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < plan->requests->len; i++) {
    V2vRequest *request = g_ptr_array_index (plan->requests, i);
    GPtrArray *list = g_hash_table_lookup (by_operation, request->operation);

    if (!list) {
      g_hash_table_insert (by_operation, (gpointer)request->operation,
                           list = g_ptr_array_new ());
      g_ptr_array_add (operations, (gpointer)request->operation);
    }
    g_ptr_array_add (list, request);
  }
  for (guint i = 0; i < operations->len; i++) {
    const V2vOperation *operation = g_ptr_array_index (operations, i);
    const GPtrArray *mine = g_hash_table_lookup (by_operation, operation);

    for (guint j = 0; j < operation->conflicts->len; j++) {
      const V2vConflict *conflict = g_ptr_array_index (operation->conflicts, j);
      const GPtrArray *others = g_hash_table_lookup (by_operation, conflict->other);

      if (others)
        check_one (text, conflict, mine, others);
    }
  }
  if (text->len == 0)
    return TRUE;
  g_set_error_literal (error, V2V_ERROR, V2V_EXIT_CONFIG, text->str);
  v2v_error_say (
      error, "two rules want of this guest what excludes each other, which is a fault in the "
             "rules: " V2V_PLEASE_REPORT);
  return FALSE;
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Plans with a recorded derivation, and prints explanations.
 */
#include "config.h"

#include <string.h>

#include "base/log.h"
#include "plan/reasons-private.h"

/* Deeper levels are not indented further. */
#define INDENT_MAX 40

/* ---- planning ---- */

static void
index_steps (V2vReasons *reasons)
{
  const GPtrArray *steps = reasons->eval.trace->steps;

  for (guint i = 0; i < steps->len; i++) {
    V2vDerivation *step = g_ptr_array_index (steps, i);
    GPtrArray *list = g_hash_table_lookup (reasons->of_fact, step->fact);

    if (!list)
      g_hash_table_insert (reasons->of_fact, step->fact, list = g_ptr_array_new ());
    g_ptr_array_add (list, step);
  }
}

static void
index_requests (V2vReasons *reasons)
{
  for (guint i = 0; i < reasons->plan->requests->len; i++) {
    V2vRequest *request = g_ptr_array_index (reasons->plan->requests, i);
    GPtrArray *list = g_hash_table_lookup (reasons->requests, request->operation);

    if (!list)
      g_hash_table_insert (reasons->requests, (gpointer)request->operation,
                           list = g_ptr_array_new ());
    g_ptr_array_add (list, request);
  }
}

static void
keep_problem (V2vReasons *reasons, GError *error)
{
  g_ptr_array_add (reasons->problems, g_strdup (error->message));
  g_error_free (error);
}

/* Makes as much of the plan as possible. */
static void
make_plan (V2vReasons *reasons)
{
  V2vEval *eval = &reasons->eval;
  V2vPlan *plan = reasons->plan;
  GError *error = NULL;

  if (!v2v_collect_requests (eval, plan, reasons->fired, &reasons->findings, &error))
    keep_problem (reasons, g_steal_pointer (&error));
  index_requests (reasons);
  if (!v2v_check_conflicts (plan, &error))
    keep_problem (reasons, g_steal_pointer (&error));
  if (!v2v_bind_providers (eval, plan, &reasons->findings, &error))
    keep_problem (reasons, g_steal_pointer (&error));
  eval->params = NULL;
  if (reasons->findings.missing)
    g_ptr_array_add (reasons->problems, g_strdup (reasons->findings.missing));
  if (reasons->problems->len == 0 && !v2v_order_steps (eval, plan, &error))
    keep_problem (reasons, g_steal_pointer (&error));
  eval->params = NULL;
}

V2vReasons *
v2v_reasons_new (const V2vPlanInput *input, GError **error)
{
  V2vReasons *reasons = g_new0 (V2vReasons, 1);

  reasons->input = *input;
  v2v_eval_init (&reasons->eval, &reasons->input);
  reasons->eval.trace = v2v_trace_new ();
  reasons->plan = v2v_plan_new ();
  reasons->fired = g_hash_table_new (NULL, NULL);
  reasons->requests =
      g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)g_ptr_array_unref);
  reasons->problems = g_ptr_array_new_with_free_func (g_free);
  reasons->of_fact =
      g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)g_ptr_array_unref);
  reasons->told = g_hash_table_new (NULL, NULL);
  reasons->before = G_MAXUINT;
  v2v_findings_init (&reasons->findings, TRUE);
  for (guint i = 0; i < input->rules->rules->len; i++)
    reasons->variables =
        MAX (reasons->variables, ((const V2vRule *)input->rules->rules->pdata[i])->variables);
  if (!v2v_derive_run (&reasons->eval, reasons->fired, error)) {
    v2v_reasons_free (reasons);
    return NULL;
  }
  index_steps (reasons);
  make_plan (reasons);
  reasons->eval.requests = reasons->requests;
  return reasons;
}

void
v2v_reasons_free (V2vReasons *reasons)
{
  if (!reasons)
    return;
  g_hash_table_unref (reasons->told);
  g_hash_table_unref (reasons->of_fact);
  g_ptr_array_unref (reasons->problems);
  g_hash_table_unref (reasons->requests);
  g_hash_table_unref (reasons->fired);
  v2v_findings_clear (&reasons->findings);
  v2v_plan_free (reasons->plan);
  v2v_trace_free (reasons->eval.trace);
  v2v_eval_clear (&reasons->eval);
  g_free (reasons);
}

/* ---- as text ---- */

/* Appends LINE, indented and, unless COLUMNS is 0, broken at spaces. */
static void
append_line (GString *out, const char *line, guint indent, guint columns)
{
  const guint hanging = indent + 4;
  guint column = indent;
  gboolean begun = FALSE;

  for (guint i = 0; i < indent; i++)
    g_string_append_c (out, ' ');
  while (*line) {
    const gsize spaces = strspn (line, " "), length = strcspn (line + spaces, " ");
    const guint width = (guint)g_utf8_strlen (line + spaces, (gssize)length);

    if (columns > 0 && begun && length > 0 && column + spaces + width > columns &&
        column > hanging) {
      g_string_append_c (out, '\n');
      for (guint i = 0; i < hanging; i++)
        g_string_append_c (out, ' ');
      column = hanging;
      g_string_append_len (out, line + spaces, (gssize)length);
    } else {
      g_string_append_len (out, line, (gssize)(spaces + length));
      column += (guint)spaces;
    }
    column += width;
    begun = TRUE;
    line += spaces + length;
  }
  g_string_append_c (out, '\n');
}

static void
append_node (GString *out, JsonObject *node, guint level, guint columns)
{
  JsonArray *children = json_object_has_member (node, "because")
                            ? json_object_get_array_member (node, "because")
                            : NULL;

  append_line (out, json_object_get_string_member (node, "text"), MIN (2 * level, INDENT_MAX),
               columns);
  for (guint i = 0; children && i < json_array_get_length (children); i++)
    append_node (out, json_array_get_object_element (children, i), level + 1, columns);
}

char *
v2v_reasons_to_text (JsonNode *answer, guint columns)
{
  g_autoptr (GString) out = g_string_new (NULL);
  JsonObject *root = json_node_get_object (answer);
  JsonArray *children = json_object_has_member (root, "because")
                            ? json_object_get_array_member (root, "because")
                            : NULL;
  gboolean had_more = FALSE;

  for (guint i = 0; children && i < json_array_get_length (children); i++) {
    JsonObject *child = json_array_get_object_element (children, i);
    const gboolean has_more = json_object_has_member (child, "because");

    if (i > 0 && (has_more || had_more))
      g_string_append_c (out, '\n');
    append_node (out, child, 0, columns);
    had_more = has_more;
  }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Records a derivation, so that it can be explained.
 */
#include "config.h"

#include "plan/derive.h"

static guint
step_hash (gconstpointer data)
{
  const V2vDerivation *step = data;
  guint hash = g_direct_hash (step->fact) * 31 + g_direct_hash (step->reason.head);

  for (guint i = 0; i < step->reason.bindings->len; i++)
    hash = hash * 31 + g_direct_hash (step->reason.bindings->pdata[i]);
  return hash;
}

static gboolean
step_equal (gconstpointer one, gconstpointer other)
{
  const V2vDerivation *a = one, *b = other;

  if (a->fact != b->fact || a->reason.head != b->reason.head)
    return FALSE;
  /* A head belongs to one rule, so both have the same number of bindings. */
  for (guint i = 0; i < a->reason.bindings->len; i++)
    if (a->reason.bindings->pdata[i] != b->reason.bindings->pdata[i])
      return FALSE;
  return TRUE;
}

static void
step_free (gpointer data)
{
  V2vDerivation *step = data;

  g_ptr_array_unref (step->reason.bindings);
  g_free (step);
}

V2vTrace *
v2v_trace_new (void)
{
  V2vTrace *trace = g_new0 (V2vTrace, 1);

  trace->steps = g_ptr_array_new_with_free_func (step_free);
  trace->seen = g_hash_table_new (step_hash, step_equal);
  return trace;
}

void
v2v_trace_free (V2vTrace *trace)
{
  if (!trace)
    return;
  g_hash_table_unref (trace->seen);
  g_ptr_array_unref (trace->steps);
  g_free (trace);
}

void
v2v_trace_add (V2vTrace *trace, const V2vEval *eval, const V2vRule *rule, const V2vHead *head,
               V2vFact *fact)
{
  V2vDerivation *step = g_new0 (V2vDerivation, 1);

  step->fact = fact;
  step->field = head->kind == V2V_HEAD_ASSERT_FACT ? NULL : head->field;
  step->number = trace->steps->len;
  step->reason.rule = rule;
  step->reason.head = head;
  step->reason.bindings = g_ptr_array_sized_new (rule->variables);
  for (guint i = 0; i < rule->variables; i++)
    g_ptr_array_add (step->reason.bindings, eval->slots[i]);
  if (g_hash_table_contains (trace->seen, step)) {
    step_free (step);
    return;
  }
  g_hash_table_add (trace->seen, step);
  g_ptr_array_add (trace->steps, step);
}

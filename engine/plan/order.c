/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Turns requests into steps and orders them: by phase, then by "after", then by file, line and
 * binding.
 */
#include "config.h"

#include "base/digraph.h"
#include "base/log.h"
#include "plan/make.h"

/* ---- steps ---- */

typedef struct {
  const V2vOperation *operation;
  const V2vProvider *provider;
} Batch;

static guint
batch_hash (gconstpointer data)
{
  const Batch *batch = data;

  return g_direct_hash (batch->operation) * 31 + g_direct_hash (batch->provider);
}

static gboolean
batch_equal (gconstpointer one, gconstpointer other)
{
  const Batch *a = one, *b = other;

  return a->operation == b->operation && a->provider == b->provider;
}

/* The arguments of PROVIDER's call for REQUEST, or those of the request if the call is direct.
 */
static GArray *
call_args (V2vEval *eval, const V2vProvider *provider, const V2vRequest *request,
           GError **error)
{
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (V2vValue));

  if (!provider) {
    g_array_append_vals (values, request->args, request->operation->params->len);
    return g_steal_pointer (&values);
  }
  eval->params = request->args;
  for (guint i = 0; provider->call->args && i < provider->call->args->len; i++) {
    V2vValue value;

    if (!v2v_eval_operand (eval, &g_array_index (provider->call->args, V2vOperand, i),
                           &value)) {
      v2v_eval_set_error (eval, v2v_provider_label (provider), error);
      return NULL;
    }
    g_array_append_val (values, value);
  }
  return g_steal_pointer (&values);
}

static V2vStep *
step_new (const V2vOperation *operation, const V2vProvider *provider)
{
  V2vStep *step = g_new0 (V2vStep, 1);

  step->operation = operation;
  step->provider = provider;
  step->phase = provider ? provider->phase : operation->phase;
  step->call = provider ? provider->call : operation->direct;
  step->is_xslt = provider ? provider->is_xslt : operation->is_xslt;
  step->requests = g_ptr_array_new ();
  step->args = g_ptr_array_new_with_free_func ((GDestroyNotify)g_array_unref);
  return step;
}

static gboolean
add_step (V2vEval *eval, V2vPlan *plan, GHashTable *batches, V2vRequest *request,
          const V2vProvider *provider, GError **error)
{
  const Batch key = {request->operation, provider};
  V2vStep *step = request->operation->batch ? g_hash_table_lookup (batches, &key) : NULL;
  GArray *args = call_args (eval, provider, request, error);

  if (!args)
    return FALSE;
  if (!step) {
    step = step_new (request->operation, provider);
    g_ptr_array_add (plan->steps, step);
    if (request->operation->batch) {
      Batch *made = g_new (Batch, 1);

      *made = key;
      g_hash_table_insert (batches, made, step);
    }
  }
  g_ptr_array_add (step->requests, request);
  g_ptr_array_add (step->args, args);
  return TRUE;
}

/* Makes the steps in the order of the requests; the step of a batch has the position of its
 * first request. */
static gboolean
make_steps (V2vEval *eval, V2vPlan *plan, GError **error)
{
  g_autoptr (GHashTable) batches =
      g_hash_table_new_full (batch_hash, batch_equal, g_free, NULL);

  for (guint i = 0; i < plan->requests->len; i++) {
    V2vRequest *request = g_ptr_array_index (plan->requests, i);

    if (request->operation->direct && !add_step (eval, plan, batches, request, NULL, error))
      return FALSE;
    for (guint j = 0; j < request->providers->len; j++)
      if (!add_step (eval, plan, batches, request, request->providers->pdata[j], error))
        return FALSE;
  }
  return TRUE;
}

/* ---- "after", within one phase ---- */

/* A node is a step, or the moment when all steps of an operation or of a provider may begin
 * or have ended. These moments keep the number of edges small, and pass "after" on through
 * operations that are not requested. */
typedef struct {
  const V2vStep *step; /* NULL: a moment */
  const char *name;    /* of the operation or provider */
} Node;

typedef struct {
  guint begin, end;              /* numbers of nodes */
  const V2vOperation *operation; /* either ... */
  const V2vProvider *provider;   /* ... or */
} Span;

typedef struct {
  V2vDigraph *digraph;
  GArray *nodes; /* Node, by number */
  GArray *ranks; /* guint, by number: of a step from 1; 0 of a moment, which takes no time */
  GHashTable *spans; /* V2vOperation or V2vProvider -> Span */
  GQueue fresh;      /* Span: those whose "after" are to be added */
} Graph;

static guint
add_node (Graph *graph, const V2vStep *step, const char *name, guint rank)
{
  const Node node = {step, name};

  g_array_append_val (graph->nodes, node);
  g_array_append_val (graph->ranks, rank);
  return v2v_digraph_add_node (graph->digraph);
}

static void
add_edge (Graph *graph, guint from, guint to)
{
  v2v_digraph_add_edge (graph->digraph, from, to, 0);
}

/* The span of an operation or a provider; what it comes after is added later, by add_afters. */
static Span *
get_span (Graph *graph, gconstpointer key, const char *name, const V2vProvider *provider)
{
  Span *span = g_hash_table_lookup (graph->spans, key);

  if (span)
    return span;
  span = g_new (Span, 1);
  *span = (Span){add_node (graph, NULL, name, 0), add_node (graph, NULL, name, 0),
                 provider ? NULL : key, provider};
  add_edge (graph, span->begin, span->end);
  g_hash_table_insert (graph->spans, (gpointer)key, span);
  g_queue_push_tail (&graph->fresh, span);
  return span;
}

static Span *
operation_span (Graph *graph, const V2vOperation *operation)
{
  return get_span (graph, operation, operation->name, NULL);
}

static Span *
provider_span (Graph *graph, const V2vProvider *provider)
{
  return get_span (graph, provider, provider->name, provider);
}

static void
after_operations (Graph *graph, const Span *span, const V2vOperation *self,
                  const GPtrArray *others)
{
  for (guint i = 0; i < others->len; i++)
    if (others->pdata[i] != self)
      add_edge (graph, operation_span (graph, others->pdata[i])->end, span->begin);
}

/* Adds what the new spans come after, and what that comes after, and so on. */
static void
add_afters (Graph *graph)
{
  const Span *span;

  while ((span = g_queue_pop_head (&graph->fresh))) {
    const V2vProvider *provider = span->provider;

    if (!provider) {
      after_operations (graph, span, span->operation, span->operation->after_operations);
      continue;
    }
    after_operations (graph, span, provider->operation, provider->after_operations);
    for (guint i = 0; i < provider->after_providers->len; i++)
      if (provider->after_providers->pdata[i] != provider)
        add_edge (graph, provider_span (graph, provider->after_providers->pdata[i])->end,
                  span->begin);
  }
}

static void
add_to_span (Graph *graph, const Span *span, guint node)
{
  add_edge (graph, span->begin, node);
  add_edge (graph, node, span->end);
}

static void
add_step_node (Graph *graph, const V2vStep *step, guint rank)
{
  const guint node = add_node (graph, step, step->operation->name, rank);

  add_to_span (graph, operation_span (graph, step->operation), node);
  if (step->provider)
    add_to_span (graph, provider_span (graph, step->provider), node);
}

/* Sets the error that names the nodes of CIRCLE, each of which waits for the next. */
static void
set_circle (const Graph *graph, const GArray *circle, V2vPhase phase, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *first = g_array_index (graph->nodes, Node, g_array_index (circle, guint, 0)).name;
  const char *last = NULL;

  for (guint i = 0; i < circle->len; i++) {
    const char *name =
        g_array_index (graph->nodes, Node, g_array_index (circle, guint, i)).name;

    if (name != last)
      g_string_append_printf (text, "%s%s", last ? " after " : "", name);
    last = name;
  }
  if (last != first)
    g_string_append_printf (text, " after %s", first);
  g_set_error (error, V2V_ERROR, V2V_EXIT_CONFIG,
               "the steps of phase %s cannot be put in order: %s; take away one \"after\"",
               v2v_phase_name (phase), text->str);
  v2v_error_say (error,
                 "the rules want an order of steps that cannot be had: " V2V_PLEASE_REPORT);
}

/* Of all steps that may come next, the one that the first rule requested comes next. */
static gboolean
order_phase (const GPtrArray *steps, V2vPhase phase, GPtrArray *sorted, GError **error)
{
  g_autoptr (V2vDigraph) digraph = v2v_digraph_new ();
  g_autoptr (GArray) nodes = g_array_new (FALSE, FALSE, sizeof (Node));
  g_autoptr (GArray) ranks = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GHashTable) spans = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) circle = g_array_new (FALSE, FALSE, sizeof (guint));
  Graph graph = {digraph, nodes, ranks, spans, G_QUEUE_INIT};

  for (guint i = 0; i < steps->len; i++) {
    const V2vStep *step = g_ptr_array_index (steps, i);

    if (step->phase == phase)
      add_step_node (&graph, step, i + 1);
  }
  add_afters (&graph);
  if (!v2v_digraph_sort (digraph, (const guint *)(gpointer)ranks->data, order, circle)) {
    set_circle (&graph, circle, phase, error);
    return FALSE;
  }
  for (guint i = 0; i < order->len; i++) {
    const Node *node = &g_array_index (nodes, Node, g_array_index (order, guint, i));

    if (node->step)
      g_ptr_array_add (sorted, (gpointer)node->step);
  }
  return TRUE;
}

gboolean
v2v_order_steps (V2vEval *eval, V2vPlan *plan, GError **error)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();

  if (!make_steps (eval, plan, error))
    return FALSE;
  for (guint phase = 0; phase < V2V_PHASES; phase++)
    if (!order_phase (plan->steps, (V2vPhase)phase, sorted, error))
      return FALSE;
  for (guint i = 0; i < sorted->len; i++)
    plan->steps->pdata[i] = sorted->pdata[i];
  return TRUE;
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Makes steps of requests and puts them in order: by phase, then by "after", then by
 * file, line and binding.
 */
#include "config.h"

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

/* In the order of the requests; a batch stands where its first request does. */
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

/* A step, or the moment when all steps of an operation or of a provider may begin or have
 * ended. These moments keep the number of edges small, and carry "after" across operations that
 * nothing requested. */
typedef struct {
  const V2vStep *step; /* NULL: a moment */
  const char *name;    /* of the operation or provider */
  guint rank;          /* of the step */
  guint waits;         /* nodes that have to come before and have not */
  GPtrArray *next;     /* Node */
  GPtrArray *before;   /* Node */
  gboolean done;
} Node;

typedef struct {
  Node *begin, *end;
  const V2vOperation *operation; /* either ... */
  const V2vProvider *provider;   /* ... or */
} Span;

typedef struct {
  GPtrArray *nodes;  /* Node */
  GHashTable *spans; /* V2vOperation or V2vProvider -> Span */
  GQueue fresh;      /* Span: those whose "after" are to be added */
} Graph;

static void
node_free (gpointer data)
{
  Node *node = data;

  g_ptr_array_unref (node->next);
  g_ptr_array_unref (node->before);
  g_free (node);
}

static Node *
add_node (Graph *graph, const V2vStep *step, const char *name)
{
  Node *node = g_new0 (Node, 1);

  node->step = step;
  node->name = name;
  node->next = g_ptr_array_new ();
  node->before = g_ptr_array_new ();
  g_ptr_array_add (graph->nodes, node);
  return node;
}

static void
add_edge (Node *from, Node *to)
{
  g_ptr_array_add (from->next, to);
  g_ptr_array_add (to->before, from);
  to->waits++;
}

/* The span of an operation or a provider; what it comes after is added later, by add_afters. */
static Span *
get_span (Graph *graph, gconstpointer key, const char *name, const V2vProvider *provider)
{
  Span *span = g_hash_table_lookup (graph->spans, key);

  if (span)
    return span;
  span = g_new (Span, 1);
  *span = (Span){add_node (graph, NULL, name), add_node (graph, NULL, name),
                 provider ? NULL : key, provider};
  add_edge (span->begin, span->end);
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
after_operations (Graph *graph, Span *span, const V2vOperation *self, const GPtrArray *others)
{
  for (guint i = 0; i < others->len; i++)
    if (others->pdata[i] != self)
      add_edge (operation_span (graph, others->pdata[i])->end, span->begin);
}

/* Adds what the new spans come after, and what that comes after, and so on. */
static void
add_afters (Graph *graph)
{
  Span *span;

  while ((span = g_queue_pop_head (&graph->fresh))) {
    const V2vProvider *provider = span->provider;

    if (!provider) {
      after_operations (graph, span, span->operation, span->operation->after_operations);
      continue;
    }
    after_operations (graph, span, provider->operation, provider->after_operations);
    for (guint i = 0; i < provider->after_providers->len; i++)
      if (provider->after_providers->pdata[i] != provider)
        add_edge (provider_span (graph, provider->after_providers->pdata[i])->end, span->begin);
  }
}

static void
add_step_node (Graph *graph, const V2vStep *step, guint rank)
{
  Node *node = add_node (graph, step, step->operation->name);
  Span *span = operation_span (graph, step->operation);

  node->rank = rank;
  add_edge (span->begin, node);
  add_edge (node, span->end);
  if (step->provider) {
    span = provider_span (graph, step->provider);
    add_edge (span->begin, node);
    add_edge (node, span->end);
  }
}

static int
rank_order (gconstpointer one, gconstpointer other, gpointer data G_GNUC_UNUSED)
{
  const Node *a = one, *b = other;

  return (a->rank > b->rank) - (a->rank < b->rank);
}

static void
make_ready (Node *node, GQueue *moments, GSequence *steps)
{
  if (node->step)
    g_sequence_insert_sorted (steps, node, rank_order, NULL);
  else
    g_queue_push_tail (moments, node);
}

/* Of all steps that may come next, the one of the first rule does. */
static guint
sort_graph (const Graph *graph, GPtrArray *sorted)
{
  g_autoptr (GSequence) steps = g_sequence_new (NULL);
  GQueue moments = G_QUEUE_INIT;
  guint count = 0;

  for (guint i = 0; i < graph->nodes->len; i++) {
    Node *node = g_ptr_array_index (graph->nodes, i);

    if (node->waits == 0)
      make_ready (node, &moments, steps);
  }
  while (!g_queue_is_empty (&moments) || !g_sequence_is_empty (steps)) {
    Node *node = g_queue_pop_head (&moments);

    if (!node) {
      GSequenceIter *first = g_sequence_get_begin_iter (steps);

      node = g_sequence_get (first);
      g_sequence_remove (first);
      g_ptr_array_add (sorted, (gpointer)node->step);
      count++;
    }
    node->done = TRUE;
    for (guint i = 0; i < node->next->len; i++)
      if (--((Node *)node->next->pdata[i])->waits == 0)
        make_ready (node->next->pdata[i], &moments, steps);
  }
  return count;
}

/* Names what stands in the circle that keeps a step waiting. */
static void
set_circle (const Graph *graph, V2vPhase phase, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  const char *last = NULL;
  Node *node = NULL, *start;

  for (guint i = 0; i < graph->nodes->len && !node; i++)
    if (!((Node *)graph->nodes->pdata[i])->done)
      node = graph->nodes->pdata[i];
  /* Every node left waits for one that is left too: going back leads into the circle. */
  while (g_hash_table_add (seen, node)) {
    guint i = 0;

    while (((Node *)node->before->pdata[i])->done)
      i++;
    node = node->before->pdata[i];
  }
  start = node;
  do {
    guint i = 0;

    if (node->name != last)
      g_string_append_printf (text, "%s%s", last ? " after " : "", node->name);
    last = node->name;
    while (((Node *)node->before->pdata[i])->done)
      i++;
    node = node->before->pdata[i];
  } while (node != start);
  if (last != start->name)
    g_string_append_printf (text, " after %s", start->name);
  g_set_error (error, V2V_ERROR, V2V_EXIT_CONFIG,
               "the steps of phase %s cannot be put in order: %s; take away one \"after\"",
               v2v_phase_name (phase), text->str);
  v2v_error_say (error,
                 "the rules want an order of steps that cannot be had: " V2V_PLEASE_REPORT);
}

static gboolean
order_phase (const GPtrArray *steps, V2vPhase phase, GPtrArray *sorted, GError **error)
{
  Graph graph = {g_ptr_array_new_with_free_func (node_free),
                 g_hash_table_new_full (NULL, NULL, NULL, g_free), G_QUEUE_INIT};
  guint count = 0;
  gboolean ok;

  for (guint i = 0; i < steps->len; i++) {
    const V2vStep *step = g_ptr_array_index (steps, i);

    if (step->phase == phase) {
      add_step_node (&graph, step, i);
      count++;
    }
  }
  add_afters (&graph);
  ok = sort_graph (&graph, sorted) == count;
  if (!ok)
    set_circle (&graph, phase, error);
  g_ptr_array_unref (graph.nodes);
  g_hash_table_unref (graph.spans);
  return ok;
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

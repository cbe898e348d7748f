/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Directed graphs: Tarjan's components, breadth-first search and a topological order.
 */
#include "config.h"

#include "base/digraph.h"

#define NONE G_MAXUINT

typedef struct {
  GArray *out; /* V2vEdge */
  GArray *in;  /* guint */
} Node;

struct V2vDigraph {
  GArray *nodes; /* Node */
};

static void
node_clear (gpointer data)
{
  Node *node = data;

  g_array_unref (node->out);
  g_array_unref (node->in);
}

V2vDigraph *
v2v_digraph_new (void)
{
  V2vDigraph *graph = g_new (V2vDigraph, 1);

  graph->nodes = g_array_new (FALSE, FALSE, sizeof (Node));
  g_array_set_clear_func (graph->nodes, node_clear);
  return graph;
}

void
v2v_digraph_free (V2vDigraph *graph)
{
  g_array_unref (graph->nodes);
  g_free (graph);
}

static const Node *
node_at (const V2vDigraph *graph, guint number)
{
  return &g_array_index (graph->nodes, Node, number);
}

guint
v2v_digraph_add_node (V2vDigraph *graph)
{
  const Node node = {g_array_new (FALSE, FALSE, sizeof (V2vEdge)),
                     g_array_new (FALSE, FALSE, sizeof (guint))};

  g_array_append_val (graph->nodes, node);
  return graph->nodes->len - 1;
}

void
v2v_digraph_add_edge (V2vDigraph *graph, guint from, guint to, guint tag)
{
  const V2vEdge edge = {to, tag};

  g_array_append_val (node_at (graph, from)->out, edge);
  g_array_append_val (node_at (graph, to)->in, from);
}

const GArray *
v2v_digraph_edges (const V2vDigraph *graph, guint node)
{
  return node_at (graph, node)->out;
}

/* ---- components ---- */

typedef struct {
  guint node, edge;
} Frame;

typedef struct {
  const V2vDigraph *graph;
  /* The first four are indexed by node. */
  guint *index, *low;
  gboolean *on_stack;
  guint *component;
  GArray *stack;  /* guint: nodes whose component is not complete */
  GArray *frames; /* Frame */
  guint counter, components;
} Tarjan;

static void
enter (Tarjan *tarjan, guint node)
{
  const Frame frame = {node, 0};

  tarjan->index[node] = tarjan->low[node] = tarjan->counter++;
  tarjan->on_stack[node] = TRUE;
  g_array_append_val (tarjan->stack, node);
  g_array_append_val (tarjan->frames, frame);
}

static void
close_component (Tarjan *tarjan, guint root)
{
  guint member;

  do {
    member = g_array_index (tarjan->stack, guint, tarjan->stack->len - 1);
    g_array_set_size (tarjan->stack, tarjan->stack->len - 1);
    tarjan->on_stack[member] = FALSE;
    tarjan->component[member] = tarjan->components;
  } while (member != root);
  tarjan->components++;
}

static void
find_components (Tarjan *tarjan, guint start)
{
  enter (tarjan, start);
  while (tarjan->frames->len > 0) {
    Frame *top = &g_array_index (tarjan->frames, Frame, tarjan->frames->len - 1);
    const guint node = top->node;
    const GArray *out = node_at (tarjan->graph, node)->out;

    if (top->edge < out->len) {
      const guint to = g_array_index (out, V2vEdge, top->edge).to;

      if (tarjan->index[to] == NONE) {
        enter (tarjan, to); /* this may move TOP; the search returns to this edge later */
      } else {
        if (tarjan->on_stack[to])
          tarjan->low[node] = MIN (tarjan->low[node], tarjan->low[to]);
        top->edge++;
      }
      continue;
    }
    if (tarjan->low[node] == tarjan->index[node])
      close_component (tarjan, node);
    g_array_set_size (tarjan->frames, tarjan->frames->len - 1);
  }
}

guint
v2v_digraph_components (const V2vDigraph *graph, guint *component_r, guint *sizes_r)
{
  const guint size = graph->nodes->len;
  g_autofree guint *index = g_new (guint, size), *low = g_new (guint, size);
  g_autofree gboolean *on_stack = g_new0 (gboolean, size);
  g_autoptr (GArray) stack = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) frames = g_array_new (FALSE, FALSE, sizeof (Frame));
  Tarjan tarjan = {graph, index, low, on_stack, component_r, stack, frames, 0, 0};

  for (guint i = 0; i < size; i++)
    index[i] = NONE;
  for (guint i = 0; i < size; i++)
    if (index[i] == NONE)
      find_components (&tarjan, i);
  /* Tarjan's algorithm numbers the last component of a path first; reverse the numbers. */
  for (guint i = 0; i < size; i++)
    component_r[i] = tarjan.components - 1 - component_r[i];
  for (guint i = 0; sizes_r != NULL && i < tarjan.components; i++)
    sizes_r[i] = 0;
  for (guint i = 0; sizes_r != NULL && i < size; i++)
    sizes_r[component_r[i]]++;
  return tarjan.components;
}

/* ---- paths ---- */

GArray *
v2v_digraph_path (const V2vDigraph *graph, guint from, guint to, const guint *group)
{
  /* The previous node on the shortest path. */
  g_autofree guint *before = g_new (guint, graph->nodes->len); /* NONE: not reached */
  g_autoptr (GArray) queue = g_array_new (FALSE, FALSE, sizeof (guint));
  GArray *path;

  for (guint i = 0; i < graph->nodes->len; i++)
    before[i] = NONE;
  before[from] = from;
  g_array_append_val (queue, from);
  for (guint i = 0; i < queue->len && before[to] == NONE; i++) {
    const guint at = g_array_index (queue, guint, i);
    const GArray *out = node_at (graph, at)->out;

    for (guint j = 0; j < out->len; j++) {
      const guint next = g_array_index (out, V2vEdge, j).to;

      if (before[next] != NONE || (group != NULL && group[next] != group[from]))
        continue;
      before[next] = at;
      g_array_append_val (queue, next);
    }
  }
  if (before[to] == NONE)
    return NULL;
  path = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint at = to;; at = before[at]) {
    g_array_prepend_val (path, at);
    if (at == from)
      return path;
  }
}

void
v2v_digraph_distances (const V2vDigraph *graph, guint start, gboolean along, guint *distance_r)
{
  g_autoptr (GArray) queue = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < graph->nodes->len; i++)
    distance_r[i] = G_MAXUINT;
  distance_r[start] = 0;
  g_array_append_val (queue, start);
  for (guint i = 0; i < queue->len; i++) {
    const guint at = g_array_index (queue, guint, i);
    const Node *node = node_at (graph, at);
    const guint count = along ? node->out->len : node->in->len;

    for (guint j = 0; j < count; j++) {
      const guint next =
          along ? g_array_index (node->out, V2vEdge, j).to : g_array_index (node->in, guint, j);

      if (distance_r[next] != G_MAXUINT)
        continue;
      distance_r[next] = distance_r[at] + 1;
      g_array_append_val (queue, next);
    }
  }
}

/* ---- order ---- */

static gint
compare_ranks (gconstpointer one, gconstpointer other, gpointer data)
{
  const guint a = GPOINTER_TO_UINT (one), b = GPOINTER_TO_UINT (other);
  const guint *rank = data;

  if (rank[a] != rank[b])
    return rank[a] < rank[b] ? -1 : 1;
  return (a > b) - (a < b);
}

static void
make_ready (GSequence *ready, guint node, const guint *rank)
{
  g_sequence_insert_sorted (ready, GUINT_TO_POINTER (node), compare_ranks, (gpointer)rank);
}

/* A predecessor of NODE that is itself still waiting for a predecessor. */
static guint
waiting_before (const V2vDigraph *graph, const guint *waits, guint node)
{
  const GArray *in = node_at (graph, node)->in;

  for (guint i = 0; i < in->len; i++)
    if (waits[g_array_index (in, guint, i)] > 0)
      return g_array_index (in, guint, i);
  g_return_val_if_reached (node);
}

/* Every waiting node has a predecessor that waits too. So following predecessors backwards must
 * reach some node a second time, which closes a cycle. */
static void
find_cycle (const V2vDigraph *graph, const guint *waits, GArray *cycle)
{
  g_autofree gboolean *seen = g_new0 (gboolean, graph->nodes->len);
  guint node = 0, start;

  while (waits[node] == 0)
    node++;
  for (; !seen[node]; node = waiting_before (graph, waits, node))
    seen[node] = TRUE;
  start = node;
  do {
    g_array_append_val (cycle, node);
    node = waiting_before (graph, waits, node);
  } while (node != start);
}

gboolean
v2v_digraph_sort (const V2vDigraph *graph, const guint *rank, GArray *order, GArray *cycle)
{
  const guint size = graph->nodes->len, before = order->len;
  g_autofree guint *waits =
      g_new (guint, size); /* number of predecessors that are not yet in ORDER */
  g_autoptr (GSequence) ready = g_sequence_new (NULL);

  for (guint i = 0; i < size; i++) {
    waits[i] = node_at (graph, i)->in->len;
    if (waits[i] == 0)
      make_ready (ready, i, rank);
  }
  while (!g_sequence_is_empty (ready)) {
    GSequenceIter *first = g_sequence_get_begin_iter (ready);
    const guint node = GPOINTER_TO_UINT (g_sequence_get (first));
    const GArray *out = node_at (graph, node)->out;

    g_sequence_remove (first);
    g_array_append_val (order, node);
    for (guint i = 0; i < out->len; i++) {
      const guint to = g_array_index (out, V2vEdge, i).to;

      if (--waits[to] == 0)
        make_ready (ready, to, rank);
    }
  }
  if (order->len - before == size)
    return TRUE;
  find_cycle (graph, waits, cycle);
  return FALSE;
}

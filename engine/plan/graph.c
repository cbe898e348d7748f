/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The graph of rules, fields, operations and providers, as text for Graphviz.
 *
 * An arrow from a rule leads to the fields that it derives and the operations that it requests;
 * one from a field leads to the rules and providers whose conditions read it; one from an
 * operation leads to its providers. Fields that no rule derives are left out: the source or the
 * guest provides them, and nearly every rule reads some.
 */
#include "config.h"

#include <string.h>

#include "base/diag.h"
#include "base/digraph.h"
#include "base/log.h"
#include "lang/uses.h"
#include "plan/reasons-private.h"

typedef enum { NODE_RULE, NODE_FIELD, NODE_FACT, NODE_OPERATION, NODE_PROVIDER } NodeKind;

typedef struct {
  NodeKind kind;
  gconstpointer item; /* V2vRule, V2vField, V2vFactDecl, V2vOperation, V2vProvider */
  guint number;
  gboolean fired, shown;
} Node;

typedef struct {
  const V2vRuleSet *rules;
  const V2vReasons *reasons;
  V2vDigraph *digraph;
  GPtrArray *nodes;    /* Node, in the order of files and lines */
  GHashTable *by_item; /* what it is -> Node */
  GHashTable *edges;   /* set of (from << 32 | to) */
} Graph;

static Node *
add_node (Graph *graph, NodeKind kind, gconstpointer item)
{
  Node *node = g_hash_table_lookup (graph->by_item, item);

  if (node)
    return node;
  node = g_new0 (Node, 1);
  node->kind = kind;
  node->item = item;
  node->number = v2v_digraph_add_node (graph->digraph);
  node->shown = TRUE;
  g_ptr_array_add (graph->nodes, node);
  g_hash_table_insert (graph->by_item, (gpointer)item, node);
  return node;
}

static void
add_edge (Graph *graph, const Node *from, const Node *to)
{
  gint64 key = ((gint64)from->number << 32) | to->number;

  if (g_hash_table_contains (graph->edges, &key))
    return;
  g_hash_table_add (graph->edges, g_memdup2 (&key, sizeof key));
  v2v_digraph_add_edge (graph->digraph, from->number, to->number, 0);
}

/* ---- what writes and what reads ---- */

typedef struct {
  Graph *graph;
  Node *node; /* a rule or provider */
} User;

static gboolean
add_write (const V2vUse *use, gpointer data)
{
  const User *user = data;

  if (use->kind == V2V_USE_SETS_FIELD || use->kind == V2V_USE_SETS_UNSET)
    add_edge (user->graph, user->node, add_node (user->graph, NODE_FIELD, use->field));
  else if (use->kind == V2V_USE_ADDS_FACT)
    add_edge (user->graph, user->node, add_node (user->graph, NODE_FACT, use->fact));
  else if (use->kind == V2V_USE_ASKS_FOR)
    add_edge (user->graph, user->node, add_node (user->graph, NODE_OPERATION, use->operation));
  return TRUE;
}

static void
read_item (const User *user, gconstpointer item)
{
  const Node *node = g_hash_table_lookup (user->graph->by_item, item);

  if (node)
    add_edge (user->graph, node, user->node);
}

static gboolean
add_read (const V2vUse *use, gpointer data)
{
  if (use->kind == V2V_USE_OPERAND && use->field)
    read_item (data, use->field);
  else if (use->kind == V2V_USE_FACT)
    read_item (data, use->fact);
  else if (use->kind == V2V_USE_REQUEST)
    read_item (data, use->operation);
  return TRUE;
}

static void
build (Graph *graph)
{
  const V2vRuleSet *rules = graph->rules;

  for (guint i = 0; i < rules->rules->len; i++)
    add_node (graph, NODE_RULE, rules->rules->pdata[i]);
  for (guint i = 0; i < rules->providers->len; i++) {
    const V2vProvider *provider = g_ptr_array_index (rules->providers, i);

    add_edge (graph, add_node (graph, NODE_OPERATION, provider->operation),
              add_node (graph, NODE_PROVIDER, provider));
  }
  for (guint i = 0; i < rules->rules->len; i++) {
    User user = {graph, graph->nodes->pdata[i]};

    v2v_rule_uses (rules->rules->pdata[i], add_write, &user);
  }
  for (guint i = 0; i < rules->rules->len; i++) {
    User user = {graph, graph->nodes->pdata[i]};

    v2v_rule_uses (rules->rules->pdata[i], add_read, &user);
  }
  for (guint i = 0; i < rules->providers->len; i++) {
    const V2vProvider *provider = g_ptr_array_index (rules->providers, i);
    User user = {graph, g_hash_table_lookup (graph->by_item, provider)};

    v2v_clauses_use (provider->clauses, add_read, &user);
  }
}

/* The node to which edge number I of NODE leads. */
static Node *
node_behind (const Graph *graph, const Node *node, guint i)
{
  const GArray *edges = v2v_digraph_edges (graph->digraph, node->number);

  return g_ptr_array_index (graph->nodes, g_array_index (edges, V2vEdge, i).to);
}

/* ---- what fired ---- */

static void
mark_request (Graph *graph, const V2vRequest *request)
{
  Node *node;

  for (guint i = 0; i < request->providers->len; i++)
    if ((node = g_hash_table_lookup (graph->by_item, request->providers->pdata[i])))
      node->fired = TRUE;
  /* A request has the operation of its first reason; the other reasons are heads with the
   * same call. */
  for (guint i = 0; i < request->reasons->len; i++) {
    const V2vReason *reason = g_ptr_array_index (request->reasons, i);

    if ((node = g_hash_table_lookup (graph->by_item, reason->head->operation)))
      node->fired = TRUE;
  }
}

static void
mark_fired (Graph *graph)
{
  const V2vReasons *reasons = graph->reasons;
  GHashTableIter iter;
  gpointer key;

  for (guint i = 0; i < reasons->plan->requests->len; i++)
    mark_request (graph, reasons->plan->requests->pdata[i]);
  g_hash_table_iter_init (&iter, reasons->fired);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    Node *node = g_hash_table_lookup (graph->by_item, key);

    node->fired = TRUE;
    /* A rule that fired has derived its fields and facts. */
    for (guint i = 0; i < v2v_digraph_edges (graph->digraph, node->number)->len; i++) {
      Node *to = node_behind (graph, node, i);

      if (to->kind == NODE_FIELD || to->kind == NODE_FACT)
        to->fired = TRUE;
    }
  }
}

/* ---- a neighbourhood ---- */

static const char *
name_of (const Node *node)
{
  return node->kind == NODE_RULE       ? ((const V2vRule *)node->item)->name
         : node->kind == NODE_PROVIDER ? ((const V2vProvider *)node->item)->name
                                       : NULL;
}

/* Shows what is at most DEPTH rules away from START, along the arrows or against them. */
static void
spread (const Graph *graph, const Node *start, guint depth, gboolean along)
{
  g_autofree guint *distance = g_new (guint, graph->nodes->len);

  v2v_digraph_distances (graph->digraph, start->number, along, distance);
  /* Two arrows lead from one rule to the next. */
  for (guint i = 0; i < graph->nodes->len; i++)
    if (distance[i] <= 2 * depth)
      ((Node *)graph->nodes->pdata[i])->shown = TRUE;
}

static gboolean
restrict_to (Graph *graph, const char *const *around, guint depth, GError **error)
{
  for (guint i = 0; i < graph->nodes->len; i++)
    ((Node *)graph->nodes->pdata[i])->shown = FALSE;
  for (guint a = 0; around[a]; a++) {
    g_autoptr (GPtrArray) names = g_ptr_array_new ();
    gboolean found = FALSE;
    const char *nearest;

    for (guint i = 0; i < graph->nodes->len; i++) {
      const Node *node = g_ptr_array_index (graph->nodes, i);
      const char *name = name_of (node);

      if (!name)
        continue;
      g_ptr_array_add (names, (gpointer)name);
      if (strcmp (name, around[a]) != 0)
        continue;
      found = TRUE;
      spread (graph, node, depth, TRUE);
      spread (graph, node, depth, FALSE);
    }
    if (found)
      continue;
    nearest = v2v_nearest (around[a], names);
    g_set_error (error, V2V_ERROR, V2V_EXIT_USAGE,
                 "--rule %s: there is no rule or provider of this name%s%s%s", around[a],
                 nearest ? "; did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
    return FALSE;
  }
  return TRUE;
}

/* ---- text ---- */

/* Appends TEXT in quotation marks. Graphviz interprets backslashes and character entities in
 * labels, and rejects control characters. */
static void
append_quoted (GString *out, const char *text)
{
  g_autofree char *safe = v2v_printable (text, -1, FALSE);

  g_string_append_c (out, '"');
  for (const char *c = safe; *c; c++) {
    if (*c == '"' || *c == '\\')
      g_string_append_c (out, '\\');
    if (*c == '&')
      g_string_append (out, "&amp;");
    else
      g_string_append_c (out, *c);
  }
  g_string_append_c (out, '"');
}

static char *
label_of (const Node *node)
{
  switch (node->kind) {
  case NODE_FIELD: {
    const V2vField *field = node->item;

    return g_strdup_printf ("%s.%s", field->fact->name, field->name);
  }
  case NODE_FACT:
    return g_strdup (((const V2vFactDecl *)node->item)->name);
  case NODE_OPERATION: {
    const V2vOperation *operation = node->item;

    if (!operation->direct)
      return g_strdup (operation->name);
    return g_strdup_printf ("%s %s", operation->is_xslt ? "xslt" : "lua",
                            operation->direct->file);
  }
  default:
    return g_strdup (name_of (node));
  }
}

static void
append_node (GString *out, const Node *node)
{
  static const char *const shapes[] = {"box", "ellipse", "ellipse", "hexagon", "component"};
  static const char *const colours[] = {"#cfe8cf", "#fff3c4", "#fff3c4", "#cfe0f5", "#e3d4f2"};
  g_autofree char *label = label_of (node);
  const char *tip = NULL;

  g_string_append_printf (out, "  n%u [shape=%s", node->number, shapes[node->kind]);
  if (node->fired)
    g_string_append_printf (out, ", style=filled, fillcolor=\"%s\"", colours[node->kind]);
  g_string_append (out, ", label=");
  append_quoted (out, label);
  if (node->kind == NODE_RULE)
    tip = ((const V2vRule *)node->item)->describe;
  if (node->kind == NODE_PROVIDER)
    tip = ((const V2vProvider *)node->item)->describe;
  g_string_append (out, ", tooltip=");
  append_quoted (out, tip ? tip : label);
  g_string_append (out, "];\n");
}

static char *
graph_text (const Graph *graph)
{
  GString *out = g_string_new ("digraph rules {\n"
                               "  rankdir=LR;\n"
                               "  node [fontname=\"sans-serif\", fontsize=10];\n");

  for (guint i = 0; i < graph->nodes->len; i++) {
    const Node *node = g_ptr_array_index (graph->nodes, i);

    if (node->shown)
      append_node (out, node);
  }
  for (guint i = 0; i < graph->nodes->len; i++) {
    const Node *node = g_ptr_array_index (graph->nodes, i);

    for (guint j = 0; node->shown && j < v2v_digraph_edges (graph->digraph, node->number)->len;
         j++) {
      const Node *to = node_behind (graph, node, j);

      if (to->shown)
        g_string_append_printf (out, "  n%u -> n%u%s;\n", node->number, to->number,
                                node->fired && to->fired ? " [penwidth=2]" : "");
    }
  }
  g_string_append (out, "}\n");
  return g_string_free (out, FALSE);
}

char *
v2v_graph_to_dot (const V2vRuleSet *rules, const V2vReasons *reasons, const char *const *around,
                  guint depth, GError **error)
{
  g_autoptr (V2vDigraph) digraph = v2v_digraph_new ();
  g_autoptr (GPtrArray) nodes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) by_item = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) edges =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  Graph graph = {rules, reasons, digraph, nodes, by_item, edges};

  build (&graph);
  if (reasons)
    mark_fired (&graph);
  if (around && around[0] && !restrict_to (&graph, around, depth, error))
    return NULL;
  return graph_text (&graph);
}

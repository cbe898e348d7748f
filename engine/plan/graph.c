/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What feeds what, as text for Graphviz.
 *
 * An arrow from a rule leads to the fields that it derives and the operations that it requests;
 * one from a field leads to the rules and providers whose conditions read it; one from an
 * operation leads to its providers. Fields that no rule derives are left out: they come from
 * outside, and nearly every rule reads some.
 */
#include "config.h"

#include <string.h>

#include "base/diag.h"
#include "base/log.h"
#include "plan/reasons-private.h"

typedef enum { NODE_RULE, NODE_FIELD, NODE_FACT, NODE_OPERATION, NODE_PROVIDER } NodeKind;

typedef struct {
  NodeKind kind;
  gconstpointer item; /* V2vRule, V2vField, V2vFactDecl, V2vOperation, V2vProvider */
  guint number;
  GArray *to, *from; /* guint */
  gboolean fired, shown;
} Node;

typedef struct {
  const V2vRuleSet *rules;
  const V2vReasons *reasons;
  GPtrArray *nodes;    /* Node, in the order of files and lines */
  GHashTable *by_item; /* what it is -> Node */
  GHashTable *edges;   /* set of (from << 32 | to) */
} Graph;

static void
node_free (gpointer data)
{
  Node *node = data;

  g_array_unref (node->to);
  g_array_unref (node->from);
  g_free (node);
}

static Node *
add_node (Graph *graph, NodeKind kind, gconstpointer item)
{
  Node *node = g_hash_table_lookup (graph->by_item, item);

  if (node)
    return node;
  node = g_new0 (Node, 1);
  node->kind = kind;
  node->item = item;
  node->number = graph->nodes->len;
  node->shown = TRUE;
  node->to = g_array_new (FALSE, FALSE, sizeof (guint));
  node->from = g_array_new (FALSE, FALSE, sizeof (guint));
  g_ptr_array_add (graph->nodes, node);
  g_hash_table_insert (graph->by_item, (gpointer)item, node);
  return node;
}

static void
add_edge (Graph *graph, Node *from, Node *to)
{
  gint64 key = ((gint64)from->number << 32) | to->number, *kept;

  if (g_hash_table_contains (graph->edges, &key))
    return;
  kept = g_new (gint64, 1);
  *kept = key;
  g_hash_table_add (graph->edges, kept);
  g_array_append_val (from->to, to->number);
  g_array_append_val (to->from, from->number);
}

/* ---- what writes and what reads ---- */

static void
read_item (Graph *graph, Node *reader, gconstpointer item)
{
  Node *node = g_hash_table_lookup (graph->by_item, item);

  if (node)
    add_edge (graph, node, reader);
}

static void
read_operand (Graph *graph, Node *reader, const V2vOperand *operand)
{
  if (operand->field)
    read_item (graph, reader, operand->field);
}

static void
read_expr (Graph *graph, Node *reader, const V2vExpr *expr)
{
  for (; expr->kind == V2V_EXPR_AND || expr->kind == V2V_EXPR_OR; expr = expr->left)
    read_expr (graph, reader, expr->right);
  if (expr->kind == V2V_EXPR_NOT || expr->kind == V2V_EXPR_LET) {
    read_expr (graph, reader, expr->left);
  } else if (expr->kind != V2V_EXPR_DOMAIN) {
    read_operand (graph, reader, &expr->subject);
    for (guint i = 0; expr->kind == V2V_EXPR_COMPARE && i < expr->values->len; i++)
      read_operand (graph, reader, &g_array_index (expr->values, V2vOperand, i));
  }
}

static void
read_clauses (Graph *graph, Node *reader, const GPtrArray *clauses)
{
  for (guint i = 0; i < clauses->len; i++) {
    const V2vClause *clause = g_ptr_array_index (clauses, i);

    if (clause->fact)
      read_item (graph, reader, clause->fact);
    if (clause->request)
      read_item (graph, reader, clause->request);
    if (clause->where)
      read_expr (graph, reader, clause->where);
  }
}

static void
write_head (Graph *graph, Node *rule, const V2vHead *head)
{
  switch (head->kind) {
  case V2V_HEAD_ASSERT_FIELD:
  case V2V_HEAD_DEFAULT:
    add_edge (graph, rule, add_node (graph, NODE_FIELD, head->field));
    break;
  case V2V_HEAD_ASSERT_FACT:
    add_edge (graph, rule, add_node (graph, NODE_FACT, head->fact));
    break;
  case V2V_HEAD_DO:
    add_edge (graph, rule, add_node (graph, NODE_OPERATION, head->operation));
    break;
  default:
    break;
  }
}

static void
read_args (Graph *graph, Node *reader, const V2vHead *head)
{
  read_operand (graph, reader, &head->value);
  for (guint i = 0; head->values && i < head->values->len; i++)
    read_operand (graph, reader, &g_array_index (head->values, V2vOperand, i));
  for (guint i = 0; head->args && i < head->args->len; i++)
    read_operand (graph, reader, &g_array_index (head->args, V2vOperand, i));
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
    const V2vRule *rule = g_ptr_array_index (rules->rules, i);

    for (guint j = 0; j < rule->heads->len; j++)
      write_head (graph, g_hash_table_lookup (graph->by_item, rule), rule->heads->pdata[j]);
  }
  for (guint i = 0; i < rules->rules->len; i++) {
    const V2vRule *rule = g_ptr_array_index (rules->rules, i);
    Node *node = g_hash_table_lookup (graph->by_item, rule);

    read_clauses (graph, node, rule->clauses);
    for (guint j = 0; j < rule->heads->len; j++)
      read_args (graph, node, rule->heads->pdata[j]);
  }
  for (guint i = 0; i < rules->providers->len; i++) {
    const V2vProvider *provider = g_ptr_array_index (rules->providers, i);

    read_clauses (graph, g_hash_table_lookup (graph->by_item, provider), provider->clauses);
  }
}

/* ---- what fired ---- */

static void
mark_request (Graph *graph, const V2vRequest *request)
{
  Node *node;

  for (guint i = 0; i < request->providers->len; i++)
    if ((node = g_hash_table_lookup (graph->by_item, request->providers->pdata[i])))
      node->fired = TRUE;
  /* Equal requests of direct calls are one, though each rule has an operation of its own. */
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
    /* What it derived. */
    for (guint i = 0; i < node->to->len; i++) {
      Node *to = g_ptr_array_index (graph->nodes, g_array_index (node->to, guint, i));

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

/* Shows what can be reached from START by at most DEPTH rules, along the arrows or against
 * them.
 */
static void
spread (Graph *graph, const Node *start, guint depth, gboolean along)
{
  g_autofree guint *distance = g_new (guint, graph->nodes->len);
  g_autoptr (GQueue) queue = g_queue_new ();

  for (guint i = 0; i < graph->nodes->len; i++)
    distance[i] = G_MAXUINT;
  distance[start->number] = 0;
  g_queue_push_tail (queue, (gpointer)start);
  while (!g_queue_is_empty (queue)) {
    Node *node = g_queue_pop_head (queue);
    const GArray *next = along ? node->to : node->from;

    node->shown = TRUE;
    /* From one rule to another, there are two arrows. */
    if (distance[node->number] >= 2 * depth)
      continue;
    for (guint i = 0; i < next->len; i++) {
      guint to = g_array_index (next, guint, i);

      if (distance[to] != G_MAXUINT)
        continue;
      distance[to] = distance[node->number] + 1;
      g_queue_push_tail (queue, graph->nodes->pdata[to]);
    }
  }
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

/* TEXT between quotation marks. Graphviz obeys backslashes and character entities in labels,
 * and takes no control characters. */
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

    for (guint j = 0; node->shown && j < node->to->len; j++) {
      const Node *to = g_ptr_array_index (graph->nodes, g_array_index (node->to, guint, j));

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
  g_autoptr (GPtrArray) nodes = g_ptr_array_new_with_free_func (node_free);
  g_autoptr (GHashTable) by_item = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) edges =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  Graph graph = {rules, reasons, nodes, by_item, edges};

  build (&graph);
  if (reasons)
    mark_fired (&graph);
  if (around && around[0] && !restrict_to (&graph, around, depth, error))
    return NULL;
  return graph_text (&graph);
}

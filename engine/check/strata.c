/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The order of derivation: strata.
 *
 * A graph of what is read and what is written. Its nodes are rules, probes, kinds of
 * facts (their existence, with the fields that are not derived) and derived
 * fields; those of single facts twice, as asserted and as final, since a default
 * stands between. An edge goes from what is read to who reads it, and from who writes to what
 * is written. What hangs together in cycles (Tarjan's components) is one
 * stratum; a negative edge inside one is an error, since then "not" would ask for what is not
 * yet known.
 */
#include "config.h"

#include "check/check.h"

typedef struct {
  guint to;
  gboolean negative;
  V2vPlace place;
} Edge;

typedef struct {
  V2vRule *rule;     /* either, */
  V2vProbe *probe;   /* or */
  V2vFactDecl *fact; /* or */
  V2vField *field;
  GArray *edges; /* Edge; NULL: none */
  guint index, low, component, level;
  gboolean on_stack, cyclic;
} Node;

typedef struct {
  V2vCheck *check;
  GArray *nodes;                /* Node */
  GArray *fact_nodes;           /* guint by number of the fact */
  GHashTable *asserted, *final; /* V2vField -> number of its node; one node for fields of facts
                                   of which there are many */
  guint components;
} Graph;

#define NODE(graph, number) (&g_array_index ((graph)->nodes, Node, (number)))
#define NONE G_MAXUINT

static guint
add_node (Graph *graph, Node node)
{
  node.index = node.component = NONE;
  g_array_append_val (graph->nodes, node);
  return graph->nodes->len - 1;
}

static void
add_edge (Graph *graph, guint from, guint to, gboolean negative, V2vPlace place)
{
  Node *node = NODE (graph, from);
  const Edge edge = {to, negative, place};

  if (node->edges == NULL)
    node->edges = g_array_sized_new (FALSE, FALSE, sizeof (Edge), 2);
  g_array_append_val (node->edges, edge);
}

static guint
field_node (GHashTable *table, const V2vField *field)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (table, field));
}

/* ---- what is read ---- */

/* Who reads: a rule or probe. */
static void
read_field (Graph *graph, guint reader, const V2vField *field, gboolean negative,
            V2vPlace place)
{
  const guint from = field->derived
                         ? field_node (graph->final, field)
                         : g_array_index (graph->fact_nodes, guint, field->fact->index);

  add_edge (graph, from, reader, negative, place);
}

static void
read_operand (Graph *graph, guint reader, const V2vOperand *operand, gboolean negative)
{
  if (operand->kind == V2V_OPERAND_FIELD || operand->kind == V2V_OPERAND_VAR ||
      (operand->kind == V2V_OPERAND_SELF && operand->field != NULL))
    read_field (graph, reader, operand->field, negative, operand->place);
}

static void
read_expr (Graph *graph, guint reader, const V2vExpr *expr, gboolean negative)
{
  if (expr == NULL)
    return;
  switch (expr->kind) {
  case V2V_EXPR_AND:
  case V2V_EXPR_OR:
    read_expr (graph, reader, expr->left, negative);
    read_expr (graph, reader, expr->right, negative);
    break;
  case V2V_EXPR_NOT:
    read_expr (graph, reader, expr->left, TRUE);
    break;
  case V2V_EXPR_LET:
    read_expr (graph, reader, expr->left, negative);
    break;
  case V2V_EXPR_COMPARE:
    negative |= expr->op == V2V_NE;
    read_operand (graph, reader, &expr->subject, negative);
    for (guint i = 0; i < expr->values->len; i++)
      read_operand (graph, reader, &g_array_index (expr->values, V2vOperand, i), negative);
    break;
  case V2V_EXPR_IS_SET:
    read_operand (graph, reader, &expr->subject, negative);
    break;
  case V2V_EXPR_IS_UNSET:
    read_operand (graph, reader, &expr->subject, TRUE);
    break;
  case V2V_EXPR_DOMAIN:
    break;
  }
}

static void
read_clauses (Graph *graph, guint reader, const GPtrArray *clauses, gboolean negative)
{
  for (guint i = 0; i < clauses->len; i++) {
    const V2vClause *clause = g_ptr_array_index (clauses, i);
    const gboolean no = clause->kind == V2V_CLAUSE_NO;

    if (clause->fact != NULL)
      add_edge (graph, g_array_index (graph->fact_nodes, guint, clause->fact->index), reader,
                negative || no, clause->place);
    read_expr (graph, reader, clause->where, negative || no);
  }
}

/* ---- the graph ---- */

static void
add_rule (Graph *graph, V2vRule *rule)
{
  guint node = NONE;

  for (guint i = 0; i < rule->heads->len; i++) {
    const V2vHead *head = g_ptr_array_index (rule->heads, i);

    /* Heads with errors have no field or fact. */
    if (head->kind == V2V_HEAD_ASSERT_FACT
            ? head->fact == NULL
            : (head->kind != V2V_HEAD_ASSERT_FIELD && head->kind != V2V_HEAD_DEFAULT) ||
                  head->field == NULL || !head->field->derived)
      continue;
    if (node == NONE) {
      node = add_node (graph, (Node){.rule = rule});
      read_clauses (graph, node, rule->clauses, FALSE);
    }
    if (head->kind == V2V_HEAD_ASSERT_FACT) {
      add_edge (graph, node, g_array_index (graph->fact_nodes, guint, head->fact->index), FALSE,
                head->place);
      for (guint j = 0; j < head->values->len; j++) {
        const V2vOperand *value = &g_array_index (head->values, V2vOperand, j);
        const V2vField *field = g_ptr_array_index (head->fact->fields, j);

        read_operand (graph, node, value, FALSE);
        if (field->derived && value->place.line != 0)
          add_edge (graph, node, field_node (graph->asserted, field), FALSE, head->place);
      }
      continue;
    }
    read_operand (graph, node, &head->value, FALSE);
    if (head->kind == V2V_HEAD_DEFAULT) {
      add_edge (graph, field_node (graph->asserted, head->field), node, TRUE, head->place);
      add_edge (graph, node, field_node (graph->final, head->field), FALSE, head->place);
    } else {
      add_edge (graph, node, field_node (graph->asserted, head->field), FALSE, head->place);
    }
  }
}

/* A script can do anything with what it reads, so a probe has to come after all of it: every
 * one of its edges counts as negative. */
static void
add_probe (Graph *graph, V2vProbe *probe)
{
  const guint node = add_node (graph, (Node){.probe = probe});

  read_clauses (graph, node, probe->clauses, TRUE);
  for (guint i = 0; i < probe->reads->len; i++) {
    const V2vFactDecl *fact = g_ptr_array_index (probe->reads, i);

    add_edge (graph, g_array_index (graph->fact_nodes, guint, fact->index), node, TRUE,
              probe->place);
    for (guint j = 0; j < fact->fields->len; j++) {
      const V2vField *field = g_ptr_array_index (fact->fields, j);

      if (field->derived)
        read_field (graph, node, field, TRUE, probe->place);
    }
  }
  for (guint i = 0;
       probe->call != NULL && probe->call->args != NULL && i < probe->call->args->len; i++)
    read_operand (graph, node, &g_array_index (probe->call->args, V2vOperand, i), TRUE);
  for (guint i = 0; i < probe->provides->len; i++) {
    const V2vFactDecl *fact = g_ptr_array_index (probe->provides, i);

    add_edge (graph, node, g_array_index (graph->fact_nodes, guint, fact->index), FALSE,
              probe->place);
  }
}

static void
add_facts (Graph *graph)
{
  const GPtrArray *facts = graph->check->rules->schema->facts;

  for (guint i = 0; i < facts->len; i++) {
    V2vFactDecl *fact = g_ptr_array_index (facts, i);
    const guint node = add_node (graph, (Node){.fact = fact});

    g_array_append_val (graph->fact_nodes, node);
    for (guint j = 0; j < fact->fields->len; j++) {
      V2vField *field = g_ptr_array_index (fact->fields, j);
      guint asserted, final;

      if (!field->derived)
        continue;
      asserted = final = add_node (graph, (Node){.field = field});
      if (!fact->multiple) {
        final = add_node (graph, (Node){.field = field});
        add_edge (graph, asserted, final, FALSE, field->place);
      }
      g_hash_table_insert (graph->asserted, field, GUINT_TO_POINTER (asserted));
      g_hash_table_insert (graph->final, field, GUINT_TO_POINTER (final));
    }
  }
}

/* ---- components ---- */

typedef struct {
  guint node, edge;
} Frame;

/* Tarjan's algorithm, with a stack of its own: a chain of rules may be as long as a file.
 * Components are numbered in the opposite of their order. */
static void
find_components (Graph *graph, guint start, guint *counter, GArray *stack)
{
  g_autoptr (GArray) frames = g_array_new (FALSE, FALSE, sizeof (Frame));
  Frame frame = {start, 0};

  g_array_append_val (frames, frame);
  while (frames->len > 0) {
    Frame *top = &g_array_index (frames, Frame, frames->len - 1);
    Node *node = NODE (graph, top->node);

    if (top->edge == 0 && node->index == NONE) {
      node->index = node->low = (*counter)++;
      node->on_stack = TRUE;
      g_array_append_val (stack, top->node);
    }
    if (node->edges != NULL && top->edge < node->edges->len) {
      const Edge *edge = &g_array_index (node->edges, Edge, top->edge);
      Node *to = NODE (graph, edge->to);

      if (to->index == NONE) {
        frame = (Frame){edge->to, 0};
        g_array_append_val (frames, frame); /* comes back to this edge */
      } else {
        if (to->on_stack)
          node->low = MIN (node->low, to->low);
        top->edge++;
      }
      continue;
    }
    if (node->low == node->index) {
      guint member, size = 0;

      do {
        member = g_array_index (stack, guint, stack->len - 1);
        g_array_set_size (stack, stack->len - 1);
        NODE (graph, member)->on_stack = FALSE;
        NODE (graph, member)->component = graph->components;
        size++;
      } while (member != top->node);
      node->cyclic = size > 1;
      graph->components++;
    }
    g_array_set_size (frames, frames->len - 1);
  }
}

/* ---- cycles through a negation ---- */

static char *
node_text (const Graph *graph, guint number)
{
  const Node *node = NODE (graph, number);
  g_autofree char *where = NULL;

  if (node->fact != NULL)
    return g_strdup (node->fact->name);
  if (node->field != NULL)
    return g_strdup_printf ("%s.%s", node->field->fact->name, node->field->name);
  where = v2v_place_text (node->rule != NULL ? node->rule->place : node->probe->place);
  return node->rule != NULL ? g_strdup_printf ("rule %s (%s)", node->rule->name, where)
                            : g_strdup_printf ("probe %s (%s)", node->probe->name, where);
}

/* The shortest way from FROM to TO inside their component, as numbers of nodes, both included.
 */
static GArray *
find_way (const Graph *graph, guint from, guint to)
{
  g_autoptr (GHashTable) before =
      g_hash_table_new (NULL, NULL); /* node + 1 -> node before + 1 */
  g_autoptr (GArray) queue = g_array_new (FALSE, FALSE, sizeof (guint));
  GArray *way = g_array_new (FALSE, FALSE, sizeof (guint));
  guint number = to;

  g_array_append_val (queue, from);
  g_hash_table_insert (before, GUINT_TO_POINTER (from + 1), NULL);
  for (guint i = 0;
       i < queue->len && !g_hash_table_contains (before, GUINT_TO_POINTER (to + 1)); i++) {
    const guint at = g_array_index (queue, guint, i);
    const GArray *edges = NODE (graph, at)->edges;

    for (guint j = 0; edges != NULL && j < edges->len; j++) {
      const guint next = g_array_index (edges, Edge, j).to;

      if (NODE (graph, next)->component != NODE (graph, from)->component ||
          g_hash_table_contains (before, GUINT_TO_POINTER (next + 1)))
        continue;
      g_hash_table_insert (before, GUINT_TO_POINTER (next + 1), GUINT_TO_POINTER (at + 1));
      g_array_append_val (queue, next);
    }
  }
  for (;;) {
    g_array_prepend_val (way, number);
    if (number == from)
      return way;
    number = GPOINTER_TO_UINT (g_hash_table_lookup (before, GUINT_TO_POINTER (number + 1))) - 1;
  }
}

static void
report_cycle (Graph *graph, guint from, const Edge *edge)
{
  g_autoptr (GArray) way = find_way (graph, edge->to, from);
  g_autofree char *previous = node_text (graph, from);
  g_autoptr (GString) text = g_string_new (previous);

  for (guint i = 0; i < way->len; i++) {
    char *name = node_text (graph, g_array_index (way, guint, i));

    /* A field as asserted and the same one as final are told as one. */
    if (strcmp (name, previous) != 0)
      g_string_append_printf (text, "%s%s", i == 0 ? " -(not)-> " : " -> ", name);
    g_free (previous);
    previous = name;
  }
  check_error (graph->check, V2V_CODE_STRATUM, edge->place, 1,
               "rules that wait for each other have no order: break the cycle",
               "what is asked for here depends on the answer: %s", text->str);
}

/* One error for each component that has a negative edge inside. */
static gboolean
check_cycles (Graph *graph)
{
  g_autoptr (GHashTable) reported = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < graph->nodes->len; i++) {
    const Node *node = NODE (graph, i);

    for (guint j = 0; node->edges != NULL && j < node->edges->len; j++) {
      const Edge *edge = &g_array_index (node->edges, Edge, j);

      if (edge->negative && NODE (graph, edge->to)->component == node->component &&
          g_hash_table_add (reported, GUINT_TO_POINTER (node->component + 1)))
        report_cycle (graph, i, edge);
    }
  }
  return g_hash_table_size (reported) == 0;
}

/* ---- strata ---- */

static V2vStratum *
new_stratum (Graph *graph, gboolean recursive)
{
  V2vStratum *stratum = v2v_arena_new0 (graph->check->arena, V2vStratum);

  stratum->rules = v2v_arena_pointers (graph->check->arena);
  stratum->probes = v2v_arena_pointers (graph->check->arena);
  stratum->recursive = recursive;
  return stratum;
}

/* The level of a component is the greatest number of rules and probes on a way to it. Rules of
 * one level that do not feed each other are one stratum. */
static void
make_strata (Graph *graph)
{
  g_autofree guint *levels = g_new0 (guint, graph->components);
  g_autofree gboolean *cyclic = g_new0 (gboolean, graph->components);
  g_autofree guint *order = g_new0 (guint, graph->nodes->len);
  g_autofree guint *starts = g_new0 (guint, graph->components + 1);
  g_autoptr (GPtrArray) plain = g_ptr_array_new ();     /* level -> V2vStratum or NULL */
  g_autoptr (GPtrArray) recursive = g_ptr_array_new (); /* component -> V2vStratum or NULL */
  g_autoptr (GPtrArray) by_level = NULL; /* level -> GPtrArray of recursive strata */

  /* Nodes by component, in the order of derivation: the highest component first. */
  for (guint i = 0; i < graph->nodes->len; i++)
    starts[graph->components - 1 - NODE (graph, i)->component + 1]++;
  for (guint i = 0; i < graph->components; i++)
    starts[i + 1] += starts[i];
  {
    g_autofree guint *next = g_memdup2 (starts, sizeof (guint) * (graph->components + 1));

    for (guint i = 0; i < graph->nodes->len; i++)
      order[next[graph->components - 1 - NODE (graph, i)->component]++] = i;
  }
  for (guint i = 0; i < graph->nodes->len; i++)
    if (NODE (graph, i)->cyclic)
      cyclic[NODE (graph, i)->component] = TRUE;

  for (guint c = graph->components; c-- > 0;) {
    const guint begin = starts[graph->components - 1 - c], end = starts[graph->components - c];
    gboolean works = FALSE;

    for (guint i = begin; i < end; i++)
      works |= NODE (graph, order[i])->rule != NULL || NODE (graph, order[i])->probe != NULL;
    for (guint i = begin; i < end; i++) {
      const GArray *edges = NODE (graph, order[i])->edges;

      for (guint j = 0; edges != NULL && j < edges->len; j++) {
        const guint to = NODE (graph, g_array_index (edges, Edge, j).to)->component;

        if (to != c)
          levels[to] = MAX (levels[to], levels[c] + (works ? 1 : 0));
      }
    }
  }

  by_level = g_ptr_array_new_with_free_func ((GDestroyNotify)g_ptr_array_unref);
  g_ptr_array_set_size (recursive, (int)graph->components);
  for (guint i = 0; i < graph->nodes->len; i++) {
    const Node *node = NODE (graph, i);
    V2vStratum *stratum;
    guint level;

    if (node->rule == NULL && node->probe == NULL)
      continue;
    level = levels[node->component];
    while (plain->len <= level) {
      g_ptr_array_add (plain, NULL);
      g_ptr_array_add (by_level, g_ptr_array_new ());
    }
    if (cyclic[node->component]) {
      stratum = g_ptr_array_index (recursive, node->component);
      if (stratum == NULL) {
        stratum = new_stratum (graph, TRUE);
        g_ptr_array_index (recursive, node->component) = stratum;
        g_ptr_array_add (g_ptr_array_index (by_level, level), stratum);
      }
    } else {
      stratum = g_ptr_array_index (plain, level);
      if (stratum == NULL)
        stratum = g_ptr_array_index (plain, level) = new_stratum (graph, FALSE);
    }
    if (node->rule != NULL)
      g_ptr_array_add (stratum->rules, node->rule);
    else
      g_ptr_array_add (stratum->probes, node->probe);
  }
  for (guint i = 0; i < plain->len; i++) {
    GPtrArray *level = g_ptr_array_index (by_level, i);

    if (g_ptr_array_index (plain, i) != NULL)
      g_ptr_array_add (graph->check->rules->strata, g_ptr_array_index (plain, i));
    g_ptr_array_extend (graph->check->rules->strata, level, NULL, NULL);
  }
}

void
v2v_check_strata (V2vCheck *check)
{
  g_autoptr (GArray) nodes = g_array_new (FALSE, TRUE, sizeof (Node));
  g_autoptr (GArray) fact_nodes = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) stack = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GHashTable) asserted = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) final = g_hash_table_new (NULL, NULL);
  Graph graph = {check, nodes, fact_nodes, asserted, final, 0};
  guint counter = 0;

  add_facts (&graph);
  for (guint i = 0; i < check->rules->rules->len; i++)
    add_rule (&graph, g_ptr_array_index (check->rules->rules, i));
  for (guint i = 0; i < check->rules->probes->len; i++)
    add_probe (&graph, g_ptr_array_index (check->rules->probes, i));
  for (guint i = 0; i < nodes->len; i++)
    if (NODE (&graph, i)->index == NONE)
      find_components (&graph, i, &counter, stack);
  if (check_cycles (&graph) && nodes->len > 0)
    make_strata (&graph);
  for (guint i = 0; i < nodes->len; i++)
    if (NODE (&graph, i)->edges != NULL)
      g_array_unref (NODE (&graph, i)->edges);
}

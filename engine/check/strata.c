/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Divides rules and probes into strata, which gives the order of derivation.
 *
 * The nodes of a graph are rules, probes, kinds of facts (their existence, with all fields
 * that are not derived) and derived fields. A derived field of a single fact has two nodes, as
 * asserted and as final, because defaults are applied between them. Edges lead from what is
 * read to its reader, and from a writer to what it writes. Nodes on a common cycle form a
 * component, which is one stratum. A negative edge inside a component is an error: "not" would
 * ask for something that is not yet known.
 */
#include "config.h"

#include "base/digraph.h"
#include "check/check.h"
#include "lang/uses.h"

typedef struct {
  V2vRule *rule; /* exactly one of these four is set */
  V2vProbe *probe;
  const V2vFactDecl *fact;
  const V2vField *field;
} Node;

/* What the tag of an edge refers to. */
typedef struct {
  gboolean negative;
  V2vPlace place;
} Reading;

typedef struct {
  V2vCheck *check;
  V2vDigraph *digraph;
  GArray *nodes;      /* Node, by number */
  GArray *readings;   /* Reading, by tag */
  GArray *fact_nodes; /* guint: node of a kind of fact, by its index */
  /* V2vField -> its node; a field of a fact that may occur several times has the same node in
   * both */
  GHashTable *asserted, *final;
  guint components;
  guint *component, *sizes; /* indexed by node; indexed by component */
} Graph;

#define NODE(graph, number) (&g_array_index ((graph)->nodes, Node, (number)))

static guint
add_node (Graph *graph, Node node)
{
  g_array_append_val (graph->nodes, node);
  return v2v_digraph_add_node (graph->digraph);
}

static void
add_edge (Graph *graph, guint from, guint to, gboolean negative, V2vPlace place)
{
  const Reading reading = {negative, place};

  v2v_digraph_add_edge (graph->digraph, from, to, graph->readings->len);
  g_array_append_val (graph->readings, reading);
}

static guint
fact_node (const Graph *graph, const V2vFactDecl *fact)
{
  return g_array_index (graph->fact_nodes, guint, fact->index);
}

static guint
field_node (GHashTable *table, const V2vField *field)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (table, field));
}

/* ---- the graph ---- */

typedef struct {
  Graph *graph;
  guint node; /* node of the rule or probe */
} Reader;

static void
read_field (const Reader *reader, const V2vField *field, const V2vUse *use)
{
  Graph *graph = reader->graph;
  const guint from =
      field->derived ? field_node (graph->final, field) : fact_node (graph, field->fact);

  add_edge (graph, from, reader->node, use->negative, use->place);
}

static void
read_all_of (const Reader *reader, const V2vFactDecl *fact, const V2vUse *use)
{
  add_edge (reader->graph, fact_node (reader->graph, fact), reader->node, use->negative,
            use->place);
  for (guint i = 0; i < fact->fields->len; i++) {
    const V2vField *field = g_ptr_array_index (fact->fields, i);

    if (field->derived)
      read_field (reader, field, use);
  }
}

static gboolean
add_use (const V2vUse *use, gpointer data)
{
  const Reader *reader = data;
  Graph *graph = reader->graph;

  switch (use->kind) {
  case V2V_USE_FACT:
    add_edge (graph, fact_node (graph, use->fact), reader->node, use->negative, use->place);
    break;
  case V2V_USE_ALL_OF:
    read_all_of (reader, use->fact, use);
    break;
  case V2V_USE_OPERAND:
    if (use->field != NULL)
      read_field (reader, use->field, use);
    break;
  case V2V_USE_SETS_UNSET:
    add_edge (graph, field_node (graph->asserted, use->field), reader->node, TRUE, use->place);
    add_edge (graph, reader->node, field_node (graph->final, use->field), FALSE, use->place);
    break;
  case V2V_USE_SETS_FIELD:
    add_edge (graph, reader->node, field_node (graph->asserted, use->field), FALSE, use->place);
    break;
  case V2V_USE_ADDS_FACT:
    add_edge (graph, reader->node, fact_node (graph, use->fact), FALSE, use->place);
    break;
  case V2V_USE_REQUEST:
  case V2V_USE_DOMAIN:
  case V2V_USE_LET:
  case V2V_USE_ASKS_FOR:
    break;
  }
  return TRUE;
}

/* Does HEAD change what rules can read? Heads with errors have no field or fact. */
static gboolean
derives (const V2vHead *head)
{
  if (head->kind == V2V_HEAD_ASSERT_FACT)
    return head->fact != NULL;
  return (head->kind == V2V_HEAD_ASSERT_FIELD || head->kind == V2V_HEAD_DEFAULT) &&
         head->field != NULL && head->field->derived;
}

static void
add_rule (Graph *graph, V2vRule *rule)
{
  Reader reader = {graph, 0};
  gboolean has_node = FALSE;

  for (guint i = 0; i < rule->heads->len; i++) {
    const V2vHead *head = g_ptr_array_index (rule->heads, i);

    if (!derives (head))
      continue;
    if (!has_node) {
      reader.node = add_node (graph, (Node){.rule = rule});
      v2v_clauses_use (rule->clauses, add_use, &reader);
      has_node = TRUE;
    }
    v2v_head_uses (head, add_use, &reader);
  }
}

static void
add_probe (Graph *graph, V2vProbe *probe)
{
  Reader reader = {graph, add_node (graph, (Node){.probe = probe})};

  v2v_probe_uses (probe, add_use, &reader);
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

static void
report_cycle (Graph *graph, guint from, guint to, V2vPlace place)
{
  g_autoptr (GArray) way = v2v_digraph_path (graph->digraph, to, from, graph->component);
  g_autofree char *previous = node_text (graph, from);
  g_autoptr (GString) text = g_string_new (previous);

  for (guint i = 0; i < way->len; i++) {
    char *name = node_text (graph, g_array_index (way, guint, i));

    /* Mention a field only once if its asserted and its final node follow each other. */
    if (strcmp (name, previous) != 0)
      g_string_append_printf (text, "%s%s", i == 0 ? " -(not)-> " : " -> ", name);
    g_free (previous);
    previous = name;
  }
  check_error (graph->check, V2V_CODE_STRATUM, place, 1,
               "such rules cannot be put in an order; break the cycle",
               "this negated condition depends on its own result: %s", text->str);
}

/* Reports one error for each component that has a negative edge inside. */
static gboolean
check_cycles (Graph *graph)
{
  g_autoptr (GHashTable) reported = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < graph->nodes->len; i++) {
    const GArray *edges = v2v_digraph_edges (graph->digraph, i);
    const guint component = graph->component[i];

    for (guint j = 0; j < edges->len; j++) {
      const V2vEdge *edge = &g_array_index (edges, V2vEdge, j);
      const Reading *reading = &g_array_index (graph->readings, Reading, edge->tag);

      if (reading->negative && graph->component[edge->to] == component &&
          g_hash_table_add (reported, GUINT_TO_POINTER (component + 1)))
        report_cycle (graph, i, edge->to, reading->place);
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

/* The level of each component: the highest number of components containing rules or probes on a
 * path to it. To be freed with g_free. */
static guint *
find_levels (const Graph *graph)
{
  guint *levels = g_new0 (guint, graph->components);
  /* the nodes, sorted by component */
  g_autofree guint *order = g_new (guint, graph->nodes->len);
  g_autofree guint *next = g_new0 (guint, graph->components + 1);

  for (guint i = 0; i < graph->components; i++)
    next[i + 1] = next[i] + graph->sizes[i];
  for (guint i = 0; i < graph->nodes->len; i++)
    order[next[graph->component[i]]++] = i;
  for (guint begin = 0, end; begin < graph->nodes->len; begin = end) {
    const guint from = graph->component[order[begin]];
    gboolean works = FALSE;

    end = begin + graph->sizes[from];
    for (guint i = begin; i < end; i++)
      works |= NODE (graph, order[i])->rule != NULL || NODE (graph, order[i])->probe != NULL;
    for (guint i = begin; i < end; i++) {
      const GArray *edges = v2v_digraph_edges (graph->digraph, order[i]);

      for (guint j = 0; j < edges->len; j++) {
        const guint to = graph->component[g_array_index (edges, V2vEdge, j).to];

        if (to != from)
          levels[to] = MAX (levels[to], levels[from] + (works ? 1 : 0));
      }
    }
  }
  return levels;
}

/* Makes the strata. Rules of the same level that do not depend on each other share one. */
static void
make_strata (Graph *graph)
{
  g_autofree guint *levels = find_levels (graph);
  g_autoptr (GPtrArray) plain = g_ptr_array_new ();     /* level -> V2vStratum or NULL */
  g_autoptr (GPtrArray) recursive = g_ptr_array_new (); /* component -> V2vStratum or NULL */
  g_autoptr (GPtrArray) by_level = /* level -> GPtrArray of recursive strata */
      g_ptr_array_new_with_free_func ((GDestroyNotify)g_ptr_array_unref);

  g_ptr_array_set_size (recursive, (int)graph->components);
  for (guint i = 0; i < graph->nodes->len; i++) {
    const Node *node = NODE (graph, i);
    const guint component = graph->component[i];
    V2vStratum *stratum;
    guint level;

    if (node->rule == NULL && node->probe == NULL)
      continue;
    level = levels[component];
    while (plain->len <= level) {
      g_ptr_array_add (plain, NULL);
      g_ptr_array_add (by_level, g_ptr_array_new ());
    }
    if (graph->sizes[component] > 1) {
      stratum = g_ptr_array_index (recursive, component);
      if (stratum == NULL) {
        stratum = new_stratum (graph, TRUE);
        g_ptr_array_index (recursive, component) = stratum;
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
  g_autoptr (V2vDigraph) digraph = v2v_digraph_new ();
  g_autoptr (GArray) nodes = g_array_new (FALSE, TRUE, sizeof (Node));
  g_autoptr (GArray) readings = g_array_new (FALSE, TRUE, sizeof (Reading));
  g_autoptr (GArray) fact_nodes = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GHashTable) asserted = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) final = g_hash_table_new (NULL, NULL);
  g_autofree guint *component = NULL, *sizes = NULL;
  Graph graph = {.check = check,
                 .digraph = digraph,
                 .nodes = nodes,
                 .readings = readings,
                 .fact_nodes = fact_nodes,
                 .asserted = asserted,
                 .final = final};

  add_facts (&graph);
  for (guint i = 0; i < check->rules->rules->len; i++)
    add_rule (&graph, g_ptr_array_index (check->rules->rules, i));
  for (guint i = 0; i < check->rules->probes->len; i++)
    add_probe (&graph, g_ptr_array_index (check->rules->probes, i));
  graph.component = component = g_new (guint, nodes->len);
  graph.sizes = sizes = g_new (guint, nodes->len);
  graph.components = v2v_digraph_components (digraph, component, sizes);
  if (check_cycles (&graph) && nodes->len > 0)
    make_strata (&graph);
}

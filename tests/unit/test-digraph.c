/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Directed graphs: components, ways, distances, order, circles.
 */
#include "config.h"

#include "base/digraph.h"

static V2vDigraph *
graph_of (guint size, const guint (*edges)[2], gsize count)
{
  V2vDigraph *graph = v2v_digraph_new ();

  for (guint i = 0; i < size; i++)
    g_assert_cmpuint (v2v_digraph_add_node (graph), ==, i);
  for (gsize i = 0; i < count; i++)
    v2v_digraph_add_edge (graph, edges[i][0], edges[i][1], (guint)i);
  return graph;
}

static char *
numbers (const GArray *list)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < list->len; i++)
    g_string_append_printf (text, "%s%u", i > 0 ? " " : "", g_array_index (list, guint, i));
  return g_string_free (text, FALSE);
}

static void
assert_numbers (const GArray *list, const char *expected)
{
  g_autofree char *text = numbers (list);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_components (void)
{
  static const guint edges[][2] = {{0, 1}, {1, 2}, {2, 1}, {2, 3}, {4, 4}};
  g_autoptr (V2vDigraph) graph = graph_of (5, edges, G_N_ELEMENTS (edges));
  guint component[5], sizes[5];

  g_assert_cmpuint (v2v_digraph_components (graph, component, sizes), ==, 4);
  g_assert_cmpuint (component[1], ==, component[2]);
  g_assert_cmpuint (component[0], <, component[1]);
  g_assert_cmpuint (component[2], <, component[3]);
  g_assert_cmpuint (component[4], !=, component[0]);
  g_assert_cmpuint (sizes[component[1]], ==, 2);
  g_assert_cmpuint (sizes[component[4]], ==, 1);
}

/* A chain as long as this would overflow the stack of a function that calls itself. */
static void
test_long (void)
{
  enum { SIZE = 1000000 };
  g_autoptr (V2vDigraph) graph = graph_of (SIZE, NULL, 0);
  g_autofree guint *component = g_new (guint, SIZE);
  g_autofree guint *sizes = g_new (guint, SIZE);

  for (guint i = 0; i + 1 < SIZE; i++)
    v2v_digraph_add_edge (graph, i, i + 1, 0);
  g_assert_cmpuint (v2v_digraph_components (graph, component, sizes), ==, SIZE);
  g_assert_cmpuint (component[0], ==, 0);
  v2v_digraph_add_edge (graph, SIZE - 1, 0, 0);
  g_assert_cmpuint (v2v_digraph_components (graph, component, sizes), ==, 1);
  g_assert_cmpuint (sizes[0], ==, SIZE);
}

static void
test_ways (void)
{
  static const guint edges[][2] = {{0, 1}, {1, 2}, {0, 3}, {3, 2}, {2, 4}, {0, 5}, {5, 4}};
  static const guint group[] = {7, 7, 7, 7, 7, 8};
  g_autoptr (V2vDigraph) graph = graph_of (6, edges, G_N_ELEMENTS (edges));
  g_autoptr (GArray) shortest = v2v_digraph_path (graph, 0, 4, NULL);
  g_autoptr (GArray) inside = v2v_digraph_path (graph, 0, 4, group);
  g_autoptr (GArray) none = v2v_digraph_path (graph, 4, 0, NULL);
  g_autoptr (GArray) self = v2v_digraph_path (graph, 2, 2, NULL);
  guint distance[6];

  assert_numbers (shortest, "0 5 4");
  assert_numbers (inside, "0 1 2 4");
  g_assert_null (none);
  assert_numbers (self, "2");
  v2v_digraph_distances (graph, 2, TRUE, distance);
  g_assert_cmpuint (distance[4], ==, 1);
  g_assert_cmpuint (distance[0], ==, G_MAXUINT);
  v2v_digraph_distances (graph, 2, FALSE, distance);
  g_assert_cmpuint (distance[0], ==, 2);
  g_assert_cmpuint (distance[4], ==, G_MAXUINT);
}

static void
test_order (void)
{
  static const guint edges[][2] = {{3, 0}, {0, 1}, {2, 1}};
  static const guint rank[] = {5, 1, 9, 9};
  g_autoptr (V2vDigraph) graph = graph_of (4, edges, G_N_ELEMENTS (edges));
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) circle = g_array_new (FALSE, FALSE, sizeof (guint));
  const V2vEdge *edge = &g_array_index (v2v_digraph_edges (graph, 2), V2vEdge, 0);

  g_assert_cmpuint (edge->to, ==, 1);
  g_assert_cmpuint (edge->tag, ==, 2);
  /* 2 and 3 have the same rank, so the one that was added first comes first. */
  g_assert_true (v2v_digraph_sort (graph, rank, order, circle));
  assert_numbers (order, "2 3 0 1");
  g_assert_cmpuint (circle->len, ==, 0);

  v2v_digraph_add_edge (graph, 1, 3, 0);
  g_array_set_size (order, 0);
  g_assert_false (v2v_digraph_sort (graph, rank, order, circle));
  /* Each behind the one that an edge leads to: 3 -> 0 -> 1 -> 3. */
  assert_numbers (circle, "0 3 1");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/digraph/components", test_components);
  g_test_add_func ("/digraph/long", test_long);
  g_test_add_func ("/digraph/ways", test_ways);
  g_test_add_func ("/digraph/order", test_order);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Directed graphs: components, shortest paths, distances and topological order.
 *
 * A node is a number; v2v_digraph_add_node counts them from 0. The caller decides what nodes
 * and edges mean, and may mark each edge with a tag. No function here is recursive: a chain of
 * rules may be as long as a rule file allows, and must not exhaust the stack.
 */
#pragma once

#include <glib.h>

typedef struct V2vDigraph V2vDigraph;

typedef struct {
  guint to;
  guint tag;
} V2vEdge;

V2vDigraph *v2v_digraph_new (void);
void v2v_digraph_free (V2vDigraph *graph);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vDigraph, v2v_digraph_free)

guint v2v_digraph_add_node (V2vDigraph *graph);
/* There may be several edges between the same two nodes. */
void v2v_digraph_add_edge (V2vDigraph *graph, guint from, guint to, guint tag);
/* The edges that begin at NODE (V2vEdge), in the order in which they were added. Belongs to
 * GRAPH. */
const GArray *v2v_digraph_edges (const V2vDigraph *graph, guint node);

/* Numbers the strongly connected components (sets of nodes that can all be reached from each
 * other) so that an edge never leads to a component with a lower number. COMPONENT_R receives
 * the component of each node and has room for all nodes. SIZES_R (may be NULL) receives the
 * number of nodes in each component; it also needs room for as many entries as there are nodes.
 * Returns the number of components. */
guint v2v_digraph_components (const V2vDigraph *graph, guint *component_r, guint *sizes_r);

/* The shortest path from FROM to TO as node numbers (guint), both included; NULL if there is no
 * path. GROUP (may be NULL) has a number for each node; the path then uses only nodes with the
 * same number as FROM. */
GArray *v2v_digraph_path (const V2vDigraph *graph, guint from, guint to, const guint *group);

/* DISTANCE_R receives, for each node, the number of edges between START and that node,
 * following the edges forwards (ALONG) or backwards; G_MAXUINT if it cannot be reached. */
void v2v_digraph_distances (const V2vDigraph *graph, guint start, gboolean along,
                            guint *distance_r);

/* Sorts the nodes topologically: ORDER receives their numbers (guint), and every edge leads
 * forwards in it. Where several nodes may come next, the one with the lowest RANK does; among
 * equal ranks, the one that was added first. Returns FALSE if the graph has a cycle: CYCLE then
 * receives the nodes of one, each followed by a node that it has an edge to. */
gboolean v2v_digraph_sort (const V2vDigraph *graph, const guint *rank, GArray *order,
                           GArray *cycle);

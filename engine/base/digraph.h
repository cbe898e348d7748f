/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Directed graphs: components, shortest ways, distances, and an order of the nodes.
 *
 * A node is a number, counted from 0 in the order of v2v_digraph_add_node. What a node stands
 * for, and what an edge means, is the caller's: an edge carries a tag. No function calls itself,
 * since a chain of rules may be as long as a file.
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
guint v2v_digraph_size (const V2vDigraph *graph);
/* There may be several edges between the same two nodes. */
void v2v_digraph_add_edge (V2vDigraph *graph, guint from, guint to, guint tag);
/* The edges that begin at NODE, in the order in which they were added: V2vEdge. Belongs to GRAPH. */
const GArray *v2v_digraph_edges (const V2vDigraph *graph, guint node);

/* Numbers the strongly connected components, the nodes that can be reached from each other: an
 * edge leads to the same component or to one with a greater number. COMPONENT_R has room for
 * the number of each node; SIZES_R (may be NULL) for the number of nodes in each component, of
 * which there are at most as many as nodes. Returns how many there are. */
guint v2v_digraph_components (const V2vDigraph *graph, guint *component_r, guint *sizes_r);

/* The shortest way from FROM to TO, both included: numbers of nodes (guint). With GROUP, which
 * has a number for each node, only through nodes with the number that FROM has. NULL if there is
 * none. */
GArray *v2v_digraph_way (const V2vDigraph *graph, guint from, guint to, const guint *group);

/* How many edges lie between START and each node, along the edges or against them; G_MAXUINT
 * where no way leads. DISTANCE_R has room for each node. */
void v2v_digraph_distances (const V2vDigraph *graph, guint start, gboolean along,
                            guint *distance_r);

/* Puts the nodes in an order in which no edge leads back. Of all nodes that may come next, the
 * one with the lowest number in RANK does, and of several such the one that was added first.
 * ORDER gets their numbers (guint). FALSE if there is a circle: then CIRCLE gets the nodes of
 * one, each behind the one that an edge leads to. */
gboolean v2v_digraph_sort (const V2vDigraph *graph, const guint *rank, GArray *order,
                           GArray *circle);

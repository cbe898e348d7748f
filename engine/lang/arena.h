/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * An arena: memory that is freed all at once. A parsed rule set owns one, so its many parts
 * need not be freed one by one.
 */
#pragma once

#include <glib.h>

typedef struct V2vArena V2vArena;

V2vArena *v2v_arena_new (void);
void v2v_arena_free (V2vArena *arena);

/* Allocates SIZE zeroed bytes, which live as long as the arena. */
gpointer v2v_arena_alloc (V2vArena *arena, gsize size);
#define v2v_arena_new0(arena, type) ((type *)v2v_arena_alloc ((arena), sizeof (type)))

/* These create arrays that are freed with the arena. */
GPtrArray *v2v_arena_pointers (V2vArena *arena);
GArray *v2v_arena_array (V2vArena *arena, gsize element_size, guint reserved);

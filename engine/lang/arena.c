/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Allocates memory in large blocks that are freed together.
 */
#include "config.h"

#include <string.h>

#include "lang/arena.h"

/* For a block this large, the C library maps fresh pages, which the kernel has zeroed
 * already. */
#define BLOCK_SIZE (1024 * 1024)

struct V2vArena {
  GPtrArray *blocks;
  GPtrArray *pointers; /* GPtrArray */
  GPtrArray *arrays;   /* GArray */
  char *free;
  gsize left;
};

V2vArena *
v2v_arena_new (void)
{
  V2vArena *arena = g_new0 (V2vArena, 1);

  arena->blocks = g_ptr_array_new_with_free_func (g_free);
  arena->pointers = g_ptr_array_new_with_free_func ((GDestroyNotify)g_ptr_array_unref);
  arena->arrays = g_ptr_array_new_with_free_func ((GDestroyNotify)g_array_unref);
  return arena;
}

void
v2v_arena_free (V2vArena *arena)
{
  if (arena == NULL)
    return;
  g_ptr_array_unref (arena->pointers);
  g_ptr_array_unref (arena->arrays);
  g_ptr_array_unref (arena->blocks);
  g_free (arena);
}

gpointer
v2v_arena_alloc (V2vArena *arena, gsize size)
{
  gpointer result;

  size = (size + 15) & ~(gsize)15;
  if (size > arena->left) {
    const gsize block = MAX (size, BLOCK_SIZE);

    arena->free = g_malloc0 (block);
    arena->left = block;
    g_ptr_array_add (arena->blocks, arena->free);
  }
  result = arena->free;
  arena->free += size;
  arena->left -= size;
  return result;
}

GPtrArray *
v2v_arena_pointers (V2vArena *arena)
{
  GPtrArray *array = g_ptr_array_new ();

  g_ptr_array_add (arena->pointers, array);
  return array;
}

GArray *
v2v_arena_array (V2vArena *arena, gsize element_size, guint reserved)
{
  GArray *array = g_array_sized_new (FALSE, TRUE, (guint)element_size, reserved);

  g_ptr_array_add (arena->arrays, array);
  return array;
}

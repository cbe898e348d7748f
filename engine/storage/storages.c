/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The list of storages.
 */
#include "config.h"

#include "storage/storages.h"

const V2vStorage *const v2v_storages[] = {&v2v_storage_copy, &v2v_storage_snapshot,
                                          &v2v_storage_in_place, NULL};

const V2vStorage *
v2v_storage_find (const char *name)
{
  for (int i = 0; v2v_storages[i]; i++)
    if (g_str_equal (v2v_storages[i]->name, name))
      return v2v_storages[i];
  return NULL;
}

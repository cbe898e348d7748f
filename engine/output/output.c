/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The list of outputs, and which guest names are safe as file names.
 */
#include "config.h"

#include <string.h>

#include "output/output-private.h"

#define NAME_MAX_LENGTH 200

const V2vOutput *const v2v_outputs[] = {&v2v_output_local, &v2v_output_libvirt,
                                        &v2v_output_qemu, &v2v_output_null, NULL};

const V2vOutput *
v2v_output_find (const char *name)
{
  for (int i = 0; v2v_outputs[i]; i++)
    if (g_str_equal (v2v_outputs[i]->name, name))
      return v2v_outputs[i];
  return NULL;
}

gboolean
v2v_output_name_is_safe (const char *name)
{
  gsize length = strlen (name);

  return length >= 1 && length <= NAME_MAX_LENGTH && name[0] != '.' && name[0] != '-' &&
         strspn (name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._+-") ==
             length;
}

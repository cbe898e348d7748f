/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The list of sources. A new source is a file of its own and a line here. Without --source,
 * the first source that accepts GUEST is used.
 */
#include "config.h"

#include <string.h>

#include "metadata/source.h"

extern const V2vSource v2v_source_libvirtxml;
extern const V2vSource v2v_source_ova;
extern const V2vSource v2v_source_vmx;
extern const V2vSource v2v_source_disk;
extern const V2vSource v2v_source_libvirt;

const V2vSource *const v2v_sources[] = {
    &v2v_source_libvirtxml,
    &v2v_source_ova,
    &v2v_source_vmx,
    /* Any file can be a disk, so sources that recognize other kinds of files come before this
     * one. */
    &v2v_source_disk,
    &v2v_source_libvirt,
    NULL,
};

const V2vSource *
v2v_source_find (const char *name)
{
  for (guint i = 0; v2v_sources[i]; i++)
    if (strcmp (v2v_sources[i]->name, name) == 0)
      return v2v_sources[i];
  return NULL;
}

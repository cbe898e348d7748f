/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What was read of a guest: its metadata, and which disks it has.
 */
#pragma once

#include "convert/settings.h"

typedef struct {
  char *work_dir;   /* for what the source unpacked, for overlays and the appliance */
  xmlDoc *original; /* the domain as the source gave it, in the form that facts are read from */
  GPtrArray *disks; /* V2vDomainDisk */
  char *name;       /* of the new guest */
  char
      *recovered; /* NULL, or: the conversion was done before and interrupted while it was being
                       published; it has now been finished, as this text tells */
} V2vSourceRead;

/* Reads the metadata of the guest that SETTINGS name, and nothing else, unless a conversion of
 * it that was interrupted while it was being published has to be finished. */
V2vSourceRead *v2v_source_read (const V2vJobSettings *settings, GError **error);
/* Removes the work directory with all that is in it. */
void v2v_source_read_free (V2vSourceRead *read);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vSourceRead, v2v_source_read_free)

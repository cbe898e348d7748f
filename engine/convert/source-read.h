/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What was read of a guest: its metadata and the list of its disks.
 */
#pragma once

#include "convert/settings.h"

typedef struct {
  char *work_dir;   /* for files that the source unpacked, overlays and the appliance's files */
  xmlDoc *original; /* the domain as the source gave it, in the form that facts are read from */
  GPtrArray *disks; /* V2vDomainDisk */
  char *name;       /* of the new guest */
  char *recovered;  /* NULL unless the conversion had been interrupted during publication and
                   * has now been completed, as this text says */
} V2vSourceRead;

/* Reads the metadata of the guest that SETTINGS name. If a conversion of this guest was
 * interrupted during publication, completes it instead. */
V2vSourceRead *v2v_source_read (const V2vJobSettings *settings, GError **error);
/* Removes the work directory with everything in it. */
void v2v_source_read_free (V2vSourceRead *read);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vSourceRead, v2v_source_read_free)

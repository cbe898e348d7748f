/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Sources: readers of a guest's metadata. One file each, ending in a V2vSource.
 */
#pragma once

#include "base/options.h"
#include "metadata/domain.h"

typedef struct {
  const char *name;
  const char *help;            /* one line */
  const V2vOptionDef *options; /* ends with a name of NULL */
  /* Does GUEST, as given, look like something for this source? */
  gboolean (*fits) (const char *guest);
  /* Can it run on this host, with these options? */
  gboolean (*ready) (const V2vOptionValues *options, GError **error);
  /* The domain document. What the source has to unpack goes into WORK_DIR, which exists, is
   * private to this conversion and is removed after it. */
  xmlDoc *(*read) (const char *guest, const V2vOptionValues *options, const char *work_dir,
                   GError **error);
  /* NULL if it cannot be told: refuses a guest that runs (V2V_EXIT_TEMPFAIL). Not asked where
   * nothing is converted, or with --allow-in-use. */
  gboolean (*idle) (const char *guest, const V2vOptionValues *options, GError **error);
  /* A disk whose driver has no type is not raw: its format is to be found out from the image,
   * and that never gives raw. */
  gboolean probe_formats;
} V2vSource;

/* NULL-terminated. */
extern const V2vSource *const v2v_sources[];
const V2vSource *v2v_source_find (const char *name);

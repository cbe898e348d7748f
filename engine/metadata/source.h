/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Sources: readers of a guest's metadata. Each has a file of its own, which ends in a
 * V2vSource.
 */
#pragma once

#include "base/options.h"
#include "metadata/domain.h"

typedef struct {
  const char *name;
  const char *help;            /* one line */
  const V2vOptionDef *options; /* ends with a name of NULL */
  /* Whether GUEST, the argument of the user, looks like something that this source can read. */
  gboolean (*fits) (const char *guest);
  /* Checks that the source can run on this host with these options. */
  gboolean (*ready) (const V2vOptionValues *options, GError **error);
  /* Returns the domain document. Files that the source has to unpack go into WORK_DIR, which
   * exists, is private to this conversion and is removed after it. */
  xmlDoc *(*read) (const char *guest, const V2vOptionValues *options, const char *work_dir,
                   GError **error);
  /* Checks that the guest does not run; one that runs is V2V_EXIT_TEMPFAIL. Not called when
   * nothing is converted, or with --allow-in-use. NULL if the source cannot know. */
  gboolean (*idle) (const char *guest, const V2vOptionValues *options, GError **error);
  /* A disk whose driver has no type is not raw. Its format is detected from the image instead,
   * and the result of that is never raw. */
  gboolean detect_formats;
} V2vSource;

/* NULL-terminated. */
extern const V2vSource *const v2v_sources[];
const V2vSource *v2v_source_find (const char *name);

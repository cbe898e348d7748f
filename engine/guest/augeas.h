/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Augeas in the appliance. It is opened once, loads only the lenses that scripts ask for, and
 * is kept consistent with the guest's files.
 */
#pragma once

#include "guest/internal.h"

typedef struct {
  gboolean open;  /* aug_init was called; lenses stay loaded from one script to the next */
  gboolean used;  /* this script loaded something */
  gboolean dirty; /* this script changed the tree and has not saved it */
  gboolean stale; /* the files may have changed since they were loaded */
} V2vAugeas;

/* Begins a new script, which must not see what the last script loaded. */
void v2v_augeas_begin (V2vAugeas *augeas);
/* Loads PATHS (NULL-terminated) with LENS. *FIRST_R is set to the Augeas path of the first. */
gboolean v2v_augeas_load (V2vAugeas *augeas, V2vGuest *guest, const char *lens,
                          const char *const *paths, char **first_r, GError **error);
/* Reads files again that may have changed. Must be called before each use of Augeas's data. */
gboolean v2v_augeas_refresh (V2vAugeas *augeas, V2vGuest *guest, GError **error);
/* Saves if something was changed. Adds the paths (char *) of the files that were written or
 * removed to SAVED. */
gboolean v2v_augeas_save (V2vAugeas *augeas, V2vGuest *guest, GPtrArray *saved, GError **error);

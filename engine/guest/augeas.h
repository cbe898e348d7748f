/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Augeas in the appliance: opened once, with only the lenses that scripts ask for, and kept in
 * step with the files.
 */
#pragma once

#include "guest/internal.h"

typedef struct {
  gboolean open;  /* aug_init was called; lenses stay loaded from one script to the next */
  gboolean used;  /* this script loaded something */
  gboolean dirty; /* this script changed the tree and has not saved it */
  gboolean stale; /* the files may have changed since they were loaded */
} V2vAugeas;

/* A new script: what the last one loaded is none of its business. */
void v2v_augeas_begin (V2vAugeas *augeas);
/* Loads PATHS (NULL-terminated) with LENS. FIRST_R gets the Augeas path of the first. */
gboolean v2v_augeas_load (V2vAugeas *augeas, V2vGuest *guest, const char *lens,
                          const char *const *paths, char **first_r, GError **error);
/* Has to be called before the tree is used: reads again what may have changed. */
gboolean v2v_augeas_refresh (V2vAugeas *augeas, V2vGuest *guest, GError **error);
/* Saves if something was changed. SAVED gets the paths (char *) of files that were written or
 * removed. */
gboolean v2v_augeas_save (V2vAugeas *augeas, V2vGuest *guest, GPtrArray *saved, GError **error);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Directories held open. base/held.h opens them.
 */
#pragma once

#include "base/error.h"

/* A directory held open: what is made in it stays in it, even if its name comes to mean
 * another. */
typedef struct {
  int fd;
  char *path; /* absolute */
} V2vDir;

void v2v_dir_close (V2vDir *dir);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vDir, v2v_dir_close)

/* Is there something called NAME, even a dangling link? */
gboolean v2v_dir_has (const V2vDir *dir, const char *name);
/* The absolute path of NAME. To be freed with g_free. */
char *v2v_dir_path (const V2vDir *dir, const char *name);
/* Makes the names in DIR durable. */
gboolean v2v_dir_sync (const V2vDir *dir, GError **error);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Directories held open. base/held.h opens them.
 */
#pragma once

#include "base/error.h"

/* An open directory. Files are created in this very directory, even if its path leads to
 * another one later. */
typedef struct {
  int fd;
  char *path; /* absolute */
} V2vDir;

void v2v_dir_close (V2vDir *dir);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vDir, v2v_dir_close)

/* Does DIR contain the name NAME, even if it is a dangling link? */
gboolean v2v_dir_has (const V2vDir *dir, const char *name);
/* The absolute path of NAME in DIR. To be freed with g_free. */
char *v2v_dir_path (const V2vDir *dir, const char *name);
/* Makes changes of names in DIR durable. */
gboolean v2v_dir_sync (const V2vDir *dir, GError **error);

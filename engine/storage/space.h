/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Free space in file systems.
 */
#pragma once

#include <glib.h>

/* Fails (V2V_EXIT_CANTCREAT, with figures) unless the file system of PATH has NEEDED bytes free
 * for WHAT. */
gboolean v2v_storage_check_space (const char *path, gint64 needed, const char *what,
                                  GError **error);
/* ERROR comes from a program that wrote to DIR: if the file system is full, its status
 * becomes V2V_EXIT_CANTCREAT. */
void v2v_storage_explain_full (const char *dir, GError **error);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Files that are created under a temporary name in an open directory and get their final name
 * last, and the list of temporary files that exist.
 *
 * A temporary file is created with O_EXCL and O_NOFOLLOW and mode 0600, and never replaces a
 * file when it gets its final name. It is added to the list before it is created, so that the
 * supervisor or a later run can remove what this process leaves behind.
 */
#pragma once

#include <glib.h>

#include "base/held.h"

/* Called with EXISTS set when PATH (absolute) is about to be created and would have to be
 * removed if this process died; called with EXISTS unset when PATH is gone or is a result that
 * stays. PATH may be a directory: to clean up, go through the list backwards with remove(3),
 * which removes a directory only if it is empty. */
typedef void (*V2vTempListener) (const char *path, gboolean exists, gpointer data);
void v2v_temp_listen (V2vTempListener listener, gpointer data);

/* Adds PATH to the list of what has to be removed if this process dies, or removes it from the
 * list. */
void v2v_temp_add (const char *path);
void v2v_temp_forget (const char *path);
/* The paths in the list (strings), in the order in which they were added. Belongs to this
 * module. */
const GPtrArray *v2v_temp_list (void);
/* Removes PATH (a file or an empty directory) if it exists, and forgets it. Follows no link on
 * the path that another user could have made. A directory that is not empty stays in the list:
 * a program that is being ended may still put a file into it, and the supervisor removes both
 * later. */
void v2v_temp_remove (const char *path);
/* Removes everything in the list below the directory PATH, the last first, and then PATH. */
void v2v_temp_remove_below (const char *path);

/* Creates an empty file with a unique name that begins with "." and FINAL (shortened if it is
 * long), and adds it to the list. Returns a descriptor for reading and writing, or -1. *NAME_R
 * is to be freed with g_free. */
int v2v_temp_create (const V2vDir *dir, const char *final, char **name_r, GError **error);
/* If PATH is a temporary file of v2v_temp_create and its name was not shortened: the path that
 * it will finally have; otherwise NULL. To be freed with g_free. */
char *v2v_temp_final (const char *path);
/* Renames NAME to FINAL, both in DIR, and makes that durable. FINAL must not exist
 * (V2V_EXIT_CANTCREAT). FINAL takes the place of NAME in the list, because it has to be removed
 * if the rest of the work fails; call v2v_temp_forget once everything is done. */
gboolean v2v_temp_publish (const V2vDir *dir, const char *name, const char *final,
                           GError **error);
/* Creates or replaces the file FINAL in DIR in one step, and makes it durable. */
gboolean v2v_file_replace (const V2vDir *dir, const char *final, const char *text,
                           gssize length, GError **error);

/* Makes the content of the file at PATH durable. */
gboolean v2v_file_sync (const char *path, GError **error);
/* Makes the content of the open file FD durable. PATH is for the message. */
gboolean v2v_fd_sync (int fd, const char *path, GError **error);
/* A path by which programs that this process starts can open the file that FD has open, as long
 * as FD is open. To be freed with g_free. */
char *v2v_fd_name (int fd);
/* Writes all of TEXT to FD. PATH is for the message. */
gboolean v2v_write_all (int fd, const char *path, const char *text, gsize length,
                        GError **error);

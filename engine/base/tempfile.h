/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Files that are made under a temporary name beneath an opened directory and
 * renamed last, and the list of those that exist.
 *
 * A temporary file is created with O_EXCL and O_NOFOLLOW, mode 0600, and never
 * replaces anything when it gets its final name. Each one is announced before it is
 * made, so that whoever outlives this process can remove what is left over.
 */
#pragma once

#include <glib.h>

#include "base/held.h"

/* Called with EXISTS when PATH (absolute) is about to be made and has to be removed should this
 * process die, and without it when PATH is gone, or is a result that stays. PATH may be a
 * directory: whoever cleans up goes through the list from its end to its beginning, and removes
 * a directory only if it is empty (remove(3) does all that). */
typedef void (*V2vTempListener) (const char *path, gboolean exists, gpointer data);
void v2v_temp_listen (V2vTempListener listener, gpointer data);

/* Notes that PATH is or no longer is to be removed should this process die. */
void v2v_temp_add (const char *path);
void v2v_temp_forget (const char *path);
/* What is noted now, in the order in which it was added (strings). Belongs to this module. */
const GPtrArray *v2v_temp_list (void);
/* Removes PATH (a file, or an empty directory), if it exists, and forgets it. No link on the
 * way that somebody else could have put there is followed. A directory that is not empty stays
 * noted: a program that is being ended may still put a file into it, and whoever outlives this
 * process removes both. */
void v2v_temp_remove (const char *path);
/* Removes the directory PATH with everything below it that is noted, the last first. */
void v2v_temp_remove_below (const char *path);

/* Makes an empty file with a name of its own that begins with "." and FINAL (cut if it is
 * long). Returns a descriptor for reading and writing, or -1; *NAME_R is to be freed with
 * g_free. The file is noted. */
int v2v_temp_create (const V2vDir *dir, const char *final, char **name_r, GError **error);
/* Where the file at PATH will be if v2v_temp_create made it and its name was not cut; otherwise
 * NULL. To be freed with g_free. */
char *v2v_temp_final (const char *path);
/* Renames NAME to FINAL, both in DIR, which must not exist yet (V2V_EXIT_CANTCREAT), and makes
 * that durable. FINAL is noted in NAME's place: until the whole is done it is still to be
 * removed; then v2v_temp_forget. */
gboolean v2v_temp_publish (const V2vDir *dir, const char *name, const char *final,
                           GError **error);
/* Replaces the content of the file FINAL in DIR, or makes it, in one step, and makes it
 * durable. */
gboolean v2v_file_replace (const V2vDir *dir, const char *final, const char *text,
                           gssize length, GError **error);

/* Makes the content of the file at PATH durable. */
gboolean v2v_file_sync (const char *path, GError **error);
/* The same for what FD, which is at PATH, has open. */
gboolean v2v_fd_sync (int fd, const char *path, GError **error);
/* A name by which programs that this process starts open what FD has open, as long as it has.
 * To be freed with g_free. */
char *v2v_fd_name (int fd);
/* Writes all of TEXT to FD. PATH is for the message. */
gboolean v2v_write_all (int fd, const char *path, const char *text, gsize length,
                        GError **error);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Opens paths that other users cannot redirect: the path is walked one name at a time, and
 * each directory is held open while the next name is looked up in it.
 *
 * In a directory that another user can write, that user may replace any name by a symbolic
 * link at any time, and so make this process act with its own rights on a file of the other's
 * choice. A link is therefore followed only if it is in a directory that nobody but this user
 * and root can change, or if it belongs to this user or root and is in a directory with the
 * sticky bit, such as /tmp, where only owners can remove their files.
 */
#pragma once

#include <sys/stat.h>

#include "base/dir.h"

/* Does the file that ST describes belong to this user or root, and can nobody else write it? */
gboolean v2v_held_is_own (const struct stat *st);

/* Opens the directory that contains the last name of PATH. A relative PATH starts at the
 * current directory. *NAME_R receives the last name, to be freed with g_free; it may be the
 * name of a link, or of a file that does not exist. Errors: V2V_EXIT_NOPERM if the path leads
 * through a link that another user may have made; V2V_EXIT_NOINPUT if a directory does not
 * exist. */
V2vDir *v2v_held_parent (const char *path, char **name_r, GError **error);
/* Can nobody but this user and root change what the directory PATH leads to, or replace a file
 * that this user creates in it? */
gboolean v2v_held_is_private (const char *path);
/* Opens PATH, which must exist, with the open(2) flags FLAGS. A link as the last name is
 * followed under the same conditions as the others. Returns a close-on-exec descriptor, or
 * -1. */
int v2v_held_open (const char *path, int flags, GError **error);
/* Opens the directory PATH. A link on the path that another user could have made is refused
 * with V2V_EXIT_NOPERM. */
V2vDir *v2v_dir_open (const char *path, GError **error);
/* Opens RELATIVE, which must exist, in the directory ROOT. Links are followed as long as they
 * stay beneath ROOT; a link that leads out is V2V_EXIT_NOPERM. ROOT itself is opened as any
 * path. */
int v2v_held_open_beneath (const char *root, const char *relative, int flags, GError **error);

/* Removes PATH. If it is a directory, removes everything below it that is in the same file
 * system. Errors are ignored. Follows no link except those on the way to PATH that only this
 * user or root can have made. */
void v2v_held_remove (const char *path);

/* Reads the whole regular file PATH. It must belong to this user or root and be writable by
 * nobody else (V2V_EXIT_NOPERM), and have at most MAX bytes (V2V_EXIT_DATA). WHAT names the
 * kind of file in messages ("report"). *TEXT_R is terminated by a zero byte that *LENGTH_R does
 * not count. */
gboolean v2v_held_read (const char *path, const char *what, gsize max, char **text_r,
                        gsize *length_r, GError **error);
/* Reads the whole regular file that FD has open, whoever owns it. PATH is for messages. */
gboolean v2v_held_read_all (int fd, const char *path, gsize max, char **text_r, gsize *length_r,
                            GError **error);

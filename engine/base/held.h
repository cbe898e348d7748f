/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Paths on which nobody else has a hand: walked one name at a time, each directory held open while
 * the next is looked for in it.
 *
 * A directory that another user can write may hold a link at any time, and whoever follows it acts
 * with this user's rights where the other wants it. So a link is followed only in a directory that
 * nobody but this user and root can change, or if it belongs to one of them in a directory where
 * only owners remove what is theirs (as /tmp is).
 */
#pragma once

#include <sys/stat.h>

#include "base/dir.h"

/* Does what ST tells of belong to this user or to root, and can nobody else write it? */
gboolean v2v_held_is_own (const struct stat *st);

/* Opens the directory that the last name of PATH (relative: from the current directory) is in, and
 * gives that name, which may be that of a link, or of nothing. A link of somebody else on the
 * way is V2V_EXIT_NOPERM, a directory that does not exist V2V_EXIT_NOINPUT. *NAME_R is to be freed
 * with g_free. */
V2vDir *v2v_held_parent (const char *path, char **name_r, GError **error);
/* Can nobody but this user and root change what PATH, a directory, leads to, or replace a file
 * that this user makes in it? */
gboolean v2v_held_is_private (const char *path);
/* Opens PATH, which has to exist, with the flags FLAGS of open(2). A link at its end is
 * followed as those on the way are. Returns a descriptor that programs do not inherit, or -1.
 */
int v2v_held_open (const char *path, int flags, GError **error);
/* Opens PATH, which has to be a directory. A link that another user could have put on the way
 * is V2V_EXIT_NOPERM. */
V2vDir *v2v_dir_open (const char *path, GError **error);
/* Opens RELATIVE, which has to exist, in the directory ROOT. Links are followed as long as they
 * stay beneath ROOT; otherwise V2V_EXIT_NOPERM. ROOT itself may be any path. */
int v2v_held_open_beneath (const char *root, const char *relative, int flags, GError **error);

/* Removes PATH, and if it is a directory all that is below it in its file system, as far as that
 * can be removed. No link is followed but those of one's own on the way to PATH. */
void v2v_held_remove (const char *path);

/* Reads all of the regular file PATH, which has to be this user's own or root's and not
 * writable by anybody else (V2V_EXIT_NOPERM), and of at most MAX bytes (V2V_EXIT_DATA). WHAT it
 * is stands in messages ("report"). *TEXT_R ends with a zero that does not count. */
gboolean v2v_held_read (const char *path, const char *what, gsize max, char **text_r,
                        gsize *length_r, GError **error);
/* Reads the regular file FD, which is at PATH, whoever it belongs to. */
gboolean v2v_held_read_all (int fd, const char *path, gsize max, char **text_r, gsize *length_r,
                            GError **error);

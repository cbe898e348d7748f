/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A small tree of files in memory: of a directory of the host, or of an archive. Only for tests.
 *
 * A directory under version control has neither owners nor modes, so those of a directory DIR are
 * 0:0, 0755 for directories and programs, and 0644 for other files, unless DIR.modes says
 * otherwise: lines "MODE UID:GID PATH", where a PATH that ends in / makes a directory if there is
 * none. Links are kept as they are and never followed.
 */
#pragma once

#include "base/error.h"

/* Limits of a tree, against directories of others. */
#define V2V_FILE_TREE_NAMES 10000
#define V2V_FILE_TREE_BYTES (64 * 1024 * 1024)
#define V2V_FILE_TREE_DEPTH 40

typedef struct V2vFileTree V2vFileTree;

/* Anything but files, directories and links is an error (V2V_EXIT_CONFIG), and so are links that
 * climb out of DIRECTORY, and too much of it. */
V2vFileTree *v2v_file_tree_from_directory (const char *directory, GError **error);
/* The archive is a tar file. */
V2vFileTree *v2v_file_tree_from_archive (const char *archive, GError **error);
void v2v_file_tree_free (V2vFileTree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vFileTree, v2v_file_tree_free)

/* Writes a tar file. */
gboolean v2v_file_tree_to_archive (const V2vFileTree *tree, const char *archive,
                                   GError **error);

/* How FOUND differs from EXPECTED in names, types, modes, owners, links and content: lines for
 * people, with a unified diff of texts; "" if it does not. To be freed with g_free. */
char *v2v_file_tree_diff (const V2vFileTree *expected, const V2vFileTree *found);

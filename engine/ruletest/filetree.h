/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A small file tree in memory, read from a directory of the host or from an archive. For tests
 * only.
 *
 * A directory under version control records neither owners nor modes. So entries from a
 * directory DIR belong to 0:0 and have mode 0755 (directories and programs) or 0644 (other
 * files), unless the file DIR.modes sets something else: it has lines "MODE UID:GID PATH", and
 * creates the directory PATH if that ends in / and does not exist. Links are kept and never
 * followed.
 */
#pragma once

#include "base/error.h"

/* Limits of a tree, against hostile directories. */
#define V2V_FILE_TREE_NAMES 10000
#define V2V_FILE_TREE_BYTES (64 * 1024 * 1024)
#define V2V_FILE_TREE_DEPTH 40

typedef struct V2vFileTree V2vFileTree;

/* Reads DIRECTORY. Refuses (V2V_EXIT_CONFIG) anything but files, directories and links, links
 * that lead out of DIRECTORY, and trees that exceed the limits. */
V2vFileTree *v2v_file_tree_from_directory (const char *directory, GError **error);
/* Reads the tar file ARCHIVE. */
V2vFileTree *v2v_file_tree_from_archive (const char *archive, GError **error);
void v2v_file_tree_free (V2vFileTree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vFileTree, v2v_file_tree_free)

/* Writes TREE to the tar file ARCHIVE. */
gboolean v2v_file_tree_to_archive (const V2vFileTree *tree, const char *archive,
                                   GError **error);

/* Describes in lines how FOUND differs from EXPECTED in names, types, modes, owners, links and
 * content, with a unified diff of texts; "" if it does not. To be freed with g_free. */
char *v2v_file_tree_diff (const V2vFileTree *expected, const V2vFileTree *found);

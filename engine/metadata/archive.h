/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads the files of a guest that are kept together, in a directory or in an archive. The
 * files of an uncompressed tar archive are read in place; the files of any other archive are
 * unpacked first.
 *
 * An archive may be hostile. Links, devices, names that lead out of it, duplicate names and
 * impossible sizes are refused before anything is created from them.
 */
#pragma once

#include <glib.h>

#include "base/error.h"

typedef struct {
  char *name;    /* relative to the archive's root, without ".." */
  char *path;    /* absolute path of the file that contains its bytes */
  gint64 offset; /* where its bytes begin in the file PATH */
  gint64 size;
  gboolean inside; /* the bytes are read from the archive itself, so PATH is the archive */
} V2vArchiveFile;

typedef struct V2vArchive V2vArchive;

/* Limits against hostile archives. */
#define V2V_ARCHIVE_FILES_MAX 10000
#define V2V_ARCHIVE_NAME_MAX 1024

/* Opens the archive or directory PATH. Files that have to be unpacked are written to a new
 * directory in WORK_DIR, and each is registered as temporary (base/tempfile.h). */
V2vArchive *v2v_archive_open (const char *path, const char *work_dir, GError **error);
void v2v_archive_free (V2vArchive *archive);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vArchive, v2v_archive_free)

gboolean v2v_archive_is_directory (const V2vArchive *archive);
/* The files (V2vArchiveFile) of the archive, or those directly in the directory, without
 * subdirectories. The array belongs to the archive. */
const GPtrArray *v2v_archive_files (const V2vArchive *archive);
/* The file with the name NAME; NULL without an error if it does not exist. Belongs to the
 * archive. */
const V2vArchiveFile *v2v_archive_find (V2vArchive *archive, const char *name, GError **error);
/* The file that a manifest or an envelope calls NAME. NAME is relative to the directory of
 * BESIDE, the file that names it. NULL without an error if it does not exist. Belongs to the
 * archive. */
const V2vArchiveFile *v2v_archive_find_beside (V2vArchive *archive,
                                               const V2vArchiveFile *beside, const char *name,
                                               GError **error);
/* The name of FILE for messages, such as "X.ova: disk.vmdk". To be freed with g_free. */
char *v2v_archive_place (const V2vArchive *archive, const V2vArchiveFile *file);

/* All bytes of FILE, followed by a NUL that LENGTH_R does not include. A file of more than MAX
 * bytes is an error. To be freed with g_free. */
char *v2v_archive_read (const V2vArchive *archive, const V2vArchiveFile *file, gsize max,
                        gsize *length_r, GError **error);
/* The checksum of FILE in lower-case hexadecimal digits. To be freed with g_free. */
char *v2v_archive_checksum (const V2vArchive *archive, const V2vArchiveFile *file,
                            GChecksumType type, GError **error);

/* Whether FILE itself is compressed (with gzip, for example), rather than the archive around
 * it. */
gboolean v2v_archive_is_compressed (const V2vArchiveFile *file);
/* Unpacks FILE, which is itself compressed, to a new file named NAME. SIZE is the expected
 * size of the result, or -1 if it is not known. The result belongs to the archive. */
const V2vArchiveFile *v2v_archive_unpack (V2vArchive *archive, const V2vArchiveFile *file,
                                          const char *name, gint64 size, GError **error);
/* Creates a file named NAME with the concatenated content of PARTS (V2vArchiveFile). The
 * result belongs to the archive. */
const V2vArchiveFile *v2v_archive_join (V2vArchive *archive, const GPtrArray *parts,
                                        const char *name, GError **error);
/* Reads the first LENGTH bytes of FILE, or all of them if it is shorter. FALSE if it cannot be
 * read. */
gboolean v2v_archive_start (const V2vArchiveFile *file, char *buffer, gsize length,
                            gsize *length_r);
/* Creates a file named NAME of SIZE bytes, all of them 0. The result belongs to the archive. */
const V2vArchiveFile *v2v_archive_add_empty (V2vArchive *archive, const char *name, gint64 size,
                                             GError **error);

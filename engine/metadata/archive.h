/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The files of a guest that lie together: in a directory, or in an archive. Those of a tar archive
 * that is not compressed are read where they are, those of any other are unpacked first.
 *
 * An archive is hostile. Links, devices, names that lead out of it, names that come twice and
 * sizes that cannot be are refused before anything is made of them.
 */
#pragma once

#include <glib.h>

#include "base/error.h"

typedef struct {
  char *name;    /* within the archive: relative, no ".." */
  char *path;    /* absolute: the file that holds its bytes */
  gint64 offset; /* where they begin in that file */
  gint64 size;
  gboolean inside; /* PATH is the archive itself */
} V2vArchiveFile;

typedef struct V2vArchive V2vArchive;

/* Limits against hostile archives. */
#define V2V_ARCHIVE_FILES_MAX 10000
#define V2V_ARCHIVE_NAME_MAX 1024

/* Opens the archive or directory PATH. What has to be unpacked goes into a new directory in WORK_DIR,
 * where every file is noted (base/tempfile.h). */
V2vArchive *v2v_archive_open (const char *path, const char *work_dir, GError **error);
void v2v_archive_free (V2vArchive *archive);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vArchive, v2v_archive_free)

gboolean v2v_archive_is_directory (const V2vArchive *archive);
/* V2vArchiveFile, of a directory only those in it itself. Belongs to the archive. */
const GPtrArray *v2v_archive_files (const V2vArchive *archive);
/* The file that NAME says. NULL without an error: there is none. Belongs to the archive. */
const V2vArchiveFile *v2v_archive_find (V2vArchive *archive, const char *name, GError **error);
/* The same, if a manifest or an envelope, in the same directory of the archive as BESIDE, calls it
 * NAME. */
const V2vArchiveFile *v2v_archive_find_beside (V2vArchive *archive,
                                               const V2vArchiveFile *beside, const char *name,
                                               GError **error);
/* How FILE is called in messages: "X.ova: disk.vmdk". To be freed with g_free. */
char *v2v_archive_place (const V2vArchive *archive, const V2vArchiveFile *file);

/* All bytes of FILE, ended by a NUL that does not count, if there are at most MAX. */
char *v2v_archive_read (const V2vArchive *archive, const V2vArchiveFile *file, gsize max,
                        gsize *length_r, GError **error);
/* The checksum of FILE in lower case. To be freed with g_free. */
char *v2v_archive_checksum (const V2vArchive *archive, const V2vArchiveFile *file,
                            GChecksumType type, GError **error);

/* Is FILE compressed by itself (gzip and the like)? */
gboolean v2v_archive_is_compressed (const V2vArchiveFile *file);
/* Unpacks FILE, compressed by itself, into a new file called NAME. SIZE is what it is said to
 * have then, or -1. The result belongs to the archive. */
const V2vArchiveFile *v2v_archive_unpack (V2vArchive *archive, const V2vArchiveFile *file,
                                          const char *name, gint64 size, GError **error);
/* A new file called NAME with the bytes of PARTS (V2vArchiveFile), one after the other. */
const V2vArchiveFile *v2v_archive_join (V2vArchive *archive, const GPtrArray *parts,
                                        const char *name, GError **error);
/* The first LENGTH bytes of FILE, or fewer if it has fewer. FALSE: it cannot be read. */
gboolean v2v_archive_start (const V2vArchiveFile *file, char *buffer, gsize length,
                            gsize *length_r);
/* A new file called NAME of SIZE bytes, all 0. */
const V2vArchiveFile *v2v_archive_add_empty (V2vArchive *archive, const char *name, gint64 size,
                                             GError **error);

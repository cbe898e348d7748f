/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Presents a directory or an archive as a list of files.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/log.h"
#include "base/tempfile.h"
#include "metadata/archive.h"
#include "metadata/unarchiver.h"

#define SIZE_MAX_BYTES ((gint64)1 << 50)
#define MIB ((gint64)1024 * 1024)
/* An archive that unpacks to more than BOMB_BYTES, and to more than BOMB_RATIO times its own
 * size, is treated as a decompression bomb. */
#define BOMB_BYTES (1024 * MIB)
#define BOMB_RATIO 20000
/* Free space that unpacking leaves to other programs. */
#define SPACE_KEPT (64 * MIB)
#define BLOCK 65536

struct V2vArchive {
  char *path;         /* the name that the user gave, for messages */
  char *real;         /* absolute, without symbolic links */
  gboolean directory; /* PATH is a directory */
  char *work_dir;     /* where files are unpacked to */
  gint64 length;      /* bytes of the archive */
  gint64 unpacked;    /* bytes unpacked so far */
  GPtrArray *files;   /* V2vArchiveFile */
  GHashTable *names;  /* name -> V2vArchiveFile */
};

static void
file_free (gpointer data)
{
  V2vArchiveFile *file = data;

  g_free (file->name);
  g_free (file->path);
  g_free (file);
}

void
v2v_archive_free (V2vArchive *archive)
{
  if (!archive)
    return;
  g_hash_table_unref (archive->names);
  g_ptr_array_unref (archive->files);
  g_free (archive->path);
  g_free (archive->real);
  g_free (archive->work_dir);
  g_free (archive);
}

gboolean
v2v_archive_is_directory (const V2vArchive *archive)
{
  return archive->directory;
}

const GPtrArray *
v2v_archive_files (const V2vArchive *archive)
{
  return archive->files;
}

char *
v2v_archive_place (const V2vArchive *archive, const V2vArchiveFile *file)
{
  return archive->directory ? g_build_filename (archive->path, file->name, NULL)
                            : g_strdup_printf ("%s: %s", archive->path, file->name);
}

static V2vArchiveFile *
add_file (V2vArchive *archive, const char *name, const char *path, gint64 offset, gint64 size,
          gboolean inside)
{
  V2vArchiveFile *file = g_new0 (V2vArchiveFile, 1);

  file->name = g_strdup (name);
  file->path = g_strdup (path);
  file->offset = offset;
  file->size = size;
  file->inside = inside;
  g_ptr_array_add (archive->files, file);
  g_hash_table_insert (archive->names, file->name, file);
  return file;
}

/* ---- names ---- */

/* NAME without "." parts and repeated slashes, or NULL if it leads out of the archive. */
static char *
plain_name (const char *name)
{
  g_auto (GStrv) parts = NULL;
  GString *plain;

  if (name[0] == '/')
    return NULL;
  parts = g_strsplit (name, "/", -1);
  plain = g_string_new (NULL);
  for (char **part = parts; *part; part++) {
    if (**part == '\0' || strcmp (*part, ".") == 0)
      continue;
    if (strcmp (*part, "..") == 0) {
      g_string_free (plain, TRUE);
      return NULL;
    }
    g_string_append_printf (plain, "%s%s", plain->len ? "/" : "", *part);
  }
  return g_string_free (plain, FALSE);
}

static gboolean
has_control (const char *name)
{
  for (; *name; name++)
    if ((guchar)*name < ' ' || *name == 0x7f)
      return TRUE;
  return FALSE;
}

/* Reports that the archive has a bad entry. WHY continues the sentence that begins with NAME. */
static gboolean
bad_entry (const V2vArchive *archive, const char *name, const char *why, GError **error)
{
  g_autofree char *shown =
      v2v_printable (name ? name : "", MIN ((gssize)strlen (name ? name : ""), 200), FALSE);

  g_set_error (error, V2V_ERROR, V2V_EXIT_DATA, "%s: its entry \"%s\" %s", archive->path, shown,
               why);
  return FALSE;
}

static char *
entry_name (const V2vArchive *archive, const char *name, GError **error)
{
  g_autofree char *plain = NULL;

  if (!*name || !g_utf8_validate (name, -1, NULL) || has_control (name)) {
    bad_entry (archive, name,
               "has a name that is not plain text, which no exporter writes: get the archive "
               "again from where it came from",
               error);
    return NULL;
  }
  if (strlen (name) > V2V_ARCHIVE_NAME_MAX) {
    bad_entry (archive, name,
               "has a name of more than 1024 bytes: check that this is the "
               "archive of a guest",
               error);
    return NULL;
  }
  plain = plain_name (name);
  if (!plain)
    bad_entry (archive, name,
               "has a name that leads out of the archive: refusing to unpack it, since the "
               "archive of a guest names all its files relative to itself",
               error);
  return g_steal_pointer (&plain);
}

/* ---- unpacking ---- */

static gboolean
check_space (const V2vArchive *archive, gint64 more, GError **error)
{
  struct statvfs fs;

  if (statvfs (archive->work_dir, &fs) < 0) {
    v2v_error_set_errno (error, errno, "cannot find the free space of %s", archive->work_dir);
    return FALSE;
  }
  if (more + SPACE_KEPT <=
      (gint64)MIN ((guint64)fs.f_bavail * fs.f_frsize, (guint64)G_MAXINT64))
    return TRUE;
  g_set_error (error, V2V_ERROR, V2V_EXIT_CANTCREAT,
               "%s: not enough space to unpack it: needs %.1f MiB more, but only %.1f MiB "
               "are free in the file system of %s; free some space, or set TMPDIR to a "
               "directory with more",
               archive->path, (double)(more + SPACE_KEPT) / MIB,
               (double)fs.f_bavail * fs.f_frsize / MIB, archive->work_dir);
  return FALSE;
}

/* Checks that MORE bytes may be unpacked from PACKED bytes of the archive: it is not a
 * decompression bomb, and the file system has space. */
static gboolean
check_growth (const V2vArchive *archive, gint64 more, gint64 packed, GError **error)
{
  gint64 whole = archive->unpacked + more;

  if (more < 0 || more > SIZE_MAX_BYTES || whole > SIZE_MAX_BYTES ||
      (whole > BOMB_BYTES && whole / BOMB_RATIO > packed)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s: it unpacks to %" G_GINT64_FORMAT " bytes or more, from %" G_GINT64_FORMAT
                 ": refusing to unpack it, since this looks like a decompression bomb",
                 archive->path, MAX (whole, more), packed);
    return FALSE;
  }
  return check_space (archive, more, error);
}

/* Creates the file NAME in the work directory, and the directories above it. */
static int
make_file (const V2vArchive *archive, const char *name, char **path_r, GError **error)
{
  g_autofree char *top = g_build_filename (archive->work_dir, "unpacked", NULL);
  g_autofree char *path = g_build_filename (top, name, NULL);
  int fd;

  for (char *slash = path + strlen (archive->work_dir); (slash = strchr (slash + 1, '/'));) {
    *slash = '\0';
    if (!g_file_test (path, G_FILE_TEST_EXISTS)) {
      v2v_temp_add (path);
      mkdir (path, 0700);
    }
    *slash = '/';
  }
  v2v_temp_add (path);
  fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) {
    v2v_error_set_errno (error, errno, "cannot unpack %s of %s to %s", name, archive->path,
                         path);
    v2v_temp_forget (path);
    return -1;
  }
  *path_r = g_steal_pointer (&path);
  return fd;
}

static gboolean
all_zero (const char *bytes, gsize length)
{
  return length == 0 || (bytes[0] == 0 && memcmp (bytes, bytes + 1, length - 1) == 0);
}

static gboolean
failed_to_read (const V2vArchive *archive, const V2vUnarchiver *reader, const char *name,
                GError **error)
{
  gboolean unknown;
  const char *why = v2v_unarchiver_failed (reader, &unknown);

  if (unknown) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s is not an archive in a known format: expected a tar archive, which may "
                 "be compressed with gzip, xz, zstd or bzip2, or a zip archive",
                 archive->path);
    return FALSE;
  }
  g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
               "%s: it is damaged%s%s: %s; copy or export it again", archive->path,
               name ? " in " : "", name ? name : "", why ? why : "it ends too early");
  return FALSE;
}

/* Writes the current entry of READER to a new file. SIZE is the size that the archive says it
 * has, or -1. */
static gboolean
write_entry (V2vArchive *archive, V2vUnarchiver *reader, const char *name, gint64 size,
             gint64 packed, char **path_r, gint64 *size_r, GError **error)
{
  gint64 done = 0, checked = 0;
  const char *buffer;
  gssize got;
  int fd;

  if (size >= 0 && !check_growth (archive, size, packed, error))
    return FALSE;
  fd = make_file (archive, name, path_r, error);
  if (fd < 0)
    return FALSE;
  while ((got = v2v_unarchiver_data (reader, &buffer)) > 0) {
    if (size >= 0 && done + got > size) {
      bad_entry (archive, name, "is longer than the archive says: it is damaged", error);
      goto failed;
    }
    /* The archive may state a wrong size or none, so the space is checked again as the file
     * grows. */
    if (done + got > checked + 64 * MIB) {
      if (size < 0 && !check_growth (archive, done + got, packed, error))
        goto failed;
      checked = done;
      v2v_step_progress (
          MIN (1.0, (double)v2v_unarchiver_position (reader) / (double)MAX (packed, 1)));
    }
    /* Blocks of zeros become holes, which take no space. */
    if (all_zero (buffer, (gsize)got)) {
      if (lseek (fd, got, SEEK_CUR) < 0) {
        v2v_error_set_errno (error, errno, "cannot write to %s", *path_r);
        goto failed;
      }
    } else if (!v2v_write_all (fd, *path_r, buffer, (gsize)got, error)) {
      goto failed;
    }
    done += got;
  }
  if (got < 0 || (size >= 0 && done != size)) {
    failed_to_read (archive, reader, name, error);
    goto failed;
  }
  if (ftruncate (fd, done) < 0) {
    v2v_error_set_errno (error, errno, "cannot write to %s", *path_r);
    goto failed;
  }
  close (fd);
  archive->unpacked += done;
  *size_r = done;
  return TRUE;

failed:
  close (fd);
  v2v_temp_remove (*path_r);
  g_clear_pointer (path_r, g_free);
  return FALSE;
}

/* ---- archives ---- */

static gboolean
add_entry (V2vArchive *archive, V2vUnarchiver *reader, const V2vEntry *entry, GError **error)
{
  g_autofree char *name = entry_name (archive, entry->name, error);
  g_autofree char *path = NULL;
  gint64 size = entry->size;

  if (!name)
    return FALSE;
  if (entry->kind == V2V_ENTRY_LINK)
    return bad_entry (archive, name,
                      "is a link: refusing to follow it, since the archive of a guest needs "
                      "none",
                      error);
  if (entry->kind == V2V_ENTRY_DIRECTORY)
    return TRUE;
  if (entry->kind != V2V_ENTRY_FILE)
    return bad_entry (archive, name,
                      "is neither a file nor a directory: check that this is the archive of "
                      "a guest",
                      error);
  if (*name == '\0' || g_hash_table_contains (archive->names, name))
    return bad_entry (archive, name,
                      "occurs twice, and nothing says which one is right: export the guest "
                      "again",
                      error);
  if (archive->files->len >= V2V_ARCHIVE_FILES_MAX) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s: it has more than %d files: check that this is the archive of a guest",
                 archive->path, V2V_ARCHIVE_FILES_MAX);
    return FALSE;
  }
  if (entry->offset >= 0 && size >= 0 && entry->offset <= archive->length &&
      size <= archive->length - entry->offset) {
    add_file (archive, name, archive->real, entry->offset, size, TRUE);
    return TRUE;
  }
  if (entry->in_tar && size > archive->length)
    return bad_entry (
        archive, name,
        "is longer than the whole archive, which is truncated: copy the archive again", error);
  if (!write_entry (archive, reader, name, size, archive->length, &path, &size, error))
    return FALSE;
  add_file (archive, name, path, 0, size, FALSE);
  return TRUE;
}

static gboolean
read_entries (V2vArchive *archive, V2vUnarchiver *reader, GError **error)
{
  const V2vEntry *entry;
  gint64 end = 0;
  gboolean unknown;

  while ((entry = v2v_unarchiver_next (reader)))
    if (!add_entry (archive, reader, entry, error))
      return FALSE;
  if (v2v_unarchiver_failed (reader, &unknown))
    return failed_to_read (archive, reader, NULL, error);
  /* libarchive skips the bytes of files and does not notice that they are missing, so the end
   * of the last file is compared with the size of the archive. */
  for (guint i = 0; i < archive->files->len; i++) {
    const V2vArchiveFile *file = archive->files->pdata[i];

    if (file->inside)
      end = MAX (end, file->offset + file->size);
  }
  if (end > archive->length || archive->files->len == 0) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA, "%s: the archive %s: copy or export it again",
                 archive->path, archive->files->len ? "is truncated" : "contains no file");
    return FALSE;
  }
  return TRUE;
}

static gboolean
open_archive (V2vArchive *archive, int fd, GError **error)
{
  g_autoptr (V2vUnarchiver) reader = v2v_unarchiver_start (fd, archive->length, error);

  return reader && read_entries (archive, reader, error);
}

/* ---- directories ---- */

/* The regular file NAME of a directory. NULL without an error if it does not exist; an error
 * if it is not a regular file, or a link leads out of the directory. */
static V2vArchiveFile *
find_in_directory (V2vArchive *archive, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (archive->real, name, NULL);
  g_autofree char *inside = g_strconcat (archive->real, "/", NULL);
  char *real = realpath (path, NULL);
  V2vArchiveFile *file = NULL;
  struct stat st;

  if (!real)
    return NULL;
  if (!g_str_has_prefix (real, inside) && strcmp (archive->real, "/") != 0) {
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_DATA,
        "%s: %s is a link out of the directory, to %s: refusing to read it; replace the link "
        "by the file itself",
        archive->path, name, real);
  } else if (stat (real, &st) < 0 || !S_ISREG (st.st_mode)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA, "%s: %s is not a regular file", archive->path,
                 name);
  } else {
    file = add_file (archive, name, real, 0, st.st_size, FALSE);
  }
  free (real);
  return file;
}

static gboolean
open_directory (V2vArchive *archive, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (archive->real, 0, NULL);
  const char *name;

  if (!dir) {
    v2v_error_set_errno (error, errno, "cannot read the directory %s", archive->path);
    return FALSE;
  }
  while ((name = g_dir_read_name (dir))) {
    g_autofree char *path = g_build_filename (archive->real, name, NULL);

    if (archive->files->len >= V2V_ARCHIVE_FILES_MAX)
      break;
    if (!g_utf8_validate (name, -1, NULL) || !g_file_test (path, G_FILE_TEST_IS_REGULAR))
      continue;
    find_in_directory (archive, name, NULL);
  }
  return TRUE;
}

/* ---- archives and directories ---- */

V2vArchive *
v2v_archive_open (const char *path, const char *work_dir, GError **error)
{
  g_autoptr (V2vArchive) archive = g_new0 (V2vArchive, 1);
  char *real = realpath (path, NULL);
  gboolean ok = FALSE;
  struct stat st;
  int fd;

  archive->path = g_strdup (path);
  archive->real = g_strdup (real);
  free (real);
  archive->work_dir = g_canonicalize_filename (work_dir, NULL);
  archive->files = g_ptr_array_new_with_free_func (file_free);
  archive->names = g_hash_table_new (g_str_hash, g_str_equal);
  /* Without O_NONBLOCK, opening a FIFO would wait for a writer for ever. */
  fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (fd < 0 || fstat (fd, &st) < 0 || !archive->real) {
    v2v_error_set_errno (error, errno, "cannot open the archive %s", path);
  } else if (S_ISDIR (st.st_mode)) {
    archive->directory = TRUE;
    ok = open_directory (archive, error);
  } else if (!S_ISREG (st.st_mode)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_NOINPUT,
                 "%s is neither a file nor a directory, expected an archive", path);
  } else {
    archive->length = st.st_size;
    ok = open_archive (archive, fd, error);
  }
  if (fd >= 0)
    close (fd);
  return ok ? g_steal_pointer (&archive) : NULL;
}

const V2vArchiveFile *
v2v_archive_find (V2vArchive *archive, const char *name, GError **error)
{
  g_autofree char *plain = has_control (name) ? NULL : plain_name (name);
  const V2vArchiveFile *file;

  if (!plain || !*plain) {
    g_autofree char *shown = v2v_printable (name, MIN ((gssize)strlen (name), 200), FALSE);

    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s: \"%s\" leads out of the archive: refusing to read it, since the files "
                 "of a guest are named relative to its description",
                 archive->path, shown);
    return NULL;
  }
  file = g_hash_table_lookup (archive->names, plain);
  return file || !archive->directory ? file : find_in_directory (archive, plain, error);
}

const V2vArchiveFile *
v2v_archive_find_beside (V2vArchive *archive, const V2vArchiveFile *beside, const char *name,
                         GError **error)
{
  const char *slash = strrchr (beside->name, '/');
  g_autofree char *whole =
      slash && name[0] != '/'
          ? g_strdup_printf ("%.*s/%s", (int)(slash - beside->name), beside->name, name)
          : g_strdup (name);

  return v2v_archive_find (archive, whole, error);
}

/* ---- content ---- */

static int
open_file (const V2vArchive *archive, const V2vArchiveFile *file, GError **error)
{
  int fd = open (file->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

  if (fd < 0) {
    g_autofree char *place = v2v_archive_place (archive, file);

    v2v_error_set_errno (error, errno, "cannot read %s", place);
  }
  return fd;
}

/* Reads up to LENGTH bytes of FILE at POSITION. */
static gssize
read_some (const V2vArchiveFile *file, int fd, gint64 position, char *buffer, gsize length)
{
  gssize got;

  length = (gsize)MIN ((gint64)length, file->size - position);
  do
    got = length ? pread (fd, buffer, length, file->offset + position) : 0;
  while (got < 0 && errno == EINTR);
  return got;
}

static gboolean
cut_short (const V2vArchive *archive, const V2vArchiveFile *file, gssize got, GError **error)
{
  g_autofree char *place = v2v_archive_place (archive, file);

  if (got < 0)
    v2v_error_set_errno (error, errno, "cannot read %s", place);
  else
    g_set_error (error, V2V_ERROR, V2V_EXIT_IOERR,
                 "another program truncated %s while it "
                 "was read",
                 place);
  return FALSE;
}

char *
v2v_archive_read (const V2vArchive *archive, const V2vArchiveFile *file, gsize max,
                  gsize *length_r, GError **error)
{
  g_autofree char *bytes = NULL;
  gssize got = 1;
  gsize done = 0;
  int fd;

  if (file->size > (gint64)max) {
    g_autofree char *place = v2v_archive_place (archive, file);

    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s: it has %" G_GINT64_FORMAT " bytes, at most %" G_GSIZE_FORMAT
                 " are read: this is not what an exporter writes",
                 place, file->size, max);
    return NULL;
  }
  if ((fd = open_file (archive, file, error)) < 0)
    return NULL;
  bytes = g_malloc0 ((gsize)file->size + 1);
  while (done < (gsize)file->size && got > 0) {
    got = read_some (file, fd, (gint64)done, bytes + done, (gsize)file->size - done);
    done += (gsize)MAX (got, 0);
  }
  close (fd);
  if (done < (gsize)file->size) {
    cut_short (archive, file, got, error);
    return NULL;
  }
  *length_r = done;
  return g_steal_pointer (&bytes);
}

char *
v2v_archive_checksum (const V2vArchive *archive, const V2vArchiveFile *file, GChecksumType type,
                      GError **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (type);
  g_autofree char *buffer = g_malloc (16 * BLOCK);
  gint64 done = 0;
  int fd = open_file (archive, file, error);

  if (fd < 0)
    return NULL;
  while (done < file->size) {
    gssize got = read_some (file, fd, done, buffer, 16 * BLOCK);

    if (got <= 0) {
      cut_short (archive, file, got, error);
      close (fd);
      return NULL;
    }
    g_checksum_update (sum, (const guchar *)buffer, got);
    if (done / (256 * MIB) != (done + got) / (256 * MIB))
      v2v_step_progress ((double)done / (double)file->size);
    done += got;
  }
  close (fd);
  return g_strdup (g_checksum_get_string (sum));
}

gboolean
v2v_archive_start (const V2vArchiveFile *file, char *buffer, gsize length, gsize *length_r)
{
  int fd = open (file->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  gssize got = fd < 0 ? -1 : read_some (file, fd, 0, buffer, length);

  if (fd >= 0)
    close (fd);
  *length_r = (gsize)MAX (got, 0);
  return got >= 0;
}

gboolean
v2v_archive_is_compressed (const V2vArchiveFile *file)
{
  static const struct {
    guint length;
    const char *bytes;
  } magics[] = {{3, "\x1f\x8b\x08"},
                {6, "\xfd"
                    "7zXZ\0"},
                {4, "\x28\xb5\x2f\xfd"},
                {3, "BZh"}};
  char start[8] = {0};
  gsize got;

  if (!v2v_archive_start (file, start, sizeof start, &got))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (magics); i++)
    if (got >= magics[i].length && memcmp (start, magics[i].bytes, magics[i].length) == 0)
      return TRUE;
  return FALSE;
}

const V2vArchiveFile *
v2v_archive_unpack (V2vArchive *archive, const V2vArchiveFile *file, const char *name,
                    gint64 size, GError **error)
{
  g_autoptr (V2vUnarchiver) reader = NULL;
  g_autofree char *path = NULL;
  gboolean ok = FALSE;
  int fd = open_file (archive, file, error);

  if (fd < 0)
    return NULL;
  reader = v2v_unarchiver_start_compressed (fd, file->offset, file->size, error);
  if (reader && v2v_unarchiver_next (reader))
    ok = write_entry (archive, reader, name, size, file->size, &path, &size, error);
  else if (reader)
    ok = failed_to_read (archive, reader, file->name, error);
  close (fd);
  return ok ? add_file (archive, name, path, 0, size, FALSE) : NULL;
}

/* Appends all bytes of FILE to the file PATH, which is open as FD. */
static gboolean
append (const V2vArchive *archive, const V2vArchiveFile *file, int fd, const char *path,
        GError **error)
{
  g_autofree char *buffer = g_malloc (BLOCK);
  int from = open_file (archive, file, error);
  gint64 done = 0;
  gssize got = 1;
  gboolean ok = from >= 0;

  while (ok && done < file->size) {
    got = read_some (file, from, done, buffer, BLOCK);
    ok = got > 0 ? v2v_write_all (fd, path, buffer, (gsize)got, error)
                 : cut_short (archive, file, got, error);
    if (ok && done / (64 * MIB) != (done + got) / (64 * MIB))
      v2v_step_progress ((double)done / (double)file->size);
    done += MAX (got, 0);
  }
  if (from >= 0)
    close (from);
  return ok;
}

const V2vArchiveFile *
v2v_archive_join (V2vArchive *archive, const GPtrArray *parts, const char *name, GError **error)
{
  g_autofree char *path = NULL;
  gint64 whole = 0;
  gboolean ok = TRUE;
  int fd;

  for (guint i = 0; i < parts->len; i++)
    whole += ((const V2vArchiveFile *)parts->pdata[i])->size;
  if (!check_growth (archive, whole, whole, error) ||
      (fd = make_file (archive, name, &path, error)) < 0)
    return NULL;
  for (guint i = 0; ok && i < parts->len; i++)
    ok = append (archive, parts->pdata[i], fd, path, error);
  close (fd);
  if (!ok) {
    v2v_temp_remove (path);
    return NULL;
  }
  archive->unpacked += whole;
  return add_file (archive, name, path, 0, whole, FALSE);
}

const V2vArchiveFile *
v2v_archive_add_empty (V2vArchive *archive, const char *name, gint64 size, GError **error)
{
  g_autofree char *path = NULL;
  int fd = make_file (archive, name, &path, error);

  if (fd < 0)
    return NULL;
  if (ftruncate (fd, size) < 0) {
    v2v_error_set_errno (error, errno,
                         "cannot create a disk of %" G_GINT64_FORMAT " bytes in %s", size,
                         archive->work_dir);
    close (fd);
    v2v_temp_remove (path);
    return NULL;
  }
  close (fd);
  return add_file (archive, name, path, 0, size, FALSE);
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fuzz target: an archive as the source "ova" opens it, and every file in it.
 */
#include "config.h"

#include <string.h>
#include <sys/stat.h>

#include "metadata/archive.h"

#include "fuzz-guest.h"
#include "fuzz.h"

#define TEXT_MAX (1024 * 1024)

int
LLVMFuzzerInitialize (int *argc G_GNUC_UNUSED, char ***argv G_GNUC_UNUSED)
{
  static const char *const names[] = {NULL};

  fuzz_guest_setup (names);
  return 0;
}

static void
check_file (const V2vArchiveFile *file, const char *path, gint64 length)
{
  g_autofree char *whole = g_strconcat ("/", file->name, "/", NULL);
  struct stat st;

  g_assert_cmpuint (strlen (file->name), >, 0);
  g_assert_null (strstr (whole, "/../"));
  g_assert_null (strstr (whole, "//"));
  if (file->inside) {
    g_assert_cmpstr (file->path, ==, path);
    g_assert_cmpint (file->offset, >, 0);
    g_assert_cmpint (file->size, >=, 0);
    g_assert_cmpint (file->size, <=, length - file->offset);
    return;
  }
  g_assert_true (g_str_has_prefix (file->path, fuzz_guest_work ()));
  g_assert_null (strstr (file->path, "/../"));
  g_assert_cmpint (lstat (file->path, &st), ==, 0);
  g_assert_true (S_ISREG (st.st_mode));
  g_assert_cmpint (st.st_size, ==, file->size);
  g_assert_cmpint (file->offset, ==, 0);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *path = g_build_filename (fuzz_guest_directory (), "guest.ova", NULL);
  g_autoptr (GError) error = NULL;
  V2vArchive *archive;

  fuzz_guest_write ("guest.ova", data, size);
  archive = v2v_archive_open (path, fuzz_guest_work (), &error);
  if (archive) {
    const GPtrArray *files = v2v_archive_files (archive);
    guint count = files->len;

    g_assert_no_error (error);
    for (guint i = 0; i < count; i++) {
      const V2vArchiveFile *file = files->pdata[i];
      g_autofree char *name = g_strdup_printf ("image-%u", i);
      g_autofree char *text = NULL;
      gsize length;

      check_file (file, path, (gint64)size);
      g_assert_true (v2v_archive_find (archive, file->name, NULL) == file);
      text = v2v_archive_read (archive, file, TEXT_MAX, &length, NULL);
      g_assert_true (!text == (file->size > TEXT_MAX));
      g_assert_true (!text || (gint64)length == file->size);
      if (i < 16 && v2v_archive_is_compressed (file)) {
        const V2vArchiveFile *image = v2v_archive_unpack (archive, file, name, -1, NULL);

        if (image)
          check_file (image, path, (gint64)size);
      }
    }
    v2v_archive_free (archive);
  } else if (error->domain != V2V_ERROR ||
             (error->code != V2V_EXIT_IOERR && error->code != V2V_EXIT_CANTCREAT)) {
    /* Files that are larger than this target allows are the host's failure. */
    g_assert_error (error, V2V_ERROR, V2V_EXIT_DATA);
  }
  fuzz_guest_clean ();
  return 0;
}

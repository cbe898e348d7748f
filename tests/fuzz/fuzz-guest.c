/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The directory of fuzz targets that read guests.
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/log.h"
#include "base/tempfile.h"

#include "fuzz-guest.h"

/* Larger files cannot be made: what is unpacked is bounded. */
#define FILE_MAX (64 * 1024 * 1024)

static char *top, *guest, *work;
static guint guest_files;

static guint
count_files (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint count = 0;

  g_assert_nonnull (dir);
  while (g_dir_read_name (dir))
    count++;
  return count;
}

/* All that is made is announced before, and has its place below WORK. */
static void
announced (const char *path, gboolean exists, gpointer data G_GNUC_UNUSED)
{
  g_autofree char *whole = g_strconcat (path, "/", NULL);

  if (!exists)
    return;
  g_assert_true (g_str_has_prefix (path, work));
  g_assert_cmpint (path[strlen (work)], ==, '/');
  g_assert_null (strstr (whole, "/../"));
}

static void
remove_all (void)
{
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", top);

  g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL);
}

void
fuzz_guest_setup (const char *const *names)
{
  struct rlimit limit = {FILE_MAX, FILE_MAX};
  g_autoptr (GError) error = NULL;
  g_autofree char *outside = NULL;
  g_autofree char *inner = NULL;
  g_autofree char *link = NULL;

  v2v_log_setup (V2V_QUIET, -1);
  top = g_dir_make_tmp ("v2v-fuzz.XXXXXX", &error);
  g_assert_no_error (error);
  atexit (remove_all);
  /* A name that leads up a few directories is still in the target's own. */
  inner = g_build_filename (top, "1", "2", "3", NULL);
  guest = g_build_filename (inner, "guest", NULL);
  work = g_build_filename (inner, "work", NULL);
  g_assert_cmpint (g_mkdir_with_parents (guest, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (work, 0700), ==, 0);
  outside = g_build_filename (inner, "outside.vmdk", NULL);
  link = g_build_filename (guest, "link.vmdk", NULL);
  g_assert_true (g_file_set_contents (outside, "outside\n", -1, NULL));
  g_assert_cmpint (symlink (outside, link), ==, 0);
  for (; *names; names++) {
    g_autofree char *text = g_strdup_printf ("%s\n", *names);

    fuzz_guest_write (*names, text, strlen (text));
  }
  v2v_temp_listen (announced, NULL);
  signal (SIGXFSZ, SIG_IGN);
  setrlimit (RLIMIT_FSIZE, &limit);
}

const char *
fuzz_guest_directory (void)
{
  return guest;
}

const char *
fuzz_guest_work (void)
{
  return work;
}

void
fuzz_guest_write (const char *name, const void *data, gsize size)
{
  g_autofree char *path = g_build_filename (guest, name, NULL);
  FILE *file = fopen (path, "w");

  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (data, 1, size, file), ==, size);
  g_assert_cmpint (fclose (file), ==, 0);
  guest_files = count_files (guest);
}

void
fuzz_guest_clean (void)
{
  g_autofree char *inner = g_path_get_dirname (work);
  g_autofree char *unpacked = g_build_filename (work, "unpacked", NULL);
  g_autofree char *path = g_strdup (inner);

  v2v_temp_remove_below (unpacked);
  v2v_temp_remove (unpacked);
  g_assert_cmpuint (v2v_temp_list ()->len, ==, 0);
  g_assert_cmpuint (count_files (work), ==, 0);
  g_assert_cmpuint (count_files (guest), ==, guest_files);
  g_assert_cmpuint (count_files (inner), ==, 3);
  while (strcmp (path, top) != 0) {
    char *up = g_path_get_dirname (path);

    g_assert_cmpuint (count_files (up), ==, 1);
    g_free (path);
    path = up;
  }
  g_ptr_array_set_size ((GPtrArray *)v2v_log_warnings (), 0);
}

static void
check_disk (const V2vDomainDisk *disk)
{
  g_autofree char *real = realpath (disk->path, NULL);

  g_assert_nonnull (real);
  g_assert_true (g_str_has_prefix (real, guest) || g_str_has_prefix (real, work));
  g_assert_cmpint (real[strlen (g_str_has_prefix (real, guest) ? guest : work)], ==, '/');
  g_assert_cmpint (disk->slice.offset, >=, 0);
}

void
fuzz_guest_read (const V2vSource *source, const char *name, const void *data, gsize size)
{
  V2vOptionValues *options = v2v_option_values_new ();
  g_autofree char *path = g_build_filename (guest, name, NULL);
  GError *error = NULL;
  GPtrArray *disks = NULL;
  xmlDoc *domain;

  fuzz_guest_write (name, data, size);
  domain = source->read (path, options, work, &error);
  g_assert_true (domain == NULL || error == NULL);
  if (domain && v2v_domain_normalize (domain, path, &error))
    disks = v2v_domain_disks (domain, path, &error);
  if (disks) {
    xmlDoc *again = xmlCopyDoc (domain, 1);

    g_assert_no_error (error);
    /* What is in the one form stays so. */
    g_assert_true (v2v_domain_normalize (again, path, NULL));
    g_assert_true (v2v_xml_equal (domain, again));
    xmlFreeDoc (again);
    for (guint i = 0; i < disks->len; i++)
      check_disk (disks->pdata[i]);
    g_ptr_array_unref (disks);
  } else {
    g_assert_nonnull (error);
    /* A file that is too large for this target, or for the file system, is the host's failure.
     */
    if (error->domain != V2V_ERROR ||
        (error->code != V2V_EXIT_CANTCREAT && error->code != V2V_EXIT_IOERR))
      g_assert_error (error, V2V_ERROR, V2V_EXIT_DATA);
    g_assert_nonnull (strstr (error->message, error->code == V2V_EXIT_DATA ? guest : top));
  }
  g_clear_error (&error);
  xmlFreeDoc (domain);
  v2v_option_values_free (options);
  fuzz_guest_clean ();
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Tests of files at a path that the user named: what is no regular file stays what it is.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/outfile.h"
#include "base/tempfile.h"

#include "disk-util.h"

static void
expect_written (const char *path, guint mode)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (v2v_write_file (path, "new\n", -1, mode, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (v2v_temp_list ()->len, ==, 0);
}

static void
expect_refused (const char *path, V2vExit status, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (v2v_out_file_open (path, &error));
  g_assert_error (error, V2V_ERROR, (gint)status);
  g_assert_nonnull (strstr (error->message, text));
  g_assert_true (g_str_has_prefix (error->message, path));
}

static void
expect_content (const char *path, const char *expected)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, expected);
}

static guint
mode_of (const char *path)
{
  struct stat st;

  g_assert_cmpint (stat (path, &st), ==, 0);
  return st.st_mode & 07777;
}

static gboolean
is_kind (const char *path, mode_t kind)
{
  struct stat st;

  return lstat (path, &st) == 0 && (st.st_mode & S_IFMT) == kind;
}

static void
test_regular (void)
{
  g_autofree char *dir = test_dir ();
  g_autofree char *path = in (dir, "file");
  g_autofree char *long_name = g_strnfill (255, 'x');
  g_autofree char *long_path = in (dir, long_name);
  const mode_t mask = umask (022);
  struct stat before, after;
  int fd;

  expect_written (path, 0);
  g_assert_cmpuint (mode_of (path), ==, 0644);
  g_assert_cmpint (g_chmod (path, 0640), ==, 0);
  g_assert_cmpint (stat (path, &before), ==, 0);
  fd = open (path, O_RDONLY);
  expect_written (path, 0);
  g_assert_cmpuint (mode_of (path), ==, 0640);
  g_assert_cmpint (stat (path, &after), ==, 0);
  /* Replaced, and not written into: whoever has the old one open sees all of it. */
  g_assert_cmpuint (before.st_ino, !=, after.st_ino);
  close (fd);
  expect_written (path, 0600);
  g_assert_cmpuint (mode_of (path), ==, 0600);
  expect_content (path, "new\n");
  expect_written (long_path, 0);
  umask (mask);
}

static void
test_link (void)
{
  g_autofree char *dir = test_dir ();
  g_autofree char *path = in (dir, "file");
  g_autofree char *link = in (dir, "link");
  g_autofree char *second = in (dir, "second");
  g_autofree char *circle = in (dir, "circle");
  g_autoptr (V2vOutFile) file = NULL;

  g_assert_cmpint (symlink ("file", link), ==, 0);
  g_assert_cmpint (symlink (link, second), ==, 0);
  g_assert_cmpint (symlink ("circle", circle), ==, 0);
  /* One that leads nowhere yet, too. */
  expect_written (second, 0600);
  g_assert_true (is_kind (second, S_IFLNK));
  g_assert_true (is_kind (link, S_IFLNK));
  g_assert_true (is_kind (path, S_IFREG));
  expect_content (path, "new\n");
  expect_written (second, 0600);
  g_assert_true (is_kind (link, S_IFLNK));
  expect_refused (circle, V2V_EXIT_CANTCREAT, "may lead to itself");
  file = v2v_out_file_open (second, NULL);
  g_assert_cmpstr (v2v_out_file_regular (file), ==, path);
}

static void
test_link_of_another (void)
{
  g_autofree char *dir = test_dir ();
  g_autofree char *path = in (dir, "file");
  g_autofree char *link = in (dir, "link");

  if (geteuid () != 0) {
    g_test_skip ("only root can give a link away");
    return;
  }
  write_file (path, "old\n", -1);
  g_assert_cmpint (symlink ("file", link), ==, 0);
  g_assert_cmpint (lchown (link, 12345, 12345), ==, 0);
  expect_refused (link, V2V_EXIT_NOPERM, "belongs to another user");
  expect_content (path, "old\n");
}

/* A directory that another puts a link in the place of, before and after the file was opened. */
static void
test_directory_of_another (void)
{
  g_autofree char *dir = test_dir (), *theirs = in (dir, "theirs"), *out = in (theirs, "out");
  g_autofree char *own = in (dir, "own"), *path = in (out, "file"), *victim = in (own, "file");
  g_autoptr (V2vOutFile) file = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir (theirs, 0777), ==, 0);
  g_assert_cmpint (chmod (theirs, 0777), ==, 0);
  g_assert_cmpint (g_mkdir (out, 0755), ==, 0);
  g_assert_cmpint (g_mkdir (own, 0755), ==, 0);
  write_file (victim, "old\n", -1);
  expect_written (path, 0600);
  file = v2v_out_file_open (path, NULL);
  g_assert_nonnull (file);
  g_assert_cmpint (unlink (path), ==, 0);
  g_assert_cmpint (rmdir (out), ==, 0);
  g_assert_cmpint (symlink (own, out), ==, 0);
  expect_refused (path, V2V_EXIT_NOPERM,
                  "the link out on this path may have been created by another user");
  g_assert_false (v2v_out_file_write (file, "new\n", -1, 0600, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_NOPERM);
  expect_content (victim, "old\n");
  g_assert_cmpint (chmod (theirs, 0755), ==, 0);
  expect_written (path, 0600);
  expect_content (victim, "new\n");
}

static void
test_pipe (void)
{
  g_autofree char *dir = test_dir ();
  g_autofree char *path = in (dir, "pipe");
  g_autofree char *link = in (dir, "link");
  char text[16] = "";
  int reader;

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  g_assert_cmpint (symlink ("pipe", link), ==, 0);
  expect_refused (path, V2V_EXIT_CANTCREAT, "nobody reads this pipe");
  reader = open (path, O_RDONLY | O_NONBLOCK);
  g_assert_cmpint (reader, >=, 0);
  expect_written (link, 0600);
  g_assert_cmpint (read (reader, text, sizeof text), ==, 4);
  g_assert_cmpstr (text, ==, "new\n");
  close (reader);
  g_assert_true (is_kind (path, S_IFIFO));
  g_assert_true (is_kind (link, S_IFLNK));
}

static void
test_device (void)
{
  g_autofree char *dir = test_dir ();
  g_autofree char *null = in (dir, "null");
  g_autofree char *disk = in (dir, "disk");
  g_autofree char *link = in (dir, "link");
  g_autoptr (V2vOutFile) file = NULL;

  if (mknod (null, S_IFCHR | 0600, makedev (1, 3)) < 0 ||
      mknod (disk, S_IFBLK | 0600, makedev (7, 1)) < 0) {
    g_test_skip ("devices cannot be made here");
    return;
  }
  g_assert_cmpint (symlink (null, link), ==, 0);
  expect_refused (disk, V2V_EXIT_CANTCREAT, "block device");
  file = v2v_out_file_open (null, NULL);
  if (!file) {
    g_test_skip ("devices cannot be opened here");
    return;
  }
  expect_written (link, 0600);
  expect_written (null, 0600);
  g_assert_true (is_kind (null, S_IFCHR));
  g_assert_true (is_kind (link, S_IFLNK));
  g_assert_null (v2v_out_file_regular (file));
  g_assert_true (v2v_out_file_is (file, link));
}

/* /dev/stdout and the like are links to /proc/self/fd/N, whatever is open there. */
static void
test_descriptor (void)
{
  g_autofree char *dir = test_dir ();
  g_autofree char *path = in (dir, "file");
  g_autofree char *link = in (dir, "link");
  g_autofree char *closed = NULL;
  g_autofree char *target = NULL;
  int fd = open (path, O_RDWR | O_CREAT, 0600);

  target = g_strdup_printf ("/proc/self/fd/%d", fd);
  closed = g_strdup_printf ("/proc/self/fd/%d", fd + 100);
  g_assert_cmpint (write (fd, "before\n", 7), ==, 7);
  g_assert_cmpint (symlink (target, link), ==, 0);
  expect_written (link, 0600);
  g_assert_cmpint (write (fd, "after\n", 6), ==, 6);
  expect_content (path, "before\nnew\nafter\n");
  g_assert_true (is_kind (link, S_IFLNK));
  expect_written (target, 0600);
  expect_refused (closed, V2V_EXIT_CANTCREAT, "no such open descriptor");
  close (fd);
  fd = open (path, O_RDONLY);
  expect_refused (target, V2V_EXIT_CANTCREAT, "for reading only");
  close (fd);
}

static void
test_refused (void)
{
  g_autofree char *dir = test_dir ();
  g_autofree char *below = in (dir, "no/such/file");
  g_autofree char *slash = in (dir, "new/");

  expect_refused (dir, V2V_EXIT_CANTCREAT, "this is a directory");
  expect_refused (slash, V2V_EXIT_CANTCREAT, "this is a directory");
  expect_refused (below, V2V_EXIT_CANTCREAT, "cannot create a file in");
}

static void
test_same (void)
{
  g_autofree char *dir = test_dir ();
  g_autofree char *path = in (dir, "file");
  g_autofree char *link = in (dir, "link");
  g_autofree char *other = in (dir, "other");
  g_autofree char *directory = in (dir, "directory");
  g_autofree char *around = in (dir, "directory/../file");
  g_autoptr (V2vOutFile) file = v2v_out_file_open (path, NULL);

  g_assert_cmpint (g_mkdir (directory, 0700), ==, 0);
  g_assert_true (v2v_out_file_is (file, around));
  g_assert_false (v2v_out_file_is (file, other));
  write_file (path, "x", 1);
  write_file (other, "x", 1);
  g_assert_cmpint (symlink ("file", link), ==, 0);
  g_assert_true (v2v_out_file_is (file, link));
  g_assert_false (v2v_out_file_is (file, other));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outfile/regular", test_regular);
  g_test_add_func ("/outfile/link", test_link);
  g_test_add_func ("/outfile/link-of-another", test_link_of_another);
  g_test_add_func ("/outfile/directory-of-another", test_directory_of_another);
  g_test_add_func ("/outfile/pipe", test_pipe);
  g_test_add_func ("/outfile/device", test_device);
  g_test_add_func ("/outfile/descriptor", test_descriptor);
  g_test_add_func ("/outfile/refused", test_refused);
  g_test_add_func ("/outfile/same", test_same);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Trees of files that tests of rules give: read, written, compared, and what is refused.
 */
#include "config.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "ruletest/filetree.h"

static char *top;

static char *
at (const char *name)
{
  return g_build_filename (top, name, NULL);
}

static void
make_file (const char *name, const char *text, int mode)
{
  g_autofree char *path = at (name), *directory = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (directory, 0755), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_cmpint (g_chmod (path, mode), ==, 0);
}

static void
make_link (const char *target, const char *name)
{
  g_autofree char *path = at (name);

  g_assert_cmpint (symlink (target, path), ==, 0);
}

static V2vFileTree *
read_tree (const char *name)
{
  g_autofree char *path = at (name);
  g_autoptr (GError) error = NULL;
  V2vFileTree *tree = v2v_file_tree_from_directory (path, &error);

  g_assert_no_error (error);
  return tree;
}

static void
assert_refused (const char *name, const char *why)
{
  g_autofree char *path = at (name);
  g_autoptr (GError) error = NULL;
  g_autoptr (V2vFileTree) tree = v2v_file_tree_from_directory (path, &error);

  g_assert_null (tree);
  g_assert_nonnull (error);
  if (!strstr (error->message, why))
    g_assert_cmpstr (error->message, ==, why);
}

static void
set_up (void)
{
  g_autoptr (GError) error = NULL;

  top = g_dir_make_tmp ("v2v-test.XXXXXX", &error);
  g_assert_no_error (error);
}

static void
tear_down (void)
{
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", top);

  g_assert_cmpint (system (command), ==, 0);
  g_clear_pointer (&top, g_free);
}

/* A directory, its archive and what is read of that are the same. */
static void
test_round_trip (void)
{
  g_autoptr (V2vFileTree) directory = NULL, archive = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL, *diff = NULL;

  set_up ();
  make_file ("a/etc/fstab", "/dev/sda1 / ext4\n", 0664);
  make_file ("a/usr/bin/program", "#!/bin/sh\n", 0755);
  make_file ("a/binary", "", 0600);
  make_link ("usr/bin", "a/bin");
  make_link ("/etc/fstab", "a/etc/other");
  make_link ("../../usr/../etc", "a/usr/bin/up");
  make_file ("a.modes", "# secret\n0600 0:42 /etc/fstab\n\n1777 5:6 /tmp/\n", 0644);
  directory = read_tree ("a");
  path = at ("a.tar");
  g_assert_true (v2v_file_tree_to_archive (directory, path, &error));
  archive = v2v_file_tree_from_archive (path, &error);
  g_assert_no_error (error);
  diff = v2v_file_tree_diff (directory, archive);
  g_assert_cmpstr (diff, ==, "");
  tear_down ();
}

static void
test_diff (void)
{
  g_autoptr (V2vFileTree) a = NULL, b = NULL;
  g_autofree char *diff = NULL, *none = NULL;

  set_up ();
  make_file ("a/etc/fstab", "one\ntwo\n", 0644);
  make_file ("b/etc/fstab", "one\nthree\n", 0644);
  make_file ("a/gone", "", 0644);
  make_file ("b/new", "", 0644);
  make_file ("a/program", "", 0644);
  make_file ("b/program", "", 0755);
  make_file ("a/owned", "", 0644);
  make_file ("b/owned", "", 0644);
  make_file ("b.modes", "0644 1:2 /owned\n", 0644);
  make_link ("x", "a/link");
  make_link ("y", "b/link");
  make_link ("x", "a/kind");
  make_file ("b/kind", "", 0644);
  a = read_tree ("a");
  b = read_tree ("b");
  diff = v2v_file_tree_diff (a, b);
  g_assert_cmpstr (diff, ==,
                   "--- expected/etc/fstab\n+++ found/etc/fstab\n@@ -1,2 +1,2 @@\n one\n-two\n"
                   "+three\n"
                   "/gone is missing (a file was expected)\n"
                   "/kind is a file, not a link\n"
                   "/link leads to y, not x\n"
                   "/new is there (a file), but was not expected\n"
                   "/owned belongs to 1:2, not 0:0\n"
                   "/program has the mode 0755, not 0644\n");
  none = v2v_file_tree_diff (a, a);
  g_assert_cmpstr (none, ==, "");
  tear_down ();
}

static void
test_refused (void)
{
  g_autofree char *fifo = NULL;

  set_up ();
  make_file ("up/etc/x", "", 0644);
  make_link ("../../etc", "up/etc/out");
  assert_refused ("up", "leads out of the tree");
  make_file ("fine/etc/x", "", 0644);
  make_link ("../etc", "fine/etc/in");
  v2v_file_tree_free (read_tree ("fine"));
  make_file ("odd/x", "", 0644);
  make_link ("/../etc", "odd/out");
  assert_refused ("odd", "leads out of the tree");
  make_file ("fifo/x", "", 0644);
  fifo = at ("fifo/pipe");
  g_assert_cmpint (mkfifo (fifo, 0644), ==, 0);
  assert_refused ("fifo", "files, directories and links, and nothing else");
  assert_refused ("nothing", "cannot be read");
  make_file ("modes/x", "", 0644);
  make_file ("modes.modes", "0644 0:0 /x\n0644 0:0 /y\n", 0644);
  assert_refused ("modes", "modes.modes:2: expected MODE UID:GID PATH");
  make_file ("modes.modes", "0755 0:0 /../x/\n", 0644);
  assert_refused ("modes", "modes.modes:1:");
  make_file ("modes.modes", "99 0:0 /x\n", 0644);
  assert_refused ("modes", "modes.modes:1:");
  tear_down ();
}

/* Nothing is read without end. */
static void
test_limits (void)
{
  g_autoptr (GString) deep = g_string_new ("deep");
  g_autofree char *big = NULL;

  set_up ();
  for (guint i = 0; i <= V2V_FILE_TREE_DEPTH; i++)
    g_string_append (deep, "/d");
  g_string_append (deep, "/x");
  make_file (deep->str, "", 0644);
  assert_refused ("deep", "lie at most");
  make_file ("big/x", "", 0644);
  big = at ("big/x");
  g_assert_cmpint (truncate (big, (off_t)V2V_FILE_TREE_BYTES * 100), ==, 0);
  assert_refused ("big", "at most 10000 files and 64 MiB");
  tear_down ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/filetree/round-trip", test_round_trip);
  g_test_add_func ("/filetree/diff", test_diff);
  g_test_add_func ("/filetree/refused", test_refused);
  g_test_add_func ("/filetree/limits", test_limits);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Tests of paths on which nobody else has a hand, and of JSON that anybody may have written.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/held.h"
#include "base/jsontext.h"
#include "base/tempfile.h"

#include "disk-util.h"

#define OTHER 65534

static void
expect_read (const char *path, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gsize length;

  g_assert_true (v2v_held_read (path, "report", 16, &text, &length, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected);
  g_assert_cmpuint (length, ==, strlen (expected));
}

static void
expect_refused (const char *path, V2vExit status, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *read = NULL;
  gsize length;

  g_assert_false (v2v_held_read (path, "report", 16, &read, &length, &error));
  g_assert_error (error, V2V_ERROR, (gint)status);
  g_assert_nonnull (strstr (error->message, text));
}

/* DIR/a/b/file, and links to it. */
static char *
tree (void)
{
  g_autofree char *dir = test_dir ();
  g_autofree char *path = in (dir, "a/b");
  g_autofree char *file = in (path, "file");

  g_assert_cmpint (g_mkdir_with_parents (path, 0755), ==, 0);
  write_file (file, "text", -1);
  g_assert_cmpint (chmod (file, 0644), ==, 0);
  return g_steal_pointer (&dir);
}

static void
test_walk (void)
{
  g_autofree char *dir = tree ();
  g_autofree char *plain = in (dir, "a//./b/../b/file"), *link = in (dir, "link");
  g_autofree char *directory_link = in (dir, "directory"),
                  *through = in (dir, "directory/../b/file");
  g_autofree char *loop = in (dir, "loop"), *none = in (dir, "a/none/file"), *a = in (dir, "a");
  g_autofree char *here = g_get_current_dir (), *name = NULL;
  g_autoptr (V2vDir) parent = NULL;
  g_autoptr (GError) error = NULL;

  expect_read (plain, "text");
  g_assert_cmpint (symlink ("a/b/file", link), ==, 0);
  g_assert_cmpint (symlink ("a/b", directory_link), ==, 0);
  g_assert_cmpint (symlink ("loop", loop), ==, 0);
  expect_read (link, "text");
  /* As the kernel does it: ".." is that of where the link leads. */
  expect_read (through, "text");
  expect_refused (loop, V2V_EXIT_IOERR, "symbolic links");
  expect_refused (none, V2V_EXIT_NOINPUT, "No such file");
  expect_refused (a, V2V_EXIT_DATA, "expected a regular file of at most");
  expect_refused ("", V2V_EXIT_NOINPUT, "\"\"");
  g_assert_cmpint (chdir (dir), ==, 0);
  expect_read ("a/b/file", "text");
  g_assert_cmpint (chdir (here), ==, 0);
  parent = v2v_held_parent (link, &name, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (name, ==, "link");
  g_assert_cmpstr (parent->path, ==, dir);
  g_assert_true (v2v_dir_has (parent, "a"));
}

static void
test_own (void)
{
  g_autofree char *dir = tree (), *file = in (dir, "a/b/file"), *link = in (dir, "a/link");
  g_autofree char *directory = in (dir, "a"), *through = in (dir, "a/b2/file");
  g_autofree char *directory_link = in (dir, "a/b2"), *long_text = g_strnfill (17, 'x');

  g_assert_cmpint (chmod (file, 0664), ==, 0);
  expect_refused (file, V2V_EXIT_NOPERM, "mode 0664");
  g_assert_cmpint (chmod (file, 0644), ==, 0);
  expect_read (file, "text");
  g_assert_cmpint (symlink ("b", directory_link), ==, 0);
  g_assert_cmpint (symlink ("b/file", link), ==, 0);
  expect_read (through, "text");
  /* A directory that others can write: a link in it may be theirs. */
  g_assert_cmpint (chmod (directory, 0777), ==, 0);
  expect_refused (through, V2V_EXIT_NOPERM,
                  "the link b2 on this path may have been created by another user");
  expect_refused (link, V2V_EXIT_NOPERM, "the link link on this path");
  expect_read (file, "text");
  /* Where only owners remove what is theirs, its owner tells. */
  g_assert_cmpint (chmod (directory, 01777), ==, 0);
  expect_read (through, "text");
  if (geteuid () == 0) {
    g_assert_cmpint (lchown (directory_link, OTHER, OTHER), ==, 0);
    expect_refused (through, V2V_EXIT_NOPERM, "the link b2 on this path");
    g_assert_cmpint (chown (directory, OTHER, OTHER), ==, 0);
    g_assert_cmpint (chmod (directory, 0755), ==, 0);
    expect_refused (link, V2V_EXIT_NOPERM, "the link link on this path");
    expect_read (file, "text");
    g_assert_cmpint (chown (file, OTHER, OTHER), ==, 0);
    expect_refused (file, V2V_EXIT_NOPERM, "belongs to user 65534");
    g_assert_cmpint (chown (file, 0, 0), ==, 0);
  }
  write_file (file, long_text, -1);
  g_assert_cmpint (chmod (file, 0644), ==, 0);
  expect_refused (file, V2V_EXIT_DATA, "expected a regular file of at most");
}

static void
expect_beneath (const char *root, const char *relative, V2vExit status)
{
  g_autoptr (GError) error = NULL;
  int fd = v2v_held_open_beneath (root, relative, O_RDONLY, &error);

  if (status == V2V_EXIT_OK) {
    g_assert_no_error (error);
    g_assert_cmpint (fd, >=, 0);
    g_assert_cmpint (fcntl (fd, F_GETFD) & FD_CLOEXEC, ==, FD_CLOEXEC);
    close (fd);
  } else {
    g_assert_error (error, V2V_ERROR, (gint)status);
    g_assert_cmpint (fd, ==, -1);
  }
}

static void
test_beneath (void)
{
  static const struct {
    const char *link, *to;
  } links[] = {
      {"a/in", "b/file"},         {"a/up", "../a/b/file"}, {"a/out", "../../outside"},
      {"a/etc", "/etc/passwd"},   {"a/dir", "b"},          {"a/root", "/"},
      {"a/b/far", "../../../.."}, {"a/chain", "up"},       {"a/hop", "b/far/etc/passwd"}};
  g_autofree char *dir = tree (), *root = in (dir, "root"), *a = in (dir, "a");
  g_autofree char *moved = in (root, "a"), *outside = in (dir, "outside");

  g_assert_cmpint (g_mkdir (root, 0755), ==, 0);
  g_assert_cmpint (rename (a, moved), ==, 0);
  write_file (outside, "secret", -1);
  for (guint i = 0; i < G_N_ELEMENTS (links); i++) {
    g_autofree char *path = in (root, links[i].link);

    g_assert_cmpint (symlink (links[i].to, path), ==, 0);
  }
  expect_beneath (root, "a/b/file", V2V_EXIT_OK);
  expect_beneath (root, "a/in", V2V_EXIT_OK);
  expect_beneath (root, "a/up", V2V_EXIT_OK);
  expect_beneath (root, "a/chain", V2V_EXIT_OK);
  expect_beneath (root, "a/dir/file", V2V_EXIT_OK);
  expect_beneath (root, "a/b/../../a/b/file", V2V_EXIT_OK);
  expect_beneath (root, "a/out", V2V_EXIT_NOPERM);
  expect_beneath (root, "a/etc", V2V_EXIT_NOPERM);
  expect_beneath (root, "a/root/etc/passwd", V2V_EXIT_NOPERM);
  expect_beneath (root, "a/b/far/etc/passwd", V2V_EXIT_NOPERM);
  expect_beneath (root, "a/hop", V2V_EXIT_NOPERM);
  expect_beneath (root, "../outside", V2V_EXIT_NOPERM);
  expect_beneath (root, outside, V2V_EXIT_NOPERM);
  expect_beneath (root, "a/none", V2V_EXIT_NOINPUT);
}

/* Only what is there is removed, wherever links lead. */
static void
test_remove (void)
{
  g_autofree char *dir = tree (), *a = in (dir, "a"), *link = in (dir, "a/b/link");
  g_autofree char *other = in (dir, "other"), *kept = in (other, "kept"),
                  *own = in (dir, "own");
  g_autofree char *through = in (dir, "own/b"), *foreign = in (dir, "theirs/link/kept");
  g_autofree char *theirs = in (dir, "theirs"), *their_link = in (theirs, "link");
  g_autofree char *copy = in (dir, "copy");

  g_assert_cmpint (g_mkdir (other, 0700), ==, 0);
  write_file (kept, "kept", -1);
  g_assert_cmpint (symlink (other, link), ==, 0);
  run ("cp -a %s %s", a, copy);
  v2v_held_remove (copy);
  g_assert_false (g_file_test (copy, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (kept, G_FILE_TEST_EXISTS));
  /* A directory that another leads to, and one that is linked to by its owner. */
  g_assert_cmpint (g_mkdir (theirs, 0700), ==, 0);
  g_assert_cmpint (chmod (theirs, 0777), ==, 0);
  g_assert_cmpint (symlink (other, their_link), ==, 0);
  v2v_held_remove (foreign);
  v2v_temp_remove (foreign);
  g_assert_true (g_file_test (kept, G_FILE_TEST_EXISTS));
  v2v_held_remove (their_link);
  g_assert_false (g_file_test (their_link, G_FILE_TEST_IS_SYMLINK));
  g_assert_cmpint (symlink (a, own), ==, 0);
  v2v_held_remove (through);
  g_assert_cmpuint (count_names (a), ==, 0);
  g_assert_true (g_file_test (kept, G_FILE_TEST_EXISTS));
  v2v_held_remove (copy);
}

/* Results go into no directory that another has linked. */
static void
test_dir_open (void)
{
  g_autofree char *dir = tree (), *link = in (dir, "a/link");
  g_autofree char *directory = in (dir, "a"), *file = in (dir, "a/b/file");
  g_autoptr (V2vDir) own = NULL;
  g_autoptr (GError) error = NULL, missing = NULL;

  g_assert_cmpint (symlink ("b", link), ==, 0);
  own = v2v_dir_open (link, NULL);
  g_assert_nonnull (own);
  g_assert_cmpint (chmod (directory, 0777), ==, 0);
  g_assert_null (v2v_dir_open (link, &error));
  g_assert_error (error, V2V_ERROR, V2V_EXIT_NOPERM);
  g_assert_null (v2v_dir_open (file, &missing));
  g_assert_error (missing, V2V_ERROR, V2V_EXIT_CANTCREAT);
}

/* ---- JSON ---- */

static void
expect_json (const char *text, const char *why)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = v2v_json_parse (text, strlen (text), &error);

  if (!why) {
    g_assert_no_error (error);
    g_assert_nonnull (node);
    return;
  }
  g_assert_null (node);
  g_assert_error (error, V2V_ERROR, V2V_EXIT_DATA);
  g_assert_nonnull (strstr (error->message, why));
}

static void
test_json (void)
{
  g_autofree char *open = g_strnfill (100000, '['), *braces = g_strnfill (64, '[');
  g_autofree char *closed = g_strnfill (64, ']'), *inside = g_strnfill (63, '[');
  g_autofree char *inside_end = g_strnfill (63, ']'), *commas = g_strnfill (3000000, ',');
  g_autofree char *deepest = g_strconcat ("{\"a\": ", inside, inside_end, "}", NULL);
  g_autofree char *deeper = g_strconcat ("{\"a\": ", braces, closed, "}", NULL);
  g_autofree char *text = g_strconcat ("{\"a\": \"\\\"", open, "\"}", NULL);
  g_autofree char *hidden = g_strconcat ("/* \" */", open, NULL);
  g_autofree char *hidden_line = g_strconcat ("// \"\n", open, NULL);

  expect_json ("{}", NULL);
  expect_json ("{\"a\": [1, -2.5e3, true, false, null, \"\\u00e9 \\\\\"]}", NULL);
  expect_json (deepest, NULL);
  expect_json (deeper, "nested more than 64 deep");
  expect_json (open, "nested more than 64 deep");
  expect_json (text, NULL);
  expect_json (hidden, "is not JSON");
  expect_json (hidden_line, "is not JSON");
  expect_json (commas, "more than 2097152 values");
  expect_json ("", "expected a JSON object");
  expect_json ("[]", "expected a JSON object");
  expect_json ("{\"a\": ", "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  umask (022);
  g_test_add_func ("/held/walk", test_walk);
  g_test_add_func ("/held/own", test_own);
  g_test_add_func ("/held/beneath", test_beneath);
  g_test_add_func ("/held/remove", test_remove);
  g_test_add_func ("/held/dir-open", test_dir_open);
  g_test_add_func ("/held/json", test_json);
  return g_test_run ();
}

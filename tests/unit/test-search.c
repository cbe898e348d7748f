/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Words in the files of a directory: what the shell's line finds in a tree of the host, and how
 * what it prints is read.
 */
#include "config.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "guest/internal.h"

static char *top;

static void
put (const char *path, const char *content, gssize length)
{
  g_autofree char *whole = g_build_filename (top, path, NULL);
  g_autofree char *directory = g_path_get_dirname (whole);

  g_assert_cmpint (g_mkdir_with_parents (directory, 0755), ==, 0);
  g_assert_true (g_file_set_contents (whole, content, length, NULL));
}

static void
put_link (const char *path, const char *target)
{
  g_autofree char *whole = g_build_filename (top, path, NULL);

  g_assert_cmpint (symlink (target, whole), ==, 0);
}

static void
take (const V2vFound *found, void *data)
{
  if (found->line)
    g_ptr_array_add (data,
                     g_strdup_printf ("%s:%d:%s", found->path, (int)found->line, found->text));
  else
    g_ptr_array_add (data,
                     g_strdup_printf ("%s (%c) %s", found->path, found->type, found->text));
}

static int
by_text (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *)a, *(char *const *)b);
}

/* What is found below DIRECTORY, sorted, with " | " between. */
static char *
search (const char *directory, const char *const *words, const char *const *without,
        gboolean *complete_r)
{
  g_autofree char *line = v2v_search_command (top, directory, words, without);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  const char *argv[] = {"/bin/sh", "-c", line, NULL};
  g_autofree char *output = NULL;

  g_assert_true (g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output,
                               NULL, NULL, &error));
  g_assert_no_error (error);
  *complete_r = v2v_search_parse (output, take, found);
  g_ptr_array_sort (found, by_text);
  g_ptr_array_add (found, NULL);
  return g_strjoinv (" | ", (char **)found->pdata);
}

static void
finds (const char *directory, const char *const *words, const char *const *without,
       const char *expected)
{
  gboolean complete;
  g_autofree char *found = search (directory, words, without, &complete);

  g_assert_cmpstr (found, ==, expected);
  g_assert_true (complete);
}

static void
test_lines (void)
{
  static const char *const words[] = {"/dev/sda", "x*y", NULL};

  put ("lines/a", "one\n/dev/sda1\nlast /dev/sda", -1);
  put ("lines/sub/b c", "axby x*y: it's \001 \"so\"\n", -1);
  put ("lines/binary", "\0/dev/sda\n", 10);
  put ("lines/-n", "/dev/sda\n", -1);
  put_link ("lines/link", "a");
  put_link ("lines/sub/up", "..");
  finds ("/lines", words, NULL,
         "-n:1:/dev/sda | a:2:/dev/sda1 | a:3:last /dev/sda | sub/b c:1:axby x*y: it's \001 "
         "\"so\"");
}

static void
test_names (void)
{
  static const char *const words[] = {"dev-[a", "it's", "/never", NULL};

  put ("names/dev-[a", "", -1);
  put ("names/dev-a", "", -1);
  put ("names/x.dev-[a.d/it's", "", -1);
  put_link ("names/link", "/etc/dev-[a");
  put_link ("names/it's", "away");
  finds ("/names", words, NULL,
         "dev-[a (f)  | it's (l) away | link (l) /etc/dev-[a | x.dev-[a.d (d)  | "
         "x.dev-[a.d/it's (f) ");
}

static void
test_without (void)
{
  static const char *const words[] = {"word", NULL};
  static const char *const without[] = {"policy", "a/keys*", NULL};

  put ("without/policy/x", "word\n", -1);
  put ("without/a/keys/x", "word\n", -1);
  put ("without/a/keys*/word", "word\n", -1);
  put ("without/a/policy/x", "word\n", -1);
  finds ("/without", words, without, "a/keys/x:1:word | a/policy/x:1:word");
}

static void
test_whole (void)
{
  static const char *const words[] = {"only here", NULL};

  put ("whole", "only here\n", -1);
  finds ("/", words, NULL, "whole:1:only here");
}

/* Directories that are not there, are files, or are reached through a link. */
static void
test_links (void)
{
  static const char *const words[] = {"word", NULL};

  put ("real/sub/x", "word\n", -1);
  put_link ("link", "real");
  finds ("/none", words, NULL, "");
  finds ("/real/sub/x", words, NULL, "");
  finds ("/link", words, NULL, "");
  finds ("/link/sub", words, NULL, "");
  finds ("/real/sub", words, NULL, "x:1:word");
}

/* A pipe that nobody writes to, and files that are too long, of which only the size is looked
 * at. */
static void
test_bounds (void)
{
  static const char *const words[] = {"word", NULL};
  g_autofree char *pipe_path = g_build_filename (top, "bounds", "pipe", NULL);
  g_autofree char *large = g_build_filename (top, "bounds", "large", NULL);
  GString *many = g_string_new ("");
  gboolean complete;
  g_autofree char *found = NULL;

  put ("bounds/x", "word\n", -1);
  g_assert_cmpint (mkfifo (pipe_path, 0644), ==, 0);
  put ("bounds/large", "word\n", -1);
  g_assert_cmpint (truncate (large, G_GINT64_CONSTANT (8) << 30), ==, 0);
  finds ("/bounds", words, NULL, "x:1:word");

  for (guint i = 0; i < 100000; i++)
    g_string_append (many, "word and more\n");
  put ("many/x", many->str, -1);
  g_string_free (many, TRUE);
  found = search ("/many", words, NULL, &complete);
  g_assert_false (complete);
  g_assert_true (g_str_has_suffix (found, ":word and more"));
}

/* Names with line feeds, and with what separates fields, give no more than wrong records. */
static void
test_parse (void)
{
  static const struct {
    const char *output, *expected;
  } cases[] = {
      {"", ""},
      {"f\001a\001\n", "a (f) "},
      {"f\001a", ""},
      {"\001\001\001", ""},
      {"./a:1:x", "a:1:x"},
      {"./a:0:x\n./b:x:y\n./c:-1:z\n./d:5z\n", ""},
      {"more of a name\n./a:2:x\n", "a:2:x"},
      {"./a\n./b:3:\n", "b:3:"},
      {"./a:b:4:c:5:d\n", "a:b:4:c:5:d"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *output = g_strdup (cases[i].output);
    g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
    g_autofree char *joined = NULL;

    g_assert_true (v2v_search_parse (output, take, found));
    g_ptr_array_add (found, NULL);
    joined = g_strjoinv (" | ", (char **)found->pdata);
    g_assert_cmpstr (joined, ==, cases[i].expected);
  }
}

int
main (int argc, char **argv)
{
  g_autofree char *command = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  top = g_dir_make_tmp ("v2v-search.XXXXXX", NULL);
  g_assert_nonnull (top);
  g_test_add_func ("/search/lines", test_lines);
  g_test_add_func ("/search/names", test_names);
  g_test_add_func ("/search/without", test_without);
  g_test_add_func ("/search/whole", test_whole);
  g_test_add_func ("/search/links", test_links);
  g_test_add_func ("/search/bounds", test_bounds);
  g_test_add_func ("/search/parse", test_parse);
  status = g_test_run ();
  command = g_strdup_printf ("rm -rf '%s'", top);
  return system (command) == 0 ? status : 1;
}

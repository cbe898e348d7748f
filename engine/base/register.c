/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 *  The register file of a run. Each line begins with a letter; the rest is a path or a name:
 *    + a path that is about to be created
 *    - a path that is gone or is no longer temporary
 *    = a published path, preceded by its inode, size and time of modification
 *    N the name of the guest
 *    F everything published is finished
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/held.h"
#include "base/register.h"

#define DIRECTORY "runs"
#define TRIES 100
#define LENGTH_MAX (16 * 1024 * 1024)

static gboolean started;
static char *path_of_file;
static int file_fd = -1;
static GPtrArray *exceptions;
static GHashTable *published; /* set of char * */

char *
v2v_state_dir (void)
{
  const char *given = g_getenv ("V2V_ENGINE_STATE_DIR");
  const char *state = g_getenv ("XDG_STATE_HOME");

  if (given)
    return g_canonicalize_filename (given, NULL);
  if (geteuid () == 0)
    return g_strdup ("/var/lib/v2v-engine");
  if (state && g_path_is_absolute (state))
    return g_build_filename (state, "v2v-engine", NULL);
  return g_build_filename (g_get_home_dir (), ".local", "state", "v2v-engine", NULL);
}

/* ---- in a run ---- */

/* Creates the register file and locks it. Between these two another run may lock the file,
 * because it looks like that of a dead run, and may remove it: then try again with another
 * name. */
static void
open_file (void)
{
  g_autofree char *state = v2v_state_dir ();
  g_autofree char *directory = g_build_filename (state, DIRECTORY, NULL);

  started = FALSE;
  if (g_mkdir_with_parents (directory, 0700) < 0)
    return;
  for (int i = 0; i < TRIES && file_fd < 0; i++) {
    g_autofree char *path =
        g_strdup_printf ("%s/%08x%08x", directory, g_random_int (), g_random_int ());
    struct stat st;
    gboolean locked, busy;
    int fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (fd < 0)
      return;
    locked = flock (fd, LOCK_EX | LOCK_NB) == 0;
    busy = locked || errno == EWOULDBLOCK;
    if (locked && fstat (fd, &st) == 0 && st.st_nlink > 0) {
      file_fd = fd;
      path_of_file = g_steal_pointer (&path);
      return;
    }
    /* The run that has the lock finds the file empty. Without EWOULDBLOCK, the file system has
     * no locks, and trying again is useless. */
    unlink (path);
    close (fd);
    if (!busy)
      return;
  }
}

void
v2v_register_start (void)
{
  started = TRUE;
}

void
v2v_register_except (const char *path)
{
  if (!exceptions)
    exceptions = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (exceptions, g_strdup (path));
}

static gboolean
is_excepted (const char *path)
{
  for (guint i = 0; exceptions && i < exceptions->len; i++) {
    const char *exception = exceptions->pdata[i];
    gsize length = strlen (exception);

    if (g_str_has_prefix (path, exception) && (path[length] == '\0' || path[length] == '/'))
      return TRUE;
  }
  return FALSE;
}

static void
note (char sign, const char *more, const char *text)
{
  g_autofree char *escaped = g_strescape (text, NULL);
  g_autofree char *line = g_strdup_printf ("%c%s%s\n", sign, more, escaped);

  if (started)
    open_file ();
  if (file_fd >= 0)
    (void)!write (file_fd, line, strlen (line));
}

void
v2v_register_name (const char *name)
{
  if (started || file_fd >= 0)
    note ('N', "", name);
}

void
v2v_register_add (const char *path)
{
  if ((started || file_fd >= 0) && !is_excepted (path))
    note ('+', "", path);
}

void
v2v_register_forget (const char *path)
{
  if (file_fd < 0 || is_excepted (path))
    return;
  note ('-', "", path);
  if (published)
    g_hash_table_remove (published, path);
}

void
v2v_register_publish (const char *from, const char *path)
{
  g_autofree char *more = NULL;
  struct stat st;

  if ((!started && file_fd < 0) || is_excepted (path) || lstat (from, &st) < 0)
    return;
  more =
      g_strdup_printf ("%" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT ".%09ld ",
                       (guint64)st.st_ino, (gint64)st.st_size, (gint64)st.st_mtim.tv_sec,
                       (long)st.st_mtim.tv_nsec);
  /* This must be durable before the rename, or a power failure could leave an unfinished file
   * under its final name that no register lists. */
  note ('=', more, path);
  if (file_fd < 0)
    return;
  fdatasync (file_fd);
  if (!published)
    published = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_add (published, g_strdup (path));
}

void
v2v_register_finish (void)
{
  if (file_fd < 0 || !published || g_hash_table_size (published) == 0)
    return;
  note ('F', "", "");
  fdatasync (file_fd);
  g_hash_table_remove_all (published);
}

const char *
v2v_register_path (void)
{
  return path_of_file;
}

/* ---- afterwards ---- */

static void
entry_free (gpointer data)
{
  V2vRegisterEntry *entry = data;

  g_free (entry->path);
  g_free (entry);
}

void
v2v_register_free (V2vRegister *run)
{
  if (!run)
    return;
  g_free (run->path);
  g_free (run->name);
  g_ptr_array_unref (run->entries);
  close (run->fd);
  g_free (run);
}

static void
take_line (V2vRegister *run, const char *line)
{
  g_autofree char *text = NULL;
  guint64 inode = 0;
  gint64 size = 0, seconds = 0;
  long nanoseconds = 0;
  int at = 0;
  V2vRegisterEntry *entry;

  if (line[0] == '=' &&
      (sscanf (line + 1,
               "%" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT ".%ld %n", &inode,
               &size, &seconds, &nanoseconds, &at) < 4 ||
       !at))
    return;
  text = g_strcompress (line + 1 + at);
  if (line[0] == 'N') {
    g_free (run->name);
    run->name = g_steal_pointer (&text);
    return;
  }
  if (line[0] == 'F')
    for (guint i = run->entries->len; i-- > 0;)
      if (((V2vRegisterEntry *)run->entries->pdata[i])->published)
        g_ptr_array_remove_index (run->entries, i);
  if (!g_path_is_absolute (text))
    return;
  for (guint i = run->entries->len; i-- > 0;)
    if (g_str_equal (((V2vRegisterEntry *)run->entries->pdata[i])->path, text))
      g_ptr_array_remove_index (run->entries, i);
  if (line[0] == '-')
    return;
  entry = g_new0 (V2vRegisterEntry, 1);
  entry->path = g_steal_pointer (&text);
  entry->published = line[0] == '=';
  entry->inode = inode;
  entry->size = size;
  entry->mtime = seconds * G_GINT64_CONSTANT (1000000000) + nanoseconds;
  g_ptr_array_add (run->entries, entry);
}

/* Parses whole lines only: the last one may be incomplete because the run died while writing
 * it. */
static void
take_text (V2vRegister *run, char *text)
{
  char *end;

  for (char *line = text; (end = strchr (line, '\n')); line = end + 1) {
    *end = '\0';
    if (*line && strchr ("+-=NF", *line))
      take_line (run, line);
  }
}

/* Returns NULL if PATH is not a regular file that only this user can read and write. */
static V2vRegister *
read_file (const char *path)
{
  int fd = open (path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  g_autofree char *text = NULL;
  V2vRegister *run;
  struct stat st;
  gsize length;

  if (fd < 0)
    return NULL;
  run = g_new0 (V2vRegister, 1);
  run->fd = fd;
  run->path = g_strdup (path);
  run->entries = g_ptr_array_new_with_free_func (entry_free);
  run->alive = flock (fd, LOCK_EX | LOCK_NB) < 0;
  if (fstat (fd, &st) < 0 || !S_ISREG (st.st_mode) || st.st_nlink == 0 ||
      st.st_uid != geteuid () || (st.st_mode & 077) ||
      !v2v_held_read_all (fd, path, LENGTH_MAX, &text, &length, NULL)) {
    v2v_register_free (run);
    return NULL;
  }
  take_text (run, text);
  return run;
}

GPtrArray *
v2v_registers (void)
{
  GPtrArray *runs = g_ptr_array_new_with_free_func ((GDestroyNotify)v2v_register_free);
  g_autofree char *state = v2v_state_dir ();
  g_autofree char *directory = g_build_filename (state, DIRECTORY, NULL);
  g_autoptr (GDir) names = g_dir_open (directory, 0, NULL);
  const char *name;

  while (names && (name = g_dir_read_name (names))) {
    g_autofree char *path = g_build_filename (directory, name, NULL);
    V2vRegister *run = g_strcmp0 (path, path_of_file) == 0 ? NULL : read_file (path);

    if (run)
      g_ptr_array_add (runs, run);
  }
  return runs;
}

void
v2v_register_remove (V2vRegister *run)
{
  unlink (run->path);
}

void
v2v_register_end (void)
{
  if (file_fd < 0)
    return;
  {
    V2vRegister rest = {.entries = g_ptr_array_new_with_free_func (entry_free)};
    g_autofree char *text = NULL;

    if (g_file_get_contents (path_of_file, &text, NULL, NULL))
      take_text (&rest, text);
    if (text && !rest.entries->len)
      unlink (path_of_file);
    g_ptr_array_unref (rest.entries);
    g_free (rest.name);
  }
  close (file_fd);
  file_fd = -1;
  g_clear_pointer (&path_of_file, g_free);
}

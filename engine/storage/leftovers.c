/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What interrupted runs left behind: found, told, removed.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/held.h"
#include "base/log.h"
#include "base/register.h"
#include "storage/in-place-dir.h"
#include "storage/in-use.h"
#include "storage/leftovers.h"
#include "storage/stamp.h"
#include "storage/undo-file.h"

/* Directories that a run may leave with all that is in them: its own, and its appliance's for
 * sockets. */
static const char *const directories[] = {V2V_WORK_DIR_PREFIX, "libguestfs", NULL};

/* ---- entries of the register ---- */

static gboolean
is_own_directory (const char *name)
{
  for (int i = 0; directories[i]; i++)
    if (g_str_has_prefix (name, directories[i]))
      return TRUE;
  return FALSE;
}

/* Can only a run have made PATH? Names that are hidden and random, and all below its directories.
 */
static gboolean
is_temporary (const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);
  const guint length = g_strv_length (parts);

  for (guint i = 0; i < length; i++)
    if (is_own_directory (parts[i]))
      return TRUE;
  return length &&
         (parts[length - 1][0] == '.' || g_str_has_prefix (parts[length - 1], "v2v-engine-"));
}

/* NULL if the result is as the run published it and is not in use; otherwise the reason. To
 * be freed with g_free. */
static char *
why_kept (const V2vRegisterEntry *entry)
{
  g_autoptr (GError) error = NULL;
  struct stat st;
  char *why = NULL;
  int fd = open (entry->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

  if (fd < 0 || fstat (fd, &st) < 0)
    why = g_strdup_printf ("it cannot be opened: %s", g_strerror (errno));
  else if (!S_ISREG (st.st_mode) || st.st_ino != entry->inode)
    why = g_strdup ("another file has taken its place");
  else if (st.st_size != entry->size || v2v_stamp_time (&st.st_mtim) != entry->mtime)
    why = g_strdup ("it was written to since");
  else if (!v2v_in_use_check (entry->path, fd, &st, &error))
    why = g_strdup (error->message);
  if (fd >= 0)
    close (fd);
  return why;
}

/* Is there something of ENTRY that this user owns? */
static gboolean
is_there (const V2vRegisterEntry *entry, struct stat *st)
{
  return lstat (entry->path, st) == 0 && st->st_uid == geteuid () &&
         (entry->published || is_temporary (entry->path));
}

/* FALSE if something stays. */
static gboolean
remove_entry (const V2vRegisterEntry *entry)
{
  g_autofree char *name = g_path_get_basename (entry->path);
  g_autofree char *why = NULL;
  struct stat st;

  if (!is_there (entry, &st))
    return TRUE;
  if (entry->published && (why = why_kept (entry))) {
    v2v_debug ("%s, which an interrupted run published, stays: %s", entry->path, why);
    return FALSE;
  }
  if (S_ISDIR (st.st_mode) && is_own_directory (name))
    v2v_held_remove (entry->path);
  else
    v2v_temp_remove (entry->path);
  if (lstat (entry->path, &st) == 0)
    return FALSE;
  if (entry->published)
    v2v_info ("removed %s, which an interrupted run had published and not finished",
              entry->path);
  else
    v2v_debug ("removed %s, which an interrupted run left", entry->path);
  return TRUE;
}

static gboolean
is_results_in (const V2vRegister *run, const char *dir)
{
  for (guint i = 0; dir && i < run->entries->len; i++) {
    const V2vRegisterEntry *entry = run->entries->pdata[i];
    g_autofree char *parent = g_path_get_dirname (entry->path);
    g_autofree char *absolute = g_canonicalize_filename (dir, NULL);

    if (entry->published && g_str_equal (parent, absolute))
      return TRUE;
  }
  return FALSE;
}

/* From the last to the first, as directories get empty. Removes the register with its last entry.
 */
static void
clean (V2vRegister *run, gboolean results)
{
  gboolean all = TRUE;

  for (guint i = run->entries->len; i-- > 0;) {
    const V2vRegisterEntry *entry = run->entries->pdata[i];
    struct stat st;

    if (results || !entry->published)
      all = remove_entry (entry) && all;
    else
      all = all && !is_there (entry, &st);
  }
  if (all)
    v2v_register_remove (run);
}

void
v2v_leftovers_remove_dead (void)
{
  g_autoptr (GPtrArray) runs = v2v_registers ();

  for (guint i = 0; i < runs->len; i++) {
    V2vRegister *run = runs->pdata[i];

    if (!run->alive)
      clean (run, FALSE);
  }
}

void
v2v_leftovers_remove_results (const char *name, const char *dir, const char *other_dir)
{
  g_autoptr (GPtrArray) runs = v2v_registers ();

  for (guint i = 0; i < runs->len; i++) {
    V2vRegister *run = runs->pdata[i];

    if (!run->alive && g_strcmp0 (run->name, name) == 0 &&
        (is_results_in (run, dir) || is_results_in (run, other_dir)))
      clean (run, TRUE);
  }
}

void
v2v_leftovers_remove_all (const char *file)
{
  g_autoptr (GPtrArray) runs = v2v_registers ();

  for (guint i = 0; i < runs->len; i++) {
    V2vRegister *run = runs->pdata[i];

    if (!run->alive && g_str_equal (run->path, file))
      clean (run, TRUE);
  }
}

/* ---- for people ---- */

static void
left_free (gpointer data)
{
  V2vLeft *left = data;

  g_free (left->path);
  g_free (left->state);
  g_free (left->guest);
  g_clear_pointer (&left->disks, g_ptr_array_unref);
  g_free (left->what);
  g_free (left);
}

static V2vLeft *
add (GPtrArray *found, V2vLeftKind kind, const char *path, const char *state, const char *guest)
{
  V2vLeft *left = g_new0 (V2vLeft, 1);

  left->kind = kind;
  left->path = g_strdup (path);
  left->state = g_strdup (state);
  left->guest = g_strdup (guest);
  g_ptr_array_add (found, left);
  return left;
}

/* At or below one of PATHS? */
static gboolean
is_below (const char *path, const GPtrArray *paths)
{
  if (!paths)
    return TRUE;
  for (guint i = 0; i < paths->len; i++) {
    g_autofree char *prefix = g_strconcat (paths->pdata[i], "/", NULL);

    if (g_str_equal (path, paths->pdata[i]) || g_str_has_prefix (path, prefix))
      return TRUE;
  }
  return FALSE;
}

static void
tell_run (const V2vRegister *run, const GPtrArray *paths, GPtrArray *found)
{
  for (guint i = 0; i < run->entries->len; i++) {
    const V2vRegisterEntry *entry = run->entries->pdata[i];
    g_autofree char *why = NULL;
    struct stat st;
    V2vLeft *left;

    if (!is_below (entry->path, paths) || !is_there (entry, &st))
      continue;
    if (run->alive) {
      left = add (found, V2V_LEFT_ALIVE, entry->path, "running", run->name);
      left->what = g_strdup ("a run that is under way makes it; wait until that has ended");
    } else if (entry->published && (why = why_kept (entry))) {
      left = add (found, V2V_LEFT_CHANGED, entry->path, "changed-result", run->name);
      left->what =
          g_strdup_printf ("an interrupted run had published it, and %s: see whether it "
                           "is needed, and remove it by hand",
                           why);
    } else {
      left = add (found, V2V_LEFT_REMOVE, entry->path,
                  entry->published ? "unfinished-result" : "temporary", run->name);
      left->what = g_strdup (
          entry->published ? "an interrupted run had published it and not finished: nobody "
                             "has used it since, and it can be removed"
                           : "an interrupted run left it: nobody needs it any more, and it "
                             "can be removed");
    }
  }
}

/* Does the journal stand below one of PATHS, or concern one of them as a disk? */
static gboolean
is_asked_for (const char *directory, const V2vJournal *journal, const GPtrArray *paths)
{
  if (is_below (directory, paths))
    return TRUE;
  for (guint i = 0; journal && i < journal->disks->len; i++)
    if (is_below (((const V2vJournalDisk *)journal->disks->pdata[i])->path, paths))
      return TRUE;
  return journal && v2v_in_place_concerns (journal, paths);
}

static void
tell_dead (V2vLeft *left, V2vJournal *journal, const V2vDir *dir)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *why = NULL;
  const V2vJournalDisk *written = NULL;

  switch (journal->state) {
  case V2V_JOURNAL_EDITING:
  case V2V_JOURNAL_PREPARED:
    left->kind = V2V_LEFT_REMOVE;
    left->state = g_strdup ("interrupted-before-commit");
    left->what =
        g_strdup ("a conversion in place was interrupted before it wrote to the disks: they "
                  "are as they were, and the directory can be removed; the next conversion "
                  "in place does that");
    return;
  case V2V_JOURNAL_KEPT:
    left->kind = V2V_LEFT_UNDO;
    left->state = g_strdup ("converted");
    left->what =
        g_strdup_printf ("the disks are converted, and v2v-engine undo %s takes that back; "
                         "remove the directory when the guest has proven itself",
                         dir->path);
    return;
  case V2V_JOURNAL_COMMITTING:
    left->state = g_strdup ("interrupted-in-commit");
    written = v2v_in_place_written_since (journal, dir, &why, &error);
    break;
  case V2V_JOURNAL_DONE:
    left->state = g_strdup ("interrupted-before-domain");
    break;
  case V2V_JOURNAL_UNDOING:
    left->state = g_strdup ("interrupted-in-undo");
    written = v2v_undo_written_since (journal, dir, &why, &error);
    break;
  }
  left->kind = V2V_LEFT_COMPLETE;
  left->what = v2v_in_place_advice (journal, dir);
  if (written) {
    g_free (left->state);
    left->kind = V2V_LEFT_WRITTEN;
    left->state = g_strdup ("written-since");
    g_free (left->what);
    left->what = g_strdup_printf (
        "%s was %s half way when that was interrupted, and was written to since: %s. Restore a "
        "backup, or keep the disk as it is and remove the directory; %s completes it "
        "nevertheless, "
        "and what was written is lost",
        written->path, journal->state == V2V_JOURNAL_UNDOING ? "taken back" : "converted", why,
        journal->state == V2V_JOURNAL_UNDOING ? "v2v-engine undo --force with this directory"
                                              : "the same conversion with --force-resume");
  } else if (error) {
    g_autofree char *advice = g_steal_pointer (&left->what);

    left->what = g_strdup_printf ("%s; %s", advice, error->message);
  }
}

static void
tell_directory (const V2vDir *work, const char *name, const GPtrArray *paths, GPtrArray *found)
{
  gboolean locked = FALSE;
  g_autoptr (V2vDir) dir = v2v_in_place_open (work, name, &locked);
  g_autoptr (GError) error = NULL;
  g_autoptr (V2vJournal) journal = dir ? v2v_journal_read (dir, &error) : NULL;
  V2vLeft *left;

  if (!dir || !is_asked_for (dir->path, journal, paths))
    return;
  left = add (found, V2V_LEFT_ALIVE, dir->path, NULL, journal ? journal->name : NULL);
  left->disks = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; journal && i < journal->disks->len; i++)
    g_ptr_array_add (left->disks,
                     g_strdup (((const V2vJournalDisk *)journal->disks->pdata[i])->path));
  if (!locked) {
    const gboolean undo = journal && journal->state == V2V_JOURNAL_UNDOING;

    left->state = g_strdup (undo ? "undoing" : "converting");
    left->what = g_strdup_printf ("the disks are being %s; wait until that has ended",
                                  undo ? "taken back" : "converted in place");
  } else if (!journal) {
    left->kind = error ? V2V_LEFT_BAD : V2V_LEFT_REMOVE;
    left->state = g_strdup (error ? "unreadable" : "interrupted-before-commit");
    left->what =
        g_strdup (error ? error->message
                        : "a conversion in place was interrupted when it began: the directory "
                          "can be removed");
  } else {
    tell_dead (left, journal, dir);
  }
}

static void
tell_directories (const char *work_dir, const GPtrArray *paths, GPtrArray *found)
{
  g_autoptr (V2vDir) work = v2v_in_place_lock_work_dir (work_dir);
  g_autoptr (GDir) names = work ? g_dir_open (work->path, 0, NULL) : NULL;
  const char *name;

  while (names && (name = g_dir_read_name (names)))
    tell_directory (work, name, paths, found);
}

GPtrArray *
v2v_leftovers (const char *path)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (left_free);
  g_autofree char *work_dir = v2v_state_dir ();
  g_autofree char *parent = path ? g_path_get_dirname (path) : NULL;
  g_autoptr (GPtrArray) runs = v2v_registers ();
  g_autoptr (GPtrArray) paths = path ? g_ptr_array_new () : NULL;

  if (path)
    g_ptr_array_add (paths, (gpointer)path);
  for (guint i = 0; i < runs->len; i++)
    tell_run (runs->pdata[i], paths, found);
  tell_directories (work_dir, paths, found);
  /* A work directory, or a directory in one. */
  if (path && !g_str_equal (path, work_dir))
    tell_directories (path, NULL, found);
  if (path && !g_str_equal (parent, work_dir) &&
      g_str_has_prefix (strrchr (path, '/'), "/in-place-"))
    tell_directories (parent, paths, found);
  return found;
}

/* A directory of a conversion in place, if it is still to be removed. */
static gboolean
remove_directory (const char *path)
{
  g_autofree char *parent = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr (V2vDir) work = v2v_in_place_lock_work_dir (parent);
  gboolean locked = FALSE;
  g_autoptr (V2vDir) dir = work ? v2v_in_place_open (work, name, &locked) : NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (V2vJournal) journal = dir && locked ? v2v_journal_read (dir, &error) : NULL;

  if (!dir || !locked || error || (journal && journal->state >= V2V_JOURNAL_COMMITTING))
    return FALSE;
  v2v_in_place_discard (dir);
  return !g_file_test (path, G_FILE_TEST_EXISTS);
}

/* Is ENTRY one of those that were shown? */
static gboolean
was_shown (const GPtrArray *left, const V2vRegisterEntry *entry)
{
  for (guint i = 0; i < left->len; i++) {
    const V2vLeft *one = left->pdata[i];

    if (one->kind == V2V_LEFT_REMOVE && !one->disks && g_str_equal (one->path, entry->path))
      return TRUE;
  }
  return FALSE;
}

guint
v2v_leftovers_remove (const GPtrArray *left)
{
  g_autoptr (GPtrArray) runs = v2v_registers ();
  guint failures = 0;

  for (guint i = 0; i < left->len; i++) {
    const V2vLeft *one = left->pdata[i];

    if (one->kind == V2V_LEFT_REMOVE && one->disks && !remove_directory (one->path)) {
      v2v_warn ("%s could not be removed", one->path);
      failures++;
    }
  }
  for (guint i = 0; i < runs->len; i++) {
    V2vRegister *run = runs->pdata[i];
    gboolean all = TRUE;

    for (guint j = run->entries->len; !run->alive && j-- > 0;) {
      const V2vRegisterEntry *entry = run->entries->pdata[j];
      struct stat st;

      if (was_shown (left, entry)) {
        if (!remove_entry (entry)) {
          v2v_warn ("%s could not be removed", entry->path);
          failures++;
          all = FALSE;
        }
      } else {
        all = all && !is_there (entry, &st);
      }
    }
    if (!run->alive && all)
      v2v_register_remove (run);
  }
  return failures;
}

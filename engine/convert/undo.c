/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Undoes a conversion: removes the files that it made or, in place, writes the former blocks
 * back.
 *
 * The report has to be the user's own file, but users edit files. So only regular files are
 * removed, never through a link of another user, and only if they are what the report says was
 * made.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/held.h"
#include "base/jsontext.h"
#include "base/log.h"
#include "base/outfile.h"
#include "convert/undo-report.h"
#include "storage/in-place-dir.h"
#include "storage/in-use.h"
#include "storage/stamp.h"
#include "storage/undo-file.h"

/* The largest domain document that is compared before it is removed. */
#define DOCUMENT_MAX (64 * 1024 * 1024)

/* ---- checks ---- */

/* Opens the directory that FILE is in; *NAME_R is its name there. NULL without an error: the
 * directory is gone. */
static V2vDir *
open_parent (const V2vUndoFile *file, char **name_r, GError **error)
{
  g_autoptr (GError) local = NULL;
  V2vDir *dir = v2v_held_parent (file->path, name_r, &local);

  if (local && local->code != V2V_EXIT_NOINPUT)
    g_propagate_error (error, g_steal_pointer (&local));
  return dir;
}

static gboolean
refuse_file (const V2vUndoFile *file, const char *why, const char *advice, GError **error)
{
  g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
               "%s is not what the conversion made: %s; nothing was removed. %s", file->path,
               why, advice);
  return FALSE;
}

#define ADVICE_FORCE "If nobody needs it any more, add --force"
#define ADVICE_MOVE "Remove it by hand, or move it away, and run undo again"

static gboolean
check_open_file (const V2vUndoFile *file, int fd, gboolean force, GError **error)
{
  g_autofree char *mtime = NULL;
  g_autofree char *sum = NULL;
  struct stat st;

  if (fstat (fd, &st) < 0) {
    v2v_error_set_errno (error, errno, "cannot examine %s", file->path);
    return FALSE;
  }
  if (!S_ISREG (st.st_mode))
    return refuse_file (file, "it is no regular file", ADVICE_MOVE, error);
  if ((guint64)st.st_ino != file->inode)
    return refuse_file (file, "another file has taken its place", ADVICE_MOVE, error);
  if (!v2v_in_use_check (file->path, fd, &st, error))
    return FALSE;
  if (force)
    return TRUE;
  mtime = v2v_stamp_mtime (&st);
  if (st.st_size != file->size || !g_str_equal (mtime, file->mtime))
    return refuse_file (file, "it has been written to since", ADVICE_FORCE, error);
  if (file->sum && (sum = v2v_undo_sum (fd, st.st_size)) && !g_str_equal (sum, file->sum))
    return refuse_file (file, "its content has changed", ADVICE_FORCE, error);
  return TRUE;
}

/* Is NAME in DIR the file that was made? */
static gboolean
check_name (const V2vUndoFile *file, const V2vDir *dir, const char *name, gboolean force,
            GError **error)
{
  int fd = openat (dir->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  gboolean ok;

  if (fd < 0 && errno == ELOOP)
    return refuse_file (file, "it is a link", ADVICE_MOVE, error);
  if (fd < 0) {
    v2v_error_set_errno (error, errno, "cannot open %s", file->path);
    return FALSE;
  }
  ok = check_open_file (file, fd, force, error);
  close (fd);
  return ok;
}

/* Looks for FILE, and checks it. *DIR_R, to be closed, gets the directory that it is in, which is
 * NULL if there is nothing to remove, and *NAME_R its name. */
static gboolean
find_file (const V2vUndoFile *file, gboolean force, V2vDir **dir_r, char **name_r,
           GError **error)
{
  g_autofree char *name = NULL;
  g_autoptr (GError) local = NULL;
  g_autoptr (V2vDir) dir = open_parent (file, &name, &local);

  *dir_r = NULL;
  if (local) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  if (!dir || !v2v_dir_has (dir, name))
    return TRUE;
  if (!check_name (file, dir, name, force, error))
    return FALSE;
  *dir_r = g_steal_pointer (&dir);
  *name_r = g_steal_pointer (&name);
  return TRUE;
}

/* *FOUND_R: is there something to remove? */
static gboolean
check_file (const V2vUndoFile *file, gboolean force, gboolean *found_r, GError **error)
{
  g_autofree char *name = NULL;
  g_autoptr (V2vDir) dir = NULL;

  if (!find_file (file, force, &dir, &name, error))
    return FALSE;
  *found_r |= dir != NULL;
  return TRUE;
}

/* The source has to exist: it is what remains after the undo. */
static gboolean
check_source (const V2vUndoFile *file, GError **error)
{
  struct stat st;
  const char *how = NULL;

  if (stat (file->path, &st) < 0) {
    how = "it cannot be found";
  } else if (S_ISREG (st.st_mode)) {
    g_autofree char *mtime = v2v_stamp_mtime (&st);

    if (st.st_size != file->size || !g_str_equal (mtime, file->mtime))
      how = "it has been written to";
  }
  if (!how)
    return TRUE;
  g_set_error (
      error, V2V_ERROR, V2V_EXIT_DATA,
      "the disk %s, which the guest would be left with, is not what was converted: %s; "
      "nothing was removed. If that is known and the new guest is not needed, add --force",
      file->path, how);
  return FALSE;
}

static gboolean
check_directory (V2vUndoReport *undo, gboolean force, GError **error)
{
  if (!undo->directory) {
    if (!undo->in_place)
      return TRUE;
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_DATA,
        "%s: the disks were changed in place without --keep-undo, so their former blocks "
        "are not known; restore a backup",
        undo->what);
    return FALSE;
  }
  if (!(undo->dir = v2v_in_place_open_directory (undo->directory, &undo->journal, error)))
    return FALSE;
  if (undo->name && !g_str_equal (undo->journal->name, undo->name)) {
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_DATA,
        "%s is a report on the guest %s, but %s, which it names, belongs to the guest %s",
        undo->what, undo->name, undo->directory, undo->journal->name);
    return FALSE;
  }
  return v2v_undo_check (undo->journal, undo->dir, force, error);
}

/* *FOUND_R: is there anything left to undo? */
static gboolean
check (V2vUndoReport *undo, gboolean *found_r, GError **error)
{
  const gboolean force = v2v_option_is_set (undo->options, "force");

  for (guint i = 0; i < undo->files->len; i++)
    if (!check_file (undo->files->pdata[i], force, found_r, error))
      return FALSE;
  for (guint i = 0; !force && *found_r && i < undo->sources->len; i++)
    if (!check_source (undo->sources->pdata[i], error))
      return FALSE;
  if (undo->output && undo->output->undo) {
    *found_r = TRUE;
    if (!undo->output->undo (undo->notes, undo->options, TRUE, error))
      return FALSE;
  }
  *found_r |= undo->directory != NULL;
  return check_directory (undo, force, error);
}

/* ---- doing it ---- */

static gboolean
remove_file (const V2vUndoFile *file, gboolean force, GError **error)
{
  g_autofree char *name = NULL;
  g_autoptr (V2vDir) dir = NULL;

  /* Checked again, in the directory that was kept open, since time has passed. */
  if (!find_file (file, force, &dir, &name, error))
    return FALSE;
  if (!dir)
    return TRUE;
  if (unlinkat (dir->fd, name, 0) < 0 && errno != ENOENT) {
    v2v_error_set_errno (error, errno, "cannot remove %s", file->path);
    return FALSE;
  }
  v2v_info ("removed %s", file->path);
  return v2v_dir_sync (dir, error);
}

/* Marks the report, so that a second undo finds that it was done. */
static gboolean
mark_report (const V2vUndoReport *undo, GError **error)
{
  JsonObject *object = v2v_undo_get_object (json_node_get_object (undo->report), "undo");
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *stamp = g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");
  g_autoptr (GError) local = NULL;
  g_autofree char *text = NULL;
  g_autofree char *whole = NULL;

  json_object_set_string_member (object, "undone", stamp);
  text = v2v_json_text (undo->report, TRUE);
  whole = g_strconcat (text, "\n", NULL);
  if (v2v_write_file (undo->what, whole, -1, 0600, &local))
    return TRUE;
  if (undo->dir) {
    /* The directory is removed last: without it, the next undo could not find out whether
     * the disks were restored. */
    g_set_error (
        error, V2V_ERROR, local->code,
        "the conversion was taken back, but its report cannot say so: %s; run the same "
        "undo again when that is mended",
        local->message);
    return FALSE;
  }
  v2v_warn ("the report does not say that the conversion was taken back: %s", local->message);
  return TRUE;
}

/* The domain document of a work directory without a report. */
static void
remove_journal_domain (const V2vJournal *journal)
{
  g_autofree char *present = NULL, *name = NULL;
  g_autoptr (V2vDir) dir = NULL;
  gsize length;
  int fd = -1;

  if (journal->domain_path && journal->domain_text &&
      (dir = v2v_held_parent (journal->domain_path, &name, NULL)))
    fd = openat (dir->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0)
    return;
  if (v2v_held_read_all (fd, journal->domain_path, DOCUMENT_MAX, &present, &length, NULL) &&
      g_str_equal (present, journal->domain_text)) {
    unlinkat (dir->fd, name, 0);
    v2v_info ("removed %s", journal->domain_path);
  } else {
    v2v_warn ("%s was changed since and stays", journal->domain_path);
  }
  close (fd);
}

static gboolean
write_back (V2vUndoReport *undo, GError **error)
{
  V2vJournal *journal = undo->journal;

  v2v_step ("disks", "Writing the former blocks back", 0);
  if (!v2v_undo_write_back (journal, undo->dir, error))
    return FALSE;
  if (journal->former_path && !g_file_test (journal->former_path, G_FILE_TEST_EXISTS)) {
    g_autoptr (GError) local = NULL;

    if (v2v_in_place_publish (journal->former_path, journal->former_text, &local))
      v2v_info ("wrote the former domain document %s again", journal->former_path);
    else
      v2v_warn ("the former domain document %s is gone and cannot be written: %s",
                journal->former_path, local->message);
  }
  for (guint i = 0; i < journal->disks->len; i++)
    v2v_info ("restored %s", ((const V2vJournalDisk *)journal->disks->pdata[i])->path);
  return TRUE;
}

static gboolean
take_back (V2vUndoReport *undo, GError **error)
{
  const gboolean force = v2v_option_is_set (undo->options, "force");

  /* The new guest is removed first, so that nobody can start it while its disks are half
   * restored. */
  if (undo->output && undo->output->undo &&
      !undo->output->undo (undo->notes, undo->options, FALSE, error))
    return FALSE;
  if (undo->dir && !write_back (undo, error))
    return FALSE;
  v2v_step ("remove", "Removing what was made", 0);
  for (guint i = undo->files->len; i-- > 0;)
    if (!remove_file (undo->files->pdata[i], force, error))
      return FALSE;
  if (undo->report && !mark_report (undo, error))
    return FALSE;
  if (!undo->report)
    remove_journal_domain (undo->journal);
  return !undo->dir || v2v_in_place_forget (undo->journal, undo->dir, error);
}

/* Removes the directory of an undo that was killed just before it would have removed it. */
static gboolean
finish_off (const V2vUndoReport *undo)
{
  g_autofree char *parent = undo->directory ? g_path_get_dirname (undo->directory) : NULL;
  g_autofree char *name = undo->directory ? g_path_get_basename (undo->directory) : NULL;
  g_autoptr (V2vDir) work = parent ? v2v_in_place_lock_work_dir (parent) : NULL;
  gboolean locked = FALSE;
  g_autoptr (V2vDir) dir = work ? v2v_in_place_open (work, name, &locked) : NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (V2vJournal) journal = dir && locked ? v2v_journal_read (dir, &error) : NULL;

  if (!dir || !locked || error ||
      (journal && journal->state >= V2V_JOURNAL_COMMITTING &&
       !(undo->undone && journal->state == V2V_JOURNAL_UNDOING)))
    return FALSE;
  v2v_in_place_discard (dir);
  return TRUE;
}

gboolean
v2v_undo (const char *what, const V2vOptionValues *options, void (*committing) (gboolean begin),
          GError **error)
{
  g_auto (V2vUndoReport) undo;
  gboolean found = FALSE;
  gboolean ok;

  v2v_undo_report_init (&undo, what);
  undo.options = options;
  v2v_step ("check", "Looking at what was made", 0);
  if (g_file_test (what, G_FILE_TEST_IS_DIR))
    undo.directory = g_canonicalize_filename (what, NULL);
  else if (!v2v_undo_report_read (&undo, error))
    return FALSE;
  if (finish_off (&undo) || undo.undone) {
    v2v_info ("%s: this conversion was taken back already", what);
    return TRUE;
  }
  if (!check (&undo, &found, error))
    return FALSE;
  if (!found) {
    v2v_info ("%s: nothing is left of what this conversion made", what);
    return TRUE;
  }
  committing (TRUE);
  ok = take_back (&undo, error);
  committing (FALSE);
  return ok;
}

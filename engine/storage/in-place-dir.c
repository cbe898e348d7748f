/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Directories of in-place conversions: begin, commit, recover, discard.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/register.h"
#include "storage/examine.h"
#include "storage/in-place-dir.h"
#include "storage/in-use.h"
#include "storage/rewrite.h"
#include "storage/space.h"
#include "storage/undo-file.h"

#define DIRECTORY_PREFIX "in-place-"

char *
v2v_in_place_work_dir (const V2vOptionValues *options)
{
  const char *given = v2v_option_get (options, "work-dir");

  return given ? g_canonicalize_filename (given, NULL) : v2v_state_dir ();
}

/* ---- directories ---- */

V2vDir *
v2v_in_place_open (const V2vDir *work, const char *name, gboolean *locked_r)
{
  g_autofree char *path = v2v_dir_path (work, name);
  g_autoptr (V2vDir) dir = NULL;
  struct stat st;

  if (!g_str_has_prefix (name, DIRECTORY_PREFIX) ||
      fstatat (work->fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISDIR (st.st_mode) ||
      !(dir = v2v_dir_open (path, NULL)) || fstat (dir->fd, &st) < 0)
    return NULL;
  /* A directory in which other users can write proves nothing. */
  if (st.st_uid != geteuid () || (st.st_mode & 077))
    return NULL;
  *locked_r = flock (dir->fd, LOCK_EX | LOCK_NB) == 0;
  return g_steal_pointer (&dir);
}

static void
remove_beside (const V2vDir *dir, const char *name)
{
  g_autofree char *path = name ? v2v_dir_path (dir, name) : NULL;

  if (path)
    v2v_temp_remove (path);
}

/* Removes what begins like one of PREFIXES: the journal need not know it yet, or no more. */
static void
remove_files (const V2vDir *dir, const char *const *prefixes)
{
  g_autoptr (GDir) names = g_dir_open (dir->path, 0, NULL);
  const char *name;

  while (names && (name = g_dir_read_name (names)))
    for (guint i = 0; prefixes[i]; i++)
      if (g_str_has_prefix (name, prefixes[i])) {
        remove_beside (dir, name);
        break;
      }
}

#define NEEDED_BY_COMMIT "overlay-", "redo-", "write-", "." V2V_JOURNAL_FILE "."

void
v2v_in_place_discard (V2vDir *dir)
{
  static const char *const all[] = {NEEDED_BY_COMMIT, "undo-", "back-", NULL};

  /* The journal is the last to go: until then it says that the rest is to be removed. */
  remove_files (dir, all);
  remove_beside (dir, V2V_JOURNAL_FILE);
  v2v_temp_remove (dir->path);
}

/* The work directory, locked as long as it is open: directories are made and looked for one process
 * at a time. */
static V2vDir *
lock_work_dir (const char *path, gboolean make, GError **error)
{
  V2vDir *work;

  if (!make && !g_file_test (path, G_FILE_TEST_EXISTS))
    return NULL;
  if (make && g_mkdir_with_parents (path, 0700) < 0) {
    int errnum = errno;

    v2v_error_set_errno (error, errnum,
                         "cannot make the work directory %s (choose another by --work-dir)",
                         path);
    return NULL;
  }
  work = v2v_dir_open (path, error);
  if (work)
    while (flock (work->fd, LOCK_EX) < 0 && errno == EINTR)
      ;
  return work;
}

V2vDir *
v2v_in_place_lock_work_dir (const char *path)
{
  return lock_work_dir (path, FALSE, NULL);
}

/* Do both paths name the same file or block device now? */
static gboolean
same_disk (const char *a, const char *b)
{
  struct stat sa, sb;

  if (stat (a, &sa) < 0 || stat (b, &sb) < 0)
    return g_str_equal (a, b);
  if (S_ISBLK (sa.st_mode) && S_ISBLK (sb.st_mode))
    return sa.st_rdev == sb.st_rdev;
  return sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
}

gboolean
v2v_in_place_concerns (const V2vJournal *journal, const GPtrArray *paths)
{
  if (!paths)
    return TRUE;
  for (guint i = 0; i < journal->disks->len; i++)
    for (guint j = 0; j < paths->len; j++)
      if (same_disk (((const V2vJournalDisk *)journal->disks->pdata[i])->path, paths->pdata[j]))
        return TRUE;
  return FALSE;
}

/* A directory that an interrupted conversion left behind. */
typedef struct {
  V2vDir *dir;
  V2vJournal *journal;
} Leftover;

static void
leftover_free (gpointer data)
{
  Leftover *leftover = data;

  v2v_dir_close (leftover->dir);
  v2v_journal_free (leftover->journal);
  g_free (leftover);
}

static gboolean
refuse (const Leftover *leftover, GError **error)
{
  g_autofree char *advice = v2v_in_place_advice (leftover->journal, leftover->dir);

  g_set_error (error, V2V_ERROR, V2V_EXIT_TEMPFAIL,
               leftover->journal->state == V2V_JOURNAL_UNDOING
                   ? "an undo of a conversion was interrupted while it wrote the disks back: %s"
                   : "an in-place conversion was interrupted while it wrote to the disks: %s",
               advice);
  return FALSE;
}

/* A directory in which a running process works. It concerns only a process that needs the
 * same disks. */
static gboolean
refuse_busy (const Leftover *leftover, const GPtrArray *paths, GError **error)
{
  const V2vJournal *journal = leftover->journal;

  if (!paths || journal->state == V2V_JOURNAL_KEPT || !v2v_in_place_concerns (journal, paths))
    return TRUE;
  g_set_error (
      error, V2V_ERROR, V2V_EXIT_TEMPFAIL,
      journal->state == V2V_JOURNAL_UNDOING
          ? "the conversion of %s, which has one of these disks, is being taken back by "
            "another process (in %s); wait until it has ended"
          : "the guest %s, which has one of these disks, is being converted in place by "
            "another process (in %s); wait until it has ended",
      journal->name, leftover->dir->path);
  return FALSE;
}

/* What a dead process left, and now is locked by this one. */
static gboolean
take_dead (Leftover *leftover, const GPtrArray *paths, GPtrArray *found, GError **error)
{
  static const char *const needed[] = {NEEDED_BY_COMMIT, NULL};
  const V2vJournal *journal = leftover->journal;

  if (journal->state == V2V_JOURNAL_KEPT) {
    remove_files (leftover->dir, needed);
    return TRUE;
  }
  if (journal->state < V2V_JOURNAL_COMMITTING) {
    v2v_info (
        "discarding what an interrupted in-place conversion of %s left in %s; its disks had "
        "not been written to",
        journal->name, leftover->dir->path);
    v2v_in_place_discard (leftover->dir);
    return TRUE;
  }
  if (!v2v_in_place_concerns (journal, paths))
    return TRUE;
  if (journal->state == V2V_JOURNAL_UNDOING)
    return !paths || refuse (leftover, error);
  g_ptr_array_add (found, g_memdup2 (leftover, sizeof *leftover));
  *leftover = (Leftover){NULL, NULL};
  return TRUE;
}

/* Adds the directory NAME to FOUND if it concerns PATHS and wrote to disks; discards it if it only
 * got ready to. */
static gboolean
look_at_directory (const V2vDir *work, const char *name, const GPtrArray *paths,
                   GPtrArray *found, GError **error)
{
  gboolean locked = FALSE, ok = TRUE;
  Leftover leftover = {v2v_in_place_open (work, name, &locked), NULL};
  g_autoptr (GError) local = NULL;

  if (!leftover.dir)
    return TRUE;
  leftover.journal = v2v_journal_read (leftover.dir, &local);
  if (local) {
    g_propagate_error (error, g_steal_pointer (&local));
    ok = FALSE;
  } else if (!leftover.journal) {
    if (locked)
      v2v_in_place_discard (leftover.dir);
  } else {
    ok = locked ? take_dead (&leftover, paths, found, error)
                : refuse_busy (&leftover, paths, error);
  }
  v2v_dir_close (leftover.dir);
  v2v_journal_free (leftover.journal);
  return ok;
}

/* Every conversion that has to be rolled forward and that concerns PATHS; OWN (NULL: none) is
 * the name of the directory that this process works in. */
static GPtrArray *
find_leftovers (const V2vDir *work, const GPtrArray *paths, const char *own, GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (leftover_free);
  g_autoptr (GDir) names = g_dir_open (work->path, 0, error);
  const char *name;

  if (!names)
    return NULL;
  while ((name = g_dir_read_name (names)))
    if (g_strcmp0 (name, own) != 0 && !look_at_directory (work, name, paths, found, error))
      return NULL;
  return g_steal_pointer (&found);
}

static gboolean
refuse_leftovers (const V2vDir *work, const GPtrArray *paths, const char *own, GError **error)
{
  g_autoptr (GPtrArray) found = find_leftovers (work, paths, own, error);

  return found && (!found->len || refuse (found->pdata[0], error));
}

/* The paths (borrowed) of the disks of JOURNAL. */
static GPtrArray *
paths_of_journal (const V2vJournal *journal)
{
  GPtrArray *paths = g_ptr_array_new ();

  for (guint i = 0; i < journal->disks->len; i++)
    g_ptr_array_add (paths, ((const V2vJournalDisk *)journal->disks->pdata[i])->path);
  return paths;
}

V2vDir *
v2v_in_place_begin (const char *work_dir, const V2vJournal *journal, GError **error)
{
  g_autoptr (V2vDir) work = lock_work_dir (work_dir, TRUE, error);
  g_autoptr (GPtrArray) paths = paths_of_journal (journal);
  g_autofree char *name =
      g_strdup_printf (DIRECTORY_PREFIX "%08x%08x", g_random_int (), g_random_int ());
  g_autofree char *path = NULL;
  g_autofree char *file = NULL;
  g_autoptr (V2vDir) dir = NULL;

  if (!work)
    return NULL;
  if (!refuse_leftovers (work, paths, NULL, error))
    return NULL;
  path = v2v_dir_path (work, name);
  v2v_register_except (path);
  v2v_temp_add (path);
  if (mkdirat (work->fd, name, 0700) < 0) {
    v2v_error_set_errno (error, errno,
                         "cannot make the directory %s (choose another by --work-dir)", path);
    v2v_temp_forget (path);
    return NULL;
  }
  dir = v2v_dir_open (path, error);
  if (dir) {
    flock (dir->fd, LOCK_EX | LOCK_NB);
    file = v2v_dir_path (dir, V2V_JOURNAL_FILE);
    v2v_temp_add (file);
  }
  if (!dir || !v2v_journal_write (journal, dir, error) || !v2v_dir_sync (work, error)) {
    if (file)
      v2v_temp_remove (file);
    v2v_temp_remove (path);
    return NULL;
  }
  return g_steal_pointer (&dir);
}

static GPtrArray *
paths_of (const GPtrArray *disks)
{
  GPtrArray *paths;

  if (!disks)
    return NULL;
  paths = g_ptr_array_new ();
  for (guint i = 0; i < disks->len; i++)
    g_ptr_array_add (paths, ((const V2vDomainDisk *)disks->pdata[i])->path);
  return paths;
}

gboolean
v2v_in_place_check (const V2vOptionValues *options, const GPtrArray *disks, GError **error)
{
  g_autofree char *work_dir = v2v_in_place_work_dir (options);
  g_autoptr (V2vDir) work = lock_work_dir (work_dir, FALSE, NULL);
  g_autoptr (GPtrArray) paths = paths_of (disks);

  return !work || refuse_leftovers (work, paths, NULL, error);
}

/* ---- commit ---- */

char *
v2v_in_place_advice (const V2vJournal *journal, const V2vDir *dir)
{
  if (journal->state == V2V_JOURNAL_UNDOING)
    return g_strdup_printf (
        "the disks of %s are taken back half way: do not start the guest until "
        "you have run v2v-engine undo %s and that has completed it (journal: "
        "%s/" V2V_JOURNAL_FILE ")",
        journal->name, dir->path, dir->path);
  if (journal->state == V2V_JOURNAL_DONE)
    return g_strdup_printf (
        "the disks of %s are converted, but its domain is not written yet: do "
        "not start the former guest; run the same in-place conversion again to "
        "complete it (journal: %s/" V2V_JOURNAL_FILE ")",
        journal->name, dir->path);
  return g_strdup_printf (
      "the disks of %s are converted half way: do not start the guest until you have run the "
      "same "
      "in-place conversion again and that has completed it%s%s (journal: %s/" V2V_JOURNAL_FILE
      ")",
      journal->name, journal->keep_undo ? ", or have taken it back by v2v-engine undo " : "",
      journal->keep_undo ? dir->path : "", dir->path);
}

static gboolean
is_changed (const V2vJournalDisk *disk)
{
  return disk->changed;
}

static gboolean
open_changes (V2vWriting *writing, GError **error)
{
  const V2vJournalDisk *disk = writing->disk;
  g_autofree char *path = v2v_dir_path (writing->dir, disk->redo ? disk->redo : disk->overlay);

  if (disk->redo && !disk->block)
    writing->length = disk->new_length;
  return v2v_writing_open_qcow2 (writing, path, error);
}

static const V2vRewrite commit = {
    .record = "write",
    .record_at = G_STRUCT_OFFSET (V2vJournalDisk, record),
    .concerns = is_changed,
    .open = open_changes,
};

static gboolean
find_length (const V2vWriting *writing, gpointer data, GError **error G_GNUC_UNUSED)
{
  V2vJournalDisk *disk = data;

  disk->new_length = disk->length;
  for (guint i = 0; disk->redo && i < writing->blocks->len; i++) {
    const V2vBlock *block = &g_array_index (writing->blocks, V2vBlock, i);

    disk->new_length = MAX (disk->new_length, (gint64)(block->offset + block->length));
  }
  return TRUE;
}

gboolean
v2v_in_place_find_length (V2vJournalDisk *disk, const V2vDir *dir, GError **error)
{
  return v2v_rewrite_with (&commit, disk, dir, find_length, disk, error);
}

gboolean
v2v_in_place_ready_disks (V2vJournal *journal, const V2vDir *dir, GError **error)
{
  return v2v_rewrite_ready (&commit, journal, dir, error);
}

const V2vJournalDisk *
v2v_in_place_written_since (const V2vJournal *journal, const V2vDir *dir, char **why_r,
                            GError **error)
{
  return v2v_rewrite_written_since (&commit, journal, dir, why_r, error);
}

gboolean
v2v_in_place_look (const V2vJournal *journal, const V2vDir *dir, const char *force,
                   GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *why = NULL;
  const V2vJournalDisk *disk = v2v_in_place_written_since (journal, dir, &why, &local);

  if (local) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  if (!disk)
    return TRUE;
  g_set_error (
      error, V2V_ERROR, V2V_EXIT_DATA,
      "%s was written to since its conversion in place was interrupted: %s. What is in %s is "
      "not "
      "written over that; nothing was written. If the guest ran meanwhile, restore a "
      "backup, or keep the disk as it is and remove that directory; if what was written is not "
      "needed, %s, and it is written nevertheless",
      disk->path, why, dir->path, force);
  return FALSE;
}

gboolean
v2v_in_place_commit_disks (const V2vJournal *journal, const V2vDir *dir, GError **error)
{
  g_autofree char *advice = v2v_in_place_advice (journal, dir);

  return v2v_rewrite_disks (&commit, journal, dir, "writing the changes to the disks", advice,
                            error);
}

gboolean
v2v_in_place_note_written (V2vJournal *journal, const V2vDir *dir, GError **error)
{
  for (guint i = 0; i < journal->disks->len; i++) {
    V2vJournalDisk *disk = journal->disks->pdata[i];

    if (disk->undo && !v2v_undo_note_written (disk, dir, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
v2v_in_place_end (V2vJournal *journal, V2vDir *dir)
{
  static const char *const needed[] = {NEEDED_BY_COMMIT, NULL};
  g_autoptr (GError) error = NULL;

  if (journal->keep_undo) {
    journal->state = V2V_JOURNAL_KEPT;
    if (!v2v_journal_write (journal, dir, &error)) {
      v2v_warn ("what undo needs is kept in %s, but as if the conversion were not done: %s",
                dir->path, error->message);
      return TRUE;
    }
    remove_files (dir, needed);
    return TRUE;
  }
  v2v_in_place_discard (dir);
  return FALSE;
}

/* ---- undo ---- */

V2vDir *
v2v_in_place_open_directory (const char *path, V2vJournal **journal_r, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *parent = g_path_get_dirname (absolute);
  g_autofree char *name = g_path_get_basename (absolute);
  g_autoptr (V2vDir) work = NULL;
  g_autoptr (V2vDir) dir = NULL;
  g_autoptr (GError) local = NULL;
  gboolean locked = FALSE;

  if (g_file_test (parent, G_FILE_TEST_IS_DIR) && (work = v2v_dir_open (parent, error)))
    dir = v2v_in_place_open (work, name, &locked);
  if (!dir) {
    g_clear_error (error);
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_NOINPUT,
        "%s, which holds what undo needs, is not there or is no directory of an in-place "
        "conversion of this user: the conversion was taken back already, or the directory "
        "was removed",
        absolute);
    return NULL;
  }
  if (!locked) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_TEMPFAIL,
                 "%s is being worked in by another process; wait until it has ended", absolute);
    return NULL;
  }
  *journal_r = v2v_journal_read (dir, &local);
  if (*journal_r)
    return g_steal_pointer (&dir);
  if (local)
    g_propagate_error (error, g_steal_pointer (&local));
  else
    g_set_error (error, V2V_ERROR, V2V_EXIT_NOINPUT, "there is no journal in %s", absolute);
  return NULL;
}

gboolean
v2v_in_place_begin_undo (V2vJournal *journal, const V2vDir *dir, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (dir->path);
  g_autofree char *name = g_path_get_basename (dir->path);
  g_autoptr (V2vDir) work = NULL;
  g_autoptr (GPtrArray) paths = paths_of_journal (journal);

  if (journal->state == V2V_JOURNAL_UNDOING)
    return TRUE;
  if (!(work = lock_work_dir (parent, TRUE, error)))
    return FALSE;
  if (!refuse_leftovers (work, paths, name, error))
    return FALSE;
  journal->state = V2V_JOURNAL_UNDOING;
  return v2v_journal_write (journal, dir, error);
}

gboolean
v2v_in_place_forget (V2vJournal *journal, V2vDir *dir, GError **error)
{
  /* Half removed, it would look as if the disks were half restored. */
  journal->state = V2V_JOURNAL_EDITING;
  if (!v2v_journal_write (journal, dir, error))
    return FALSE;
  v2v_in_place_discard (dir);
  return TRUE;
}

/* ---- recover ---- */

gboolean
v2v_in_place_check_disks (V2vJournal *journal, GError **error)
{
  if (!journal->locks)
    journal->locks = v2v_image_locks_new ();
  for (guint i = 0; i < journal->disks->len; i++) {
    const V2vJournalDisk *disk = journal->disks->pdata[i];
    int fd = v2v_journal_disk_open (disk, O_RDONLY, error);
    gboolean is_free;
    struct stat st;

    if (fd < 0)
      return FALSE;
    is_free = fstat (fd, &st) < 0 || v2v_in_use_check (disk->path, fd, &st, error);
    close (fd);
    if (!is_free || !v2v_image_locks_add (journal->locks, disk->path, error) ||
        !v2v_image_locks_write (journal->locks, disk->path, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
v2v_in_place_publish (const char *path, const char *text, GError **error)
{
  g_autofree char *directory = NULL;
  g_autofree char *file = NULL;
  g_autofree char *present = NULL;
  g_autofree char *temp = NULL;
  g_autoptr (V2vDir) dir = NULL;
  gboolean ok;
  int fd;

  if (!path || !text)
    return TRUE;
  /* The journal knows whether it is finished. */
  v2v_register_except (path);
  if (g_file_get_contents (path, &present, NULL, NULL) && g_str_equal (present, text))
    return TRUE;
  directory = g_path_get_dirname (path);
  file = g_path_get_basename (path);
  if (!(dir = v2v_dir_open (directory, error)) ||
      (fd = v2v_temp_create (dir, file, &temp, error)) < 0)
    return FALSE;
  ok = v2v_write_all (fd, path, text, strlen (text), error);
  if (ok && fsync (fd) < 0) {
    v2v_error_set_errno (error, errno, "cannot sync %s", path);
    ok = FALSE;
  }
  close (fd);
  if (ok && v2v_temp_publish (dir, temp, file, error)) {
    v2v_temp_forget (path);
    return TRUE;
  }
  {
    g_autofree char *left = v2v_dir_path (dir, temp);

    v2v_temp_remove (left);
  }
  return FALSE;
}

static gboolean
roll_forward (Leftover *leftover, gboolean force, GString *what, GError **error)
{
  V2vJournal *journal = leftover->journal;

  if (journal->state == V2V_JOURNAL_COMMITTING) {
    if (!v2v_in_place_check_disks (journal, error) ||
        (!force && !v2v_in_place_look (journal, leftover->dir, "add --force-resume", error)) ||
        !v2v_in_place_commit_disks (journal, leftover->dir, error) ||
        !v2v_in_place_note_written (journal, leftover->dir, error))
      return FALSE;
    journal->state = V2V_JOURNAL_DONE;
    if (!v2v_journal_write (journal, leftover->dir, error))
      return FALSE;
  }
  if (!v2v_in_place_publish (journal->domain_path, journal->domain_text, error))
    return FALSE;
  /* In the order in which directories get empty. */
  for (guint i = journal->temps->len; i-- > 0;)
    v2v_temp_remove (journal->temps->pdata[i]);
  g_string_append_printf (what,
                          "%scompleted the in-place conversion of %s that was interrupted: ",
                          what->len ? "\n" : "", journal->name);
  for (guint i = 0; i < journal->disks->len; i++)
    g_string_append_printf (what, "%s%s", i ? ", " : "",
                            ((const V2vJournalDisk *)journal->disks->pdata[i])->path);
  if (journal->domain_path)
    g_string_append_printf (what, ", %s", journal->domain_path);
  v2v_if_killed (NULL);
  if (v2v_in_place_end (journal, leftover->dir))
    g_string_append_printf (what, "; it can be taken back by: v2v-engine undo %s",
                            leftover->dir->path);
  return TRUE;
}

gboolean
v2v_in_place_recover (const V2vOptionValues *options, const GPtrArray *disks, char **what_r,
                      GError **error)
{
  g_autofree char *work_dir = v2v_in_place_work_dir (options);
  g_autoptr (V2vDir) work = lock_work_dir (work_dir, FALSE, NULL);
  g_autoptr (GPtrArray) paths = paths_of (disks);
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GString) what = g_string_new (NULL);

  *what_r = NULL;
  if (!work)
    return TRUE;
  found = find_leftovers (work, paths, NULL, error);
  /* What was found is locked by itself; others need not wait. */
  g_clear_pointer (&work, v2v_dir_close);
  for (guint i = 0; found && i < found->len; i++)
    if (!roll_forward (found->pdata[i], v2v_option_is_set (options, "force-resume"), what,
                       error))
      return FALSE;
  if (found && what->len)
    *what_r = g_string_free (g_steal_pointer (&what), FALSE);
  return found != NULL;
}

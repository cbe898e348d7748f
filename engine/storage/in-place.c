/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Folders of in-place conversions: begin, commit, recover, discard.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/process.h"
#include "storage/examine.h"
#include "storage/in-place.h"
#include "storage/in-use.h"
#include "storage/storage-private.h"
#include "storage/undo.h"

#define FOLDER_PREFIX "in-place-"

char *
v2v_in_place_work_dir (const V2vOptionValues *options)
{
  const char *given = v2v_option_get (options, "work-dir");
  const char *state = g_getenv ("XDG_STATE_HOME");

  if (given)
    return g_canonicalize_filename (given, NULL);
  if (geteuid () == 0)
    return g_strdup ("/var/lib/v2v-engine");
  if (state && g_path_is_absolute (state))
    return g_build_filename (state, "v2v-engine", NULL);
  return g_build_filename (g_get_home_dir (), ".local", "state", "v2v-engine", NULL);
}

/* ---- folders ---- */

/* Opens the folder NAME of the work directory if it is one of ours. Whether it could be locked
 * is in *LOCKED_R. */
static V2vDir *
open_folder (const V2vDir *work, const char *name, gboolean *locked_r)
{
  g_autofree char *path = v2v_dir_path (work, name);
  g_autoptr (V2vDir) dir = NULL;
  struct stat st;

  if (!g_str_has_prefix (name, FOLDER_PREFIX) ||
      fstatat (work->fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISDIR (st.st_mode) ||
      !(dir = v2v_dir_open (path, NULL)) || fstat (dir->fd, &st) < 0)
    return NULL;
  /* What others can write to tells nothing. */
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

void
v2v_in_place_discard (const V2vJournal *journal, V2vDir *dir)
{
  g_autofree char *file = v2v_dir_path (dir, V2V_JOURNAL_FILE);

  /* The journal is the last to go: until then it says that the rest is to be removed. */
  for (guint i = 0; journal && i < journal->disks->len; i++) {
    const V2vJournalDisk *disk = journal->disks->pdata[i];
    g_autofree char *overlay = v2v_dir_path (dir, disk->overlay);

    v2v_temp_remove (overlay);
    remove_beside (dir, disk->redo);
    remove_beside (dir, disk->undo);
  }
  v2v_temp_remove (file);
  v2v_temp_remove (dir->path);
}

/* The work directory, locked as long as it is open: folders are made and looked for one process
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

/* One of PATHS (char *; NULL: any) is a disk of JOURNAL. */
static gboolean
concerns (const V2vJournal *journal, const GPtrArray *paths)
{
  if (!paths)
    return TRUE;
  for (guint i = 0; i < journal->disks->len; i++)
    for (guint j = 0; j < paths->len; j++)
      if (same_disk (((const V2vJournalDisk *)journal->disks->pdata[i])->path, paths->pdata[j]))
        return TRUE;
  return FALSE;
}

/* A folder that an interrupted conversion left behind. */
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

/* Adds the folder NAME to FOUND if it concerns PATHS and wrote to disks; discards it if it only
 * got ready to. */
static gboolean
look_at_folder (const V2vDir *work, const char *name, const GPtrArray *paths, GPtrArray *found,
                GError **error)
{
  gboolean locked = FALSE;
  g_autoptr (V2vDir) dir = open_folder (work, name, &locked);
  g_autoptr (V2vJournal) journal = NULL;
  g_autoptr (GError) local = NULL;
  Leftover *leftover;

  if (!dir)
    return TRUE;
  journal = v2v_journal_read (dir, &local);
  if (local) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  if (!journal) {
    if (locked)
      v2v_in_place_discard (NULL, dir);
    return TRUE;
  }
  if (journal->state == V2V_JOURNAL_KEPT || !concerns (journal, paths))
    return TRUE;
  if (journal->state == V2V_JOURNAL_UNDOING) {
    if (!paths)
      return TRUE;
    g_set_error (error, V2V_ERROR, V2V_EXIT_TEMPFAIL,
                 locked ? "an undo of the conversion of %s was interrupted while it wrote its "
                          "disks back, which are incomplete until it is finished; run: "
                          "v2v-engine undo %s"
                        : "the conversion of %s, which has one of these disks, is being taken "
                          "back by another process (in %s); wait until it has ended",
                 journal->name, dir->path);
    return FALSE;
  }
  if (!locked) {
    if (!paths)
      return TRUE;
    g_set_error (error, V2V_ERROR, V2V_EXIT_TEMPFAIL,
                 "the guest %s, which has one of these disks, is being converted in place by "
                 "another process (in %s); wait until it has ended",
                 journal->name, dir->path);
    return FALSE;
  }
  if (journal->state < V2V_JOURNAL_COMMITTING) {
    v2v_info (
        "discarding what an interrupted in-place conversion of %s left in %s; its disks had "
        "not been written to",
        journal->name, dir->path);
    v2v_in_place_discard (journal, dir);
    return TRUE;
  }
  leftover = g_new0 (Leftover, 1);
  leftover->dir = g_steal_pointer (&dir);
  leftover->journal = g_steal_pointer (&journal);
  g_ptr_array_add (found, leftover);
  return TRUE;
}

/* Every conversion that has to be rolled forward and that concerns PATHS. */
static GPtrArray *
find_leftovers (const V2vDir *work, const GPtrArray *paths, GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (leftover_free);
  g_autoptr (GDir) names = g_dir_open (work->path, 0, error);
  const char *name;

  if (!names)
    return NULL;
  while ((name = g_dir_read_name (names)))
    if (!look_at_folder (work, name, paths, found, error))
      return NULL;
  return g_steal_pointer (&found);
}

static gboolean
refuse_leftovers (const V2vDir *work, const GPtrArray *paths, GError **error)
{
  g_autoptr (GPtrArray) found = find_leftovers (work, paths, error);
  const Leftover *first;

  if (!found)
    return FALSE;
  if (!found->len)
    return TRUE;
  first = found->pdata[0];
  g_set_error (
      error, V2V_ERROR, V2V_EXIT_TEMPFAIL,
      "an in-place conversion of %s was interrupted while it wrote to its disks, which are "
      "incomplete until it is finished (journal in %s); run the same in-place conversion again",
      first->journal->name, first->dir->path);
  return FALSE;
}

V2vDir *
v2v_in_place_begin (const char *work_dir, const V2vJournal *journal, GError **error)
{
  g_autoptr (V2vDir) work = lock_work_dir (work_dir, TRUE, error);
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();
  g_autofree char *name =
      g_strdup_printf (FOLDER_PREFIX "%08x%08x", g_random_int (), g_random_int ());
  g_autofree char *path = NULL;
  g_autofree char *file = NULL;
  g_autoptr (V2vDir) dir = NULL;

  if (!work)
    return NULL;
  for (guint i = 0; i < journal->disks->len; i++)
    g_ptr_array_add (paths, ((const V2vJournalDisk *)journal->disks->pdata[i])->path);
  if (!refuse_leftovers (work, paths, error))
    return NULL;
  path = v2v_dir_path (work, name);
  v2v_temp_add (path);
  if (mkdirat (work->fd, name, 0700) < 0) {
    v2v_error_set_errno (error, errno,
                         "cannot make the folder %s (choose another by --work-dir)", path);
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
v2v_in_place_check (const char *work_dir, const GPtrArray *disks, GError **error)
{
  g_autoptr (V2vDir) work = lock_work_dir (work_dir, FALSE, NULL);
  g_autoptr (GPtrArray) paths = paths_of (disks);

  return !work || refuse_leftovers (work, paths, error);
}

/* ---- commit ---- */

/* An overlay of the file itself is larger than the file will be. */
static gboolean
set_length (const V2vJournalDisk *disk, GError **error)
{
  if (disk->block || truncate (disk->path, disk->new_length) == 0)
    return TRUE;
  v2v_error_set_errno (error, errno, "cannot set the length of %s", disk->path);
  return FALSE;
}

/* Writes the overlay at PATH into the disk below it; the overlay stays complete, so that this
 * can be repeated. */
static gboolean
commit_disk (const V2vJournalDisk *disk, const char *overlay, GError **error)
{
  g_autoptr (GPtrArray) chain = v2v_layers_new ();
  g_autofree char *image = NULL;

  v2v_layers_add (chain, disk->path, disk->redo ? "raw" : disk->format, TRUE, disk->block,
                  disk->length);
  for (guint i = 0; !disk->redo && disk->below && i < disk->below->len; i++) {
    const V2vLayer *layer = disk->below->pdata[i];

    v2v_layers_add (chain, layer->path, layer->format, TRUE, layer->block, layer->size);
  }
  image = v2v_storage_json_name (overlay, chain);
  {
    const char *const argv[] = {"qemu-img", "commit", "-q", "-d", image, NULL};

    if (!v2v_process_run (argv, NULL, NULL, error)) {
      v2v_storage_explain_full (disk->path, error);
      return FALSE;
    }
  }
  return (!disk->redo || set_length (disk, error)) && v2v_file_sync (disk->path, error);
}

gboolean
v2v_in_place_commit_disks (const V2vJournal *journal, const V2vDir *dir, GError **error)
{
  for (guint i = 0; i < journal->disks->len; i++) {
    const V2vJournalDisk *disk = journal->disks->pdata[i];
    g_autofree char *overlay = v2v_dir_path (dir, disk->redo ? disk->redo : disk->overlay);

    if (disk->changed && !commit_disk (disk, overlay, error)) {
      g_prefix_error (
          error,
          "writing the changes to the disks stopped half way; run the same conversion "
          "again to complete it (everything needed is in %s): ",
          dir->path);
      return FALSE;
    }
    v2v_step_progress ((double)(i + 1) / journal->disks->len);
  }
  return TRUE;
}

gboolean
v2v_in_place_note_written (V2vJournal *journal, const V2vDir *dir, GError **error)
{
  for (guint i = 0; i < journal->disks->len; i++) {
    V2vJournalDisk *disk = journal->disks->pdata[i];
    struct stat st;

    if (!disk->undo)
      continue;
    if (stat (disk->path, &st) < 0) {
      v2v_error_set_errno (error, errno, "cannot find %s", disk->path);
      return FALSE;
    }
    if (!disk->block)
      disk->new_length = st.st_size;
    g_free (disk->mtime);
    disk->mtime = v2v_undo_mtime (&st);
    g_free (disk->written_sum);
    if (!(disk->written_sum = v2v_undo_sum_written (disk, dir, error)))
      return FALSE;
  }
  return TRUE;
}

gboolean
v2v_in_place_end (V2vJournal *journal, V2vDir *dir)
{
  g_autoptr (GError) error = NULL;

  if (journal->keep_undo) {
    journal->state = V2V_JOURNAL_KEPT;
    if (!v2v_journal_write (journal, dir, &error)) {
      v2v_warn ("what undo needs is kept in %s, but as if the conversion were not done: %s",
                dir->path, error->message);
      return TRUE;
    }
    for (guint i = 0; i < journal->disks->len; i++) {
      const V2vJournalDisk *disk = journal->disks->pdata[i];

      remove_beside (dir, disk->overlay);
      remove_beside (dir, disk->redo);
    }
    return TRUE;
  }
  v2v_in_place_discard (journal, dir);
  return FALSE;
}

/* ---- undo ---- */

V2vDir *
v2v_in_place_open_folder (const char *path, V2vJournal **journal_r, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *parent = g_path_get_dirname (absolute);
  g_autofree char *name = g_path_get_basename (absolute);
  g_autoptr (V2vDir) work = NULL;
  g_autoptr (V2vDir) dir = NULL;
  g_autoptr (GError) local = NULL;
  gboolean locked = FALSE;

  if (g_file_test (parent, G_FILE_TEST_IS_DIR) && (work = v2v_dir_open (parent, error)))
    dir = open_folder (work, name, &locked);
  if (!dir) {
    g_clear_error (error);
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_NOINPUT,
        "%s, which holds what undo needs, is not there or is no folder of an in-place "
        "conversion of this user: the conversion was taken back already, or the folder "
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
  g_autoptr (V2vDir) work = NULL;
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();

  if (journal->state == V2V_JOURNAL_UNDOING)
    return TRUE;
  if (!(work = lock_work_dir (parent, TRUE, error)))
    return FALSE;
  for (guint i = 0; i < journal->disks->len; i++)
    g_ptr_array_add (paths, ((const V2vJournalDisk *)journal->disks->pdata[i])->path);
  if (!refuse_leftovers (work, paths, error))
    return FALSE;
  journal->state = V2V_JOURNAL_UNDOING;
  return v2v_journal_write (journal, dir, error);
}

/* ---- recover ---- */

gboolean
v2v_in_place_check_disks (const V2vJournal *journal, GError **error)
{
  for (guint i = 0; i < journal->disks->len; i++) {
    const V2vJournalDisk *disk = journal->disks->pdata[i];
    struct stat st;
    gboolean free;
    int fd;

    if (!v2v_journal_disk_is_there (disk, error))
      return FALSE;
    fd = open (disk->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    free = fd >= 0 && fstat (fd, &st) == 0 && v2v_in_use_check (disk->path, fd, &st, error);
    if (fd >= 0)
      close (fd);
    if (!free)
      return FALSE;
  }
  return TRUE;
}

gboolean
v2v_in_place_publish (const char *path, const char *text, GError **error)
{
  g_autofree char *folder = NULL;
  g_autofree char *file = NULL;
  g_autofree char *present = NULL;
  g_autofree char *temp = NULL;
  g_autoptr (V2vDir) dir = NULL;
  gboolean ok;
  int fd;

  if (!path || !text)
    return TRUE;
  if (g_file_get_contents (path, &present, NULL, NULL) && g_str_equal (present, text))
    return TRUE;
  folder = g_path_get_dirname (path);
  file = g_path_get_basename (path);
  if (!(dir = v2v_dir_open (folder, error)) ||
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
roll_forward (Leftover *leftover, GString *what, GError **error)
{
  V2vJournal *journal = leftover->journal;

  if (journal->state == V2V_JOURNAL_COMMITTING) {
    if (!v2v_in_place_check_disks (journal, error) ||
        !v2v_in_place_commit_disks (journal, leftover->dir, error) ||
        !v2v_in_place_note_written (journal, leftover->dir, error))
      return FALSE;
    journal->state = V2V_JOURNAL_DONE;
    if (!v2v_journal_write (journal, leftover->dir, error))
      return FALSE;
  }
  if (!v2v_in_place_publish (journal->domain_path, journal->domain_text, error))
    return FALSE;
  /* In the order in which folders get empty. */
  for (guint i = journal->temps->len; i-- > 0;)
    remove (journal->temps->pdata[i]);
  g_string_append_printf (what,
                          "%scompleted the in-place conversion of %s that was interrupted: ",
                          what->len ? "\n" : "", journal->name);
  for (guint i = 0; i < journal->disks->len; i++)
    g_string_append_printf (what, "%s%s", i ? ", " : "",
                            ((const V2vJournalDisk *)journal->disks->pdata[i])->path);
  if (journal->domain_path)
    g_string_append_printf (what, ", %s", journal->domain_path);
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
  found = find_leftovers (work, paths, error);
  /* What was found is locked by itself; others need not wait. */
  g_clear_pointer (&work, v2v_dir_close);
  for (guint i = 0; found && i < found->len; i++)
    if (!roll_forward (found->pdata[i], what, error))
      return FALSE;
  if (found && what->len)
    *what_r = g_string_free (g_steal_pointer (&what), FALSE);
  return found != NULL;
}

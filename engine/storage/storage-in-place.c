/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The storage "in-place": changes the disks themselves, all of them or none.
 *
 * The changes are made on overlays. Once these are complete and space is reserved for every
 * changed block, this is recorded in the journal, and the overlays are written into the disks.
 * If that is interrupted, the next in-place conversion finds the journal and writes them again,
 * unless the disks were used meanwhile.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/held.h"
#include "base/log.h"
#include "base/register.h"
#include "storage/image.h"
#include "storage/in-place-dir.h"
#include "storage/overlay.h"
#include "storage/redo.h"
#include "storage/links.h"
#include "storage/space.h"
#include "storage/storages.h"
#include "storage/undo-file.h"

/* Tables of a qcow2 that grows: one byte in so many, and some at least. */
#define TABLES_SHARE 256
#define TABLES_LEAST (1024 * 1024)

typedef struct {
  V2vJournal *journal;
  V2vDir *dir; /* NULL for a plan */
} InPlace;

static const V2vOptionDef options[] = {
    {"work-dir", "DIR",
     "where changes are kept until they are written; outlives a reboot (default: "
     "/var/lib/v2v-engine, for others than root ~/.local/state/v2v-engine)",
     FALSE},
    {"keep-undo", NULL,
     "keep the blocks that are replaced in the work directory, so that v2v-engine undo can "
     "take the conversion back",
     FALSE},
    {"force-resume", NULL,
     "complete an interrupted conversion of these disks although one was written to since, "
     "which is "
     "lost",
     FALSE},
    {NULL},
};

static gboolean
in_place_ready (const V2vOptionValues *values, GError **error)
{
  const char *given = v2v_option_get (values, "work-dir");

  if (!given || g_file_test (given, G_FILE_TEST_IS_DIR) ||
      !g_file_test (given, G_FILE_TEST_EXISTS))
    return TRUE;
  g_set_error (error, V2V_ERROR, V2V_EXIT_CANTCREAT, "--work-dir %s is no directory", given);
  return FALSE;
}

/* ---- open ---- */

static gboolean
add_to_journal (V2vJournal *journal, guint index, const V2vDomainDisk *disk, GError **error)
{
  const char *format = disk->format ? disk->format : "raw";
  V2vJournalDisk *entry;
  struct stat st;
  int fd;

  if (!g_str_equal (format, "raw") && !g_str_equal (format, "qcow2")) {
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_DATA,
        "%s: a disk in the format %s cannot be changed in place; raw and qcow2 can. Use "
        "--storage copy, or convert the disk first (qemu-img convert)",
        disk->path, format);
    return FALSE;
  }
  fd = v2v_held_open (disk->path, (disk->read_only ? O_RDONLY : O_RDWR) | O_NONBLOCK, error);
  if (fd < 0) {
    g_prefix_error (error, "cannot write to the disk ");
    return FALSE;
  }
  if (fstat (fd, &st) < 0) {
    v2v_error_set_errno (error, errno, "cannot examine the disk %s", disk->path);
    close (fd);
    return FALSE;
  }
  entry = g_new0 (V2vJournalDisk, 1);
  entry->path = g_canonicalize_filename (disk->path, NULL);
  entry->format = g_strdup (format);
  entry->block = S_ISBLK (st.st_mode);
  entry->device = st.st_dev;
  entry->inode = st.st_ino;
  entry->length = lseek (fd, 0, SEEK_END);
  entry->overlay = g_strdup_printf ("overlay-%u.qcow2", index);
  close (fd);
  g_ptr_array_add (journal->disks, entry);
  return TRUE;
}

static void
set_results (V2vStorageJob *job)
{
  for (guint i = 0; i < job->disks->len; i++) {
    V2vStorageDisk *disk = job->disks->pdata[i];

    disk->result_name = g_strdup (disk->disk->path);
    disk->result_path = g_strdup (disk->disk->path);
    disk->result_format = g_strdup (disk->disk->format ? disk->disk->format : "raw");
  }
}

/* Keeps emulators from writing to what is being converted, as long as that lasts. */
static gboolean
lock (V2vStorageJob *job, const GPtrArray *chain, GError **error)
{
  V2vJournal *journal = ((InPlace *)job->priv)->journal;

  if (v2v_option_is_set (job->options, "allow-in-use"))
    return TRUE;
  if (!journal->locks)
    journal->locks = v2v_image_locks_new ();
  for (guint i = 0; i < chain->len; i++)
    if (!v2v_image_locks_add (journal->locks, ((const V2vLayer *)chain->pdata[i])->path, error))
      return FALSE;
  return TRUE;
}

static gboolean
in_place_open (V2vStorageJob *job, GError **error)
{
  g_autofree char *work_dir = v2v_in_place_work_dir (job->options);
  InPlace *in_place = g_new0 (InPlace, 1);

  job->priv = in_place;
  in_place->journal = v2v_journal_new (job->name);
  in_place->journal->keep_undo = v2v_option_is_set (job->options, "keep-undo");
  if (!v2v_storage_check_lasting (job, error))
    return FALSE;
  set_results (job);
  if (job->read_only)
    return v2v_storage_make_overlays (job, error);
  for (guint i = 0; i < job->disks->len; i++)
    if (!add_to_journal (in_place->journal, i, ((V2vStorageDisk *)job->disks->pdata[i])->disk,
                         error))
      return FALSE;
  if (!(in_place->dir = v2v_in_place_begin (work_dir, in_place->journal, error)))
    return FALSE;
  for (guint i = 0; i < job->disks->len; i++) {
    V2vJournalDisk *entry = in_place->journal->disks->pdata[i];
    V2vStorageDisk *disk = job->disks->pdata[i];
    g_autofree char *path = v2v_dir_path (in_place->dir, entry->overlay);

    if (!v2v_storage_make_overlay (job, disk, path, error))
      return FALSE;
    entry->below = v2v_layers_new ();
    for (guint j = 1; j < disk->chain->len; j++) {
      const V2vLayer *layer = disk->chain->pdata[j];

      v2v_layers_add (entry->below, layer->path, layer->format, TRUE, layer->block,
                      layer->size);
    }
    if (((const V2vLayer *)disk->chain->pdata[0])->parts->len) {
      g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                   "%s keeps its data in another file, and cannot be changed in place; use "
                   "--storage copy",
                   entry->path);
      return FALSE;
    }
    if (!lock (job, disk->chain, error))
      return FALSE;
  }
  return TRUE;
}

/* ---- what has changed, and the space it needs ---- */

/* A file whose holes are looked for or filled. */
typedef struct {
  int fd;
  const char *path;
  gboolean reserve;
  gint64 changed; /* bytes of the disk that the overlay holds */
  gint64 holes;   /* of these, those without space in the file */
} Space;

/* Calls fallocate where the file system knows it. */
static gboolean
reserve (const Space *space, gint64 offset, gint64 length, GError **error)
{
  int status;

  do
    status = fallocate (space->fd, FALLOC_FL_KEEP_SIZE, offset, length);
  while (status < 0 && errno == EINTR);
  if (status == 0 || errno == EOPNOTSUPP || errno == ENOSYS)
    return TRUE;
  v2v_error_set_errno (error, errno, "cannot reserve %" G_GINT64_FORMAT " bytes in %s", length,
                       space->path);
  return FALSE;
}

/* The holes of a sparse raw file within one changed stretch. */
static gboolean
look_for_holes (gint64 offset, gint64 length, gpointer data, GError **error)
{
  Space *space = data;
  gint64 end = offset + length;

  space->changed += length;
  while (offset < end) {
    gint64 hole = lseek (space->fd, offset, SEEK_HOLE);
    gint64 next;

    if (hole < 0 && errno != ENXIO) {
      v2v_error_set_errno (error, errno, "cannot look for holes in %s", space->path);
      return FALSE;
    }
    if (hole < 0 || hole >= end)
      return TRUE;
    next = lseek (space->fd, hole, SEEK_DATA);
    if (next < 0 || next > end)
      next = end;
    if (next <= hole) /* the file has just changed */
      return TRUE;
    space->holes += next - hole;
    if (space->reserve && !reserve (space, hole, next - hole, error))
      return FALSE;
    offset = next;
  }
  return TRUE;
}

static gboolean
count_changed (gint64 offset G_GNUC_UNUSED, gint64 length, gpointer data,
               GError **error G_GNUC_UNUSED)
{
  ((Space *)data)->changed += length;
  return TRUE;
}

/* Finds how much of ENTRY's disk has changed and how many bytes the file will grow by; with
 * RESERVE, takes them. */
static gboolean
survey (const InPlace *in_place, const V2vJournalDisk *entry, gboolean take, gint64 *changed_r,
        gint64 *growth_r, GError **error)
{
  g_autofree char *overlay = v2v_dir_path (in_place->dir, entry->overlay);
  gboolean sparse = !entry->block && g_str_equal (entry->format, "raw");
  Space space = {.path = entry->path, .reserve = take};
  int overlay_fd = open (overlay, O_RDONLY | O_CLOEXEC);
  V2vImageFile file;
  gboolean ok = FALSE;

  space.fd = v2v_journal_disk_open (entry, take ? O_RDWR : O_RDONLY, error);
  if (overlay_fd < 0 && space.fd >= 0)
    v2v_error_set_errno (error, errno, "cannot open %s", overlay);
  if (overlay_fd >= 0 && space.fd >= 0)
    ok = v2v_image_file_init (&file, overlay_fd, overlay, error) &&
         v2v_qcow2_each_allocated (&file, sparse ? look_for_holes : count_changed, &space,
                                   error);
  *changed_r = space.changed;
  *growth_r = sparse ? space.holes : 0;
  if (ok && !entry->block && !sparse && space.changed) {
    struct stat st;

    *growth_r = space.changed + space.changed / TABLES_SHARE + TABLES_LEAST;
    ok =
        fstat (space.fd, &st) == 0 && (!take || reserve (&space, st.st_size, *growth_r, error));
  }
  if (overlay_fd >= 0)
    close (overlay_fd);
  if (space.fd >= 0)
    close (space.fd);
  return ok;
}

/* Gives back what was reserved beyond the end of a qcow2 and not used. */
static void
trim (const V2vJournalDisk *entry)
{
  struct stat st;
  int fd;

  if (entry->block || !entry->changed || g_str_equal (entry->format, "raw"))
    return;
  fd = v2v_journal_disk_open (entry, O_RDWR, NULL);
  if (fd >= 0 && fstat (fd, &st) == 0 && ftruncate (fd, st.st_size) < 0)
    v2v_debug ("%s keeps the space reserved for it", entry->path);
  if (fd >= 0)
    close (fd);
}

/* The growth of all disks in the file system of ENTRY, if it is the first there. */
static gint64
growth_beside (const V2vJournal *journal, guint index, const gint64 *growth)
{
  const V2vJournalDisk *entry = journal->disks->pdata[index];
  gint64 total = 0;

  for (guint i = 0; i < journal->disks->len; i++) {
    const V2vJournalDisk *other = journal->disks->pdata[i];

    if (other->device == entry->device && !other->block) {
      if (i < index)
        return 0;
      total += growth[i];
    }
  }
  return total;
}

/* Saves what the commit is going to replace. */
static gboolean
keep_replaced (V2vStorageJob *job, GError **error)
{
  const InPlace *in_place = job->priv;
  V2vJournal *journal = in_place->journal;

  g_free (journal->former_path);
  journal->former_path = g_strdup (job->former_path);
  g_free (journal->former_text);
  journal->former_text = g_strdup (job->former_text);
  for (guint i = 0; i < journal->disks->len; i++) {
    V2vJournalDisk *entry = journal->disks->pdata[i];

    if (entry->changed && !v2v_undo_save (entry, i, in_place->dir, error))
      return FALSE;
  }
  return v2v_dir_sync (in_place->dir, error);
}

static gboolean
in_place_prepare (V2vStorageJob *job, xmlDoc *domain, GError **error)
{
  InPlace *in_place = job->priv;
  V2vJournal *journal = in_place->journal;
  g_autofree gint64 *growth = g_new0 (gint64, journal->disks->len);

  for (guint i = 0; i < journal->disks->len; i++) {
    V2vJournalDisk *entry = journal->disks->pdata[i];
    const V2vStorageDisk *disk = job->disks->pdata[i];
    gint64 changed = 0;

    if (!v2v_file_sync (disk->overlay, error))
      return FALSE;
    if (!job->unchanged && !survey (in_place, entry, FALSE, &changed, &growth[i], error))
      return FALSE;
    entry->changed = changed > 0;
    if (entry->changed && disk->disk->read_only) {
      g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                   "%s is read-only in the domain, but the conversion changed %" G_GINT64_FORMAT
                   " bytes of it; use --storage copy or snapshot",
                   entry->path, changed);
      return FALSE;
    }
  }
  for (guint i = 0; i < journal->disks->len; i++) {
    const V2vJournalDisk *entry = journal->disks->pdata[i];

    if (!entry->block &&
        !v2v_storage_check_space (entry->path, growth_beside (journal, i, growth),
                                  "the changed blocks of the disks", error))
      return FALSE;
  }
  for (guint i = 0; i < journal->disks->len; i++) {
    V2vJournalDisk *entry = journal->disks->pdata[i];
    const V2vStorageDisk *disk = job->disks->pdata[i];

    if (entry->changed &&
        ((!g_str_equal (entry->format, "raw") &&
          !v2v_redo_make (entry, disk->chain, i, growth[i], in_place->dir, error)) ||
         !v2v_in_place_find_length (entry, in_place->dir, error)))
      return FALSE;
  }
  g_free (journal->domain_path);
  journal->domain_path = g_strdup (job->domain_path);
  g_free (journal->domain_text);
  journal->domain_text = v2v_xml_to_string (domain);
  /* The journal knows whether it is finished. */
  if (journal->domain_path)
    v2v_register_except (journal->domain_path);
  if ((journal->keep_undo && !keep_replaced (job, error)) ||
      !v2v_storage_check_sources (job, FALSE, error))
    return FALSE;
  journal->state = V2V_JOURNAL_PREPARED;
  return v2v_journal_write (journal, in_place->dir, error);
}

/* ---- the point of no return ---- */

/* Takes space for every changed block. The disks keep their content and their size. */
static gboolean
reserve_space (const InPlace *in_place, GError **error)
{
  for (guint i = 0; i < in_place->journal->disks->len; i++) {
    const V2vJournalDisk *entry = in_place->journal->disks->pdata[i];
    gint64 changed, growth;

    if (entry->changed && !entry->block &&
        !survey (in_place, entry, TRUE, &changed, &growth, error))
      return FALSE;
  }
  return TRUE;
}

/* From now on, no clean-up may remove the directory. */
static void
keep_directory (const InPlace *in_place)
{
  g_autofree char *prefix = g_strconcat (in_place->dir->path, "/", NULL);

  for (guint i = v2v_temp_list ()->len; i-- > 0;) {
    const char *path = v2v_temp_list ()->pdata[i];

    if (g_str_has_prefix (path, prefix) || g_str_equal (path, in_place->dir->path))
      v2v_temp_forget (path);
  }
}

/* Fails if the disks were used since the overlays were made, or are in use. */
static gboolean
check_unused (V2vStorageJob *job, GError **error)
{
  const InPlace *in_place = job->priv;
  const V2vJournal *journal = in_place->journal;

  for (guint i = 0; journal->locks && i < journal->disks->len; i++) {
    const V2vJournalDisk *entry = journal->disks->pdata[i];

    if (entry->changed && !v2v_image_locks_write (journal->locks, entry->path, error))
      return FALSE;
  }
  return v2v_storage_check_sources (job, FALSE, error);
}

static gboolean
in_place_commit (V2vStorageJob *job, GError **error)
{
  InPlace *in_place = job->priv;
  V2vJournal *journal = in_place->journal;
  g_autofree char *advice = NULL;
  const GPtrArray *temps;

  if (!check_unused (job, error))
    return FALSE;
  if (!reserve_space (in_place, error) ||
      !v2v_in_place_ready_disks (journal, in_place->dir, error)) {
    for (guint i = 0; i < journal->disks->len; i++)
      trim (journal->disks->pdata[i]);
    return FALSE;
  }
  keep_directory (in_place);
  temps = v2v_temp_list ();
  for (guint i = 0; i < temps->len; i++)
    g_ptr_array_add (journal->temps, g_strdup (temps->pdata[i]));
  journal->state = V2V_JOURNAL_COMMITTING;
  if (!v2v_journal_write (journal, in_place->dir, error) ||
      !v2v_in_place_commit_disks (journal, in_place->dir, error) ||
      !v2v_in_place_note_written (journal, in_place->dir, error))
    return FALSE;
  journal->state = V2V_JOURNAL_DONE;
  if (!v2v_journal_write (journal, in_place->dir, error))
    return FALSE;
  advice = v2v_in_place_advice (journal, in_place->dir);
  v2v_if_killed (advice);
  return TRUE;
}

static void
in_place_close (V2vStorageJob *job)
{
  InPlace *in_place = job->priv;

  v2v_links_remove (job);
  v2v_dir_close (in_place->dir);
  v2v_journal_free (in_place->journal);
  g_free (in_place);
  job->priv = NULL;
}

static void
in_place_finish (V2vStorageJob *job)
{
  const InPlace *in_place = job->priv;

  v2v_if_killed (NULL);
  if (v2v_in_place_end (in_place->journal, in_place->dir))
    job->undo_directory = g_strdup (in_place->dir->path);
  in_place_close (job);
}

static void
in_place_abandon (V2vStorageJob *job)
{
  const InPlace *in_place = job->priv;

  if (!in_place)
    return;
  if (!in_place->dir)
    v2v_storage_remove_overlays (job);
  else if (in_place->journal->state < V2V_JOURNAL_COMMITTING)
    v2v_in_place_discard (in_place->dir);
  in_place_close (job);
}

const V2vStorage v2v_storage_in_place = {
    .name = "in-place",
    .help = "change the disks themselves, once everything else has succeeded",
    .options = options,
    .ready = in_place_ready,
    .recover = v2v_in_place_recover,
    .open = in_place_open,
    .prepare = in_place_prepare,
    .commit = in_place_commit,
    .finish = in_place_finish,
    .abandon = in_place_abandon,
};

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Undo files.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "storage/image.h"
#include "storage/in-place-dir.h"
#include "storage/rewrite.h"
#include "storage/space.h"
#include "storage/stamp.h"
#include "storage/undo-file.h"

#define MAGIC "v2v-engine undo\n"
#define MAGIC_LENGTH 16
#define HEADER_LENGTH (MAGIC_LENGTH + 16)
#define STRETCH_LENGTH 16

static gboolean
failed (const char *what, const char *path, GError **error)
{
  v2v_error_set_errno (error, errno, "cannot %s %s", what, path);
  return FALSE;
}

/* ---- saving ---- */

typedef struct {
  int fd;
  const char *path;
  GChecksum *sum;
} Output;

static gboolean
put (Output *output, const void *bytes, gsize length, GError **error)
{
  g_checksum_update (output->sum, bytes, (gssize)length);
  return v2v_write_all (output->fd, output->path, bytes, length, error);
}

static gboolean
put_number (Output *output, guint64 number, GError **error)
{
  number = GUINT64_TO_LE (number);
  return put (output, &number, sizeof number, error);
}

static gboolean
put_piece (const V2vBlock *block G_GNUC_UNUSED, guint64 at G_GNUC_UNUSED, const guchar *bytes,
           gsize length, gpointer data, GError **error)
{
  return put (data, bytes, length, error);
}

static gboolean
write_undo (Output *output, const V2vJournalDisk *disk, const GArray *stretches, GError **error)
{
  gboolean ok;
  int fd;

  if (!put (output, MAGIC, MAGIC_LENGTH, error) ||
      !put_number (output, (guint64)disk->length, error) ||
      !put_number (output, stretches->len, error))
    return FALSE;
  for (guint i = 0; i < stretches->len; i++) {
    const V2vBlock *stretch = &g_array_index (stretches, V2vBlock, i);

    if (!put_number (output, stretch->offset, error) ||
        !put_number (output, stretch->length, error))
      return FALSE;
  }
  fd = v2v_journal_disk_open (disk, O_RDONLY, error);
  ok = fd >= 0 && v2v_blocks_each (stretches, fd, disk->path, put_piece, output, error);
  if (fd >= 0)
    close (fd);
  if (!ok)
    return FALSE;
  if (fsync (output->fd) == 0)
    return TRUE;
  return failed ("sync", output->path, error);
}

gboolean
v2v_undo_save (V2vJournalDisk *disk, guint index, const V2vDir *dir, GError **error)
{
  g_autofree char *blocks = v2v_dir_path (dir, disk->redo ? disk->redo : disk->overlay);
  g_autofree char *path = NULL;
  g_auto (V2vWriting) changes = {.source = -1};
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  Output output = {.sum = sum};
  gint64 bytes = HEADER_LENGTH;
  gboolean ok;

  if (!v2v_writing_open_qcow2 (&changes, blocks, error))
    return FALSE;
  for (guint i = 0; i < changes.blocks->len; i++)
    bytes += (gint64)(g_array_index (changes.blocks, V2vBlock, i).length + STRETCH_LENGTH);
  if (!v2v_storage_check_space (dir->path, bytes, "what undo needs", error))
    return FALSE;
  disk->undo = g_strdup_printf ("undo-%u", index);
  output.path = path = v2v_dir_path (dir, disk->undo);
  v2v_temp_add (path);
  output.fd =
      openat (dir->fd, disk->undo, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (output.fd < 0)
    return failed ("create", path, error);
  ok = write_undo (&output, disk, changes.blocks, error);
  close (output.fd);
  if (!ok) {
    v2v_storage_explain_full (dir->path, error);
    return FALSE;
  }
  disk->undo_sum = g_strdup (g_checksum_get_string (sum));
  return TRUE;
}

/* ---- reading ---- */

typedef struct {
  int fd;
  char *path;
  gint64 length;     /* of the disk's file before the commit */
  GArray *stretches; /* V2vBlock: of the disk, and where the bytes are in the undo file */
} Undo;

static void
undo_clear (Undo *undo)
{
  if (undo->fd >= 0)
    close (undo->fd);
  g_free (undo->path);
  g_clear_pointer (&undo->stretches, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Undo, undo_clear)

static gboolean
bad_undo (const Undo *undo, const V2vJournalDisk *disk, const char *why, GError **error)
{
  g_set_error (
      error, V2V_ERROR, V2V_EXIT_DATA,
      "%s does not hold what was saved of the disk %s (%s): nothing was written; restore "
      "the disk from a backup",
      undo->path, disk->path, why);
  return FALSE;
}

static gboolean
get_number (const V2vImageFile *file, gint64 offset, guint64 *number_r, GError **error)
{
  if (!v2v_image_pread (file, offset, number_r, sizeof *number_r, "the undo file", error))
    return FALSE;
  *number_r = GUINT64_FROM_LE (*number_r);
  return TRUE;
}

/* Opens the undo file of DISK: every number in it is checked. */
static gboolean
undo_open (Undo *undo, const V2vJournalDisk *disk, const V2vDir *dir, GError **error)
{
  V2vImageFile file;
  char magic[MAGIC_LENGTH];
  guint64 length, count, from, past = 0;
  struct stat st;

  undo->path = v2v_dir_path (dir, disk->undo);
  undo->fd = openat (dir->fd, disk->undo, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (undo->fd < 0 || fstat (undo->fd, &st) < 0)
    return failed ("open", undo->path, error);
  if (!S_ISREG (st.st_mode))
    return bad_undo (undo, disk, "it is no file", error);
  if (!v2v_image_file_init (&file, undo->fd, undo->path, error) ||
      !v2v_image_pread (&file, 0, magic, sizeof magic, "the undo file", error) ||
      !get_number (&file, MAGIC_LENGTH, &length, error) ||
      !get_number (&file, MAGIC_LENGTH + 8, &count, error))
    return FALSE;
  if (memcmp (magic, MAGIC, MAGIC_LENGTH) != 0)
    return bad_undo (undo, disk, "it is no undo file", error);
  if (length != (guint64)disk->length || count > V2V_BLOCKS_MAX ||
      HEADER_LENGTH + count * STRETCH_LENGTH > (guint64)st.st_size)
    return bad_undo (undo, disk, "its beginning is wrong", error);
  undo->length = (gint64)length;
  from = HEADER_LENGTH + count * STRETCH_LENGTH;
  undo->stretches = g_array_new (FALSE, FALSE, sizeof (V2vBlock));
  for (guint64 i = 0; i < count; i++) {
    V2vBlock stretch = {.from = (gint64)from};
    gint64 at = (gint64)(HEADER_LENGTH + i * STRETCH_LENGTH);

    if (!get_number (&file, at, &stretch.offset, error) ||
        !get_number (&file, at + 8, &stretch.length, error))
      return FALSE;
    if (stretch.offset < past || stretch.offset > (guint64)V2V_IMAGE_SIZE_MAX ||
        stretch.length == 0 || stretch.length > (guint64)V2V_IMAGE_SIZE_MAX)
      return bad_undo (undo, disk, "it names impossible places", error);
    past = stretch.offset + stretch.length;
    from += stretch.length;
    g_array_append_val (undo->stretches, stretch);
  }
  if (from != (guint64)st.st_size)
    return bad_undo (undo, disk, "its length is wrong", error);
  return TRUE;
}

static gboolean
sum_piece (const V2vBlock *block G_GNUC_UNUSED, guint64 at G_GNUC_UNUSED, const guchar *bytes,
           gsize length, gpointer data, GError **error G_GNUC_UNUSED)
{
  g_checksum_update (data, bytes, (gssize)length);
  return TRUE;
}

/* The SHA-256 of the stretches of DISK as they are now, and what its file is then; NULL on error.
 */
static char *
sum_disk (const V2vJournalDisk *disk, const GArray *stretches, struct stat *st, GError **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  int fd = v2v_journal_disk_open (disk, O_RDONLY, error);
  gboolean ok;

  if (fd < 0)
    return NULL;
  ok = v2v_blocks_each (stretches, fd, disk->path, sum_piece, sum, error) &&
       (fstat (fd, st) == 0 || failed ("examine", disk->path, error));
  close (fd);
  return ok ? g_strdup (g_checksum_get_string (sum)) : NULL;
}

gboolean
v2v_undo_note_written (V2vJournalDisk *disk, const V2vDir *dir, GError **error)
{
  g_auto (Undo) undo = {.fd = -1};
  struct stat st;

  g_free (disk->written_sum);
  disk->written_sum =
      undo_open (&undo, disk, dir, error) ? sum_disk (disk, undo.stretches, &st, error) : NULL;
  if (!disk->written_sum)
    return FALSE;
  disk->new_length = disk->block ? disk->length : (gint64)st.st_size;
  g_free (disk->mtime);
  disk->mtime = v2v_stamp_mtime (&st);
  return TRUE;
}

/* ---- checks ---- */

static gboolean
check_undo_file (const Undo *undo, const V2vJournalDisk *disk, GError **error)
{
  g_autoptr (GArray) whole = g_array_new (FALSE, FALSE, sizeof (V2vBlock));
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  struct stat st;
  V2vBlock all = {0, 0, 0};

  if (fstat (undo->fd, &st) < 0)
    return failed ("examine", undo->path, error);
  all.length = (guint64)st.st_size;
  g_array_append_val (whole, all);
  if (!v2v_blocks_each (whole, undo->fd, undo->path, sum_piece, sum, error))
    return FALSE;
  return g_str_equal (g_checksum_get_string (sum), disk->undo_sum) ||
         bad_undo (undo, disk, "its checksum is wrong", error);
}

static gboolean
refuse_changed (const V2vJournalDisk *disk, const char *how, const char *advice, GError **error)
{
  g_set_error (
      error, V2V_ERROR, V2V_EXIT_DATA,
      "%s is no longer what the conversion made of it: %s. Writing the former blocks into "
      "it would mix both states; nothing was written. %s",
      disk->path, how, advice);
  return FALSE;
}

static gboolean
check_disk (const V2vJournalDisk *disk, const V2vDir *dir, V2vJournalState state,
            gboolean force, GError **error)
{
  g_auto (Undo) undo = {.fd = -1};
  g_autofree char *mtime = NULL;
  g_autofree char *sum = NULL;
  struct stat st;

  if (!undo_open (&undo, disk, dir, error) || !check_undo_file (&undo, disk, error))
    return FALSE;
  /* Half written, by the commit or by an undo. */
  if (state == V2V_JOURNAL_COMMITTING || state == V2V_JOURNAL_UNDOING)
    return TRUE;
  if (!(sum = sum_disk (disk, undo.stretches, &st, error)))
    return FALSE;
  mtime = v2v_stamp_mtime (&st);
  if (!disk->block && st.st_size != disk->new_length)
    return refuse_changed (disk, "its length differs", "Keep it, or restore a backup", error);
  if (g_strcmp0 (sum, disk->written_sum) != 0)
    return refuse_changed (disk, "blocks that were converted have been written to since",
                           "Keep it, or restore a backup", error);
  if (!disk->block && !force && g_strcmp0 (mtime, disk->mtime) != 0)
    return refuse_changed (
        disk, "it has been written to since",
        "If nothing else in it changed (a file that was only touched, or put "
        "back from a backup), add --force",
        error);
  return TRUE;
}

static gboolean
is_saved (const V2vJournalDisk *disk)
{
  return disk->undo != NULL;
}

static gboolean
open_saved (V2vWriting *writing, GError **error)
{
  g_auto (Undo) undo = {.fd = -1};

  if (!undo_open (&undo, writing->disk, writing->dir, error))
    return FALSE;
  if (!writing->disk->block)
    writing->length = undo.length;
  writing->source = undo.fd;
  undo.fd = -1;
  writing->source_path = g_steal_pointer (&undo.path);
  writing->blocks = g_steal_pointer (&undo.stretches);
  return TRUE;
}

static const V2vRewrite back = {
    .record = "back",
    .record_at = G_STRUCT_OFFSET (V2vJournalDisk, back),
    .concerns = is_saved,
    .open = open_saved,
};

const V2vJournalDisk *
v2v_undo_written_since (const V2vJournal *journal, const V2vDir *dir, char **why_r,
                        GError **error)
{
  return v2v_rewrite_written_since (&back, journal, dir, why_r, error);
}

static gboolean
check_unwritten (const V2vJournal *journal, const V2vDir *dir, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *why = NULL;
  const V2vJournalDisk *disk = v2v_undo_written_since (journal, dir, &why, &local);

  if (local) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  return !disk ||
         refuse_changed (disk, why,
                         "The undo of it was interrupted before that. If the guest ran "
                         "meanwhile, restore a backup; if what was written is not needed, add "
                         "--force, and the former blocks are written nevertheless",
                         error);
}

gboolean
v2v_undo_check (V2vJournal *journal, const V2vDir *dir, gboolean force, GError **error)
{
  if (journal->state < V2V_JOURNAL_COMMITTING ||
      (journal->state == V2V_JOURNAL_COMMITTING && !journal->keep_undo)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_TEMPFAIL,
                 "the conversion in %s was interrupted and is not complete; run the same "
                 "conversion again",
                 dir->path);
    return FALSE;
  }
  if (!v2v_in_place_check_disks (journal, error))
    return FALSE;
  /* An interrupted commit is examined by its own record. */
  if (journal->state == V2V_JOURNAL_COMMITTING && !force &&
      !v2v_in_place_look (journal, dir, "add --force", error))
    return FALSE;
  for (guint i = 0; i < journal->disks->len; i++) {
    const V2vJournalDisk *disk = journal->disks->pdata[i];

    if (!disk->undo)
      continue;
    if (!check_disk (disk, dir, journal->state, force, error))
      return FALSE;
  }
  return force || journal->state != V2V_JOURNAL_UNDOING ||
         check_unwritten (journal, dir, error);
}

/* ---- writing back ---- */

gboolean
v2v_undo_write_back (V2vJournal *journal, const V2vDir *dir, GError **error)
{
  g_autofree char *advice = NULL;

  /* What the disks are now was noted before an interruption. */
  if (journal->state != V2V_JOURNAL_UNDOING &&
      (!v2v_rewrite_ready (&back, journal, dir, error) ||
       !v2v_in_place_begin_undo (journal, dir, error)))
    return FALSE;
  advice = v2v_in_place_advice (journal, dir);
  if (!v2v_rewrite_disks (&back, journal, dir, "writing the disks back", advice, error))
    return FALSE;
  v2v_if_killed (NULL);
  return TRUE;
}

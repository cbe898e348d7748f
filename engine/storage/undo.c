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
#include "storage/in-place.h"
#include "storage/storage-private.h"
#include "storage/undo.h"
#include "storage/writing.h"

#define MAGIC "v2v-engine undo\n"
#define MAGIC_LENGTH 16
#define HEADER_LENGTH (MAGIC_LENGTH + 16)
/* A file of 50 TiB in stretches of a cluster each has no more; memory stays below 256 MiB. */
#define STRETCHES_MAX (16 * 1024 * 1024)
#define BUFFER (1024 * 1024)

typedef struct {
  guint64 offset, length;
} Stretch;

char *
v2v_undo_mtime (const struct stat *st)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT ".%09ld", (gint64)st->st_mtim.tv_sec,
                          (long)st->st_mtim.tv_nsec);
}

static gboolean
failed (const char *what, const char *path, GError **error)
{
  v2v_error_set_errno (error, errno, "cannot %s %s", what, path);
  return FALSE;
}

/* ---- which bytes of the disk's file are replaced ---- */

static gboolean
add_stretch (gint64 offset, gint64 length, gpointer data, GError **error)
{
  GArray *stretches = data;
  Stretch stretch = {(guint64)offset, (guint64)length};

  if (stretches->len >= STRETCHES_MAX) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_UNAVAILABLE,
                 "the changes of the disk lie in more than %d places, too many to be kept for "
                 "undo; convert without --keep-undo, or with --storage copy",
                 STRETCHES_MAX);
    return FALSE;
  }
  g_array_append_val (stretches, stretch);
  return TRUE;
}

static GArray *
find_stretches (const char *overlay, GError **error)
{
  g_autoptr (GArray) stretches = g_array_new (FALSE, FALSE, sizeof (Stretch));
  int fd = open (overlay, O_RDONLY | O_CLOEXEC);
  V2vImageFile file;
  gboolean ok;

  if (fd < 0) {
    failed ("open", overlay, error);
    return NULL;
  }
  ok = v2v_image_file_init (&file, fd, overlay, error) &&
       v2v_qcow2_each_allocated (&file, add_stretch, stretches, error);
  close (fd);
  return ok ? g_steal_pointer (&stretches) : NULL;
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

/* Reads LENGTH bytes of FD; what lies beyond its end is zero. */
static gboolean
read_stretch (int fd, const char *path, guint64 offset, char *buffer, gsize length,
              GError **error)
{
  gsize done = 0;

  while (done < length) {
    gssize n = pread (fd, buffer + done, length - done, (off_t)(offset + done));

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return failed ("read", path, error);
    if (n == 0)
      break;
    done += (gsize)n;
  }
  memset (buffer + done, 0, length - done);
  return TRUE;
}

/* Calls the function for each piece of the stretches of PATH. */
typedef gboolean (*PieceFunc) (const char *bytes, gsize length, gpointer data, GError **error);

static gboolean
each_piece (const char *path, const GArray *stretches, PieceFunc func, gpointer data,
            GError **error)
{
  g_autofree char *buffer = g_malloc (BUFFER);
  int fd = open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  gboolean ok = TRUE;

  if (fd < 0)
    return failed ("open", path, error);
  for (guint i = 0; ok && i < stretches->len; i++) {
    const Stretch *stretch = &g_array_index (stretches, Stretch, i);

    for (guint64 done = 0; ok && done < stretch->length;) {
      gsize piece = (gsize)MIN (BUFFER, stretch->length - done);

      ok = read_stretch (fd, path, stretch->offset + done, buffer, piece, error) &&
           func (buffer, piece, data, error);
      done += piece;
    }
  }
  close (fd);
  return ok;
}

static gboolean
put_piece (const char *bytes, gsize length, gpointer data, GError **error)
{
  return put (data, bytes, length, error);
}

static gboolean
write_undo (Output *output, const V2vJournalDisk *disk, const GArray *stretches, GError **error)
{
  if (!put (output, MAGIC, MAGIC_LENGTH, error) ||
      !put_number (output, (guint64)disk->length, error) ||
      !put_number (output, stretches->len, error))
    return FALSE;
  for (guint i = 0; i < stretches->len; i++) {
    const Stretch *stretch = &g_array_index (stretches, Stretch, i);

    if (!put_number (output, stretch->offset, error) ||
        !put_number (output, stretch->length, error))
      return FALSE;
  }
  if (!each_piece (disk->path, stretches, put_piece, output, error))
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
  g_autoptr (GArray) stretches = find_stretches (blocks, error);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  Output output = {.sum = sum};
  gint64 bytes = HEADER_LENGTH;
  gboolean ok;

  if (!stretches)
    return FALSE;
  for (guint i = 0; i < stretches->len; i++)
    bytes += (gint64)(g_array_index (stretches, Stretch, i).length + sizeof (Stretch));
  if (!v2v_storage_check_space (dir->path, bytes, "what undo needs", error))
    return FALSE;
  disk->undo = g_strdup_printf ("undo-%u", index);
  output.path = path = v2v_dir_path (dir, disk->undo);
  v2v_temp_add (path);
  output.fd =
      openat (dir->fd, disk->undo, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (output.fd < 0)
    return failed ("create", path, error);
  ok = write_undo (&output, disk, stretches, error);
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
  gint64 length; /* of the disk's file before the commit */
  GArray *stretches;
  guint64 data; /* where the bytes begin */
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
  guint64 length, count, total = 0, past = 0;
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
  if (length != (guint64)disk->length || count > STRETCHES_MAX ||
      HEADER_LENGTH + count * sizeof (Stretch) > (guint64)st.st_size)
    return bad_undo (undo, disk, "its beginning is wrong", error);
  undo->length = (gint64)length;
  undo->data = HEADER_LENGTH + count * sizeof (Stretch);
  undo->stretches = g_array_new (FALSE, FALSE, sizeof (Stretch));
  for (guint64 i = 0; i < count; i++) {
    Stretch stretch;
    gint64 at = (gint64)(HEADER_LENGTH + i * sizeof stretch);

    if (!get_number (&file, at, &stretch.offset, error) ||
        !get_number (&file, at + 8, &stretch.length, error))
      return FALSE;
    if (stretch.offset < past || stretch.offset > (guint64)V2V_IMAGE_SIZE_MAX ||
        stretch.length == 0 || stretch.length > (guint64)V2V_IMAGE_SIZE_MAX)
      return bad_undo (undo, disk, "it names impossible places", error);
    past = stretch.offset + stretch.length;
    total += stretch.length;
    g_array_append_val (undo->stretches, stretch);
  }
  if (undo->data + total != (guint64)st.st_size)
    return bad_undo (undo, disk, "its length is wrong", error);
  return TRUE;
}

static gboolean
sum_piece (const char *bytes, gsize length, gpointer data, GError **error G_GNUC_UNUSED)
{
  g_checksum_update (data, (const guchar *)bytes, (gssize)length);
  return TRUE;
}

static char *
sum_stretches (const char *path, const GArray *stretches, GError **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  if (!each_piece (path, stretches, sum_piece, sum, error))
    return NULL;
  return g_strdup (g_checksum_get_string (sum));
}

char *
v2v_undo_sum_written (const V2vJournalDisk *disk, const V2vDir *dir, GError **error)
{
  g_auto (Undo) undo = {.fd = -1};

  return undo_open (&undo, disk, dir, error) ? sum_stretches (disk->path, undo.stretches, error)
                                             : NULL;
}

/* ---- checks ---- */

static gboolean
check_undo_file (const Undo *undo, const V2vJournalDisk *disk, GError **error)
{
  g_autoptr (GArray) whole = g_array_new (FALSE, FALSE, sizeof (Stretch));
  g_autofree char *sum = NULL;
  struct stat st;
  Stretch all = {0, 0};

  if (fstat (undo->fd, &st) < 0)
    return failed ("examine", undo->path, error);
  all.length = (guint64)st.st_size;
  g_array_append_val (whole, all);
  if (!(sum = sum_stretches (undo->path, whole, error)))
    return FALSE;
  return g_str_equal (sum, disk->undo_sum) ||
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
  if (stat (disk->path, &st) < 0)
    return failed ("find", disk->path, error);
  mtime = v2v_undo_mtime (&st);
  if (!disk->block && st.st_size != disk->new_length)
    return refuse_changed (disk, "its length differs", "Keep it, or restore a backup", error);
  if (!(sum = sum_stretches (disk->path, undo.stretches, error)))
    return FALSE;
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

/* An undo file and the disk that it is written to. */
static void
undo_writing (const Undo *undo, const V2vJournalDisk *disk, const V2vDir *dir,
              V2vWriting *writing)
{
  guint64 from = undo->data;

  *writing = (V2vWriting){
      .path = disk->path,
      .length = disk->block ? -1 : undo->length,
      .source = undo->fd,
      .source_path = undo->path,
      .blocks = g_array_new (FALSE, FALSE, sizeof (V2vBlock)),
      .dir = dir,
      .record = disk->back,
  };
  for (guint i = 0; i < undo->stretches->len; i++) {
    const Stretch *stretch = &g_array_index (undo->stretches, Stretch, i);
    V2vBlock block = {stretch->offset, stretch->length, (gint64)from};

    g_array_append_val (writing->blocks, block);
    from += stretch->length;
  }
}

static gboolean
with_writing (const V2vJournalDisk *disk, const V2vDir *dir,
              gboolean (*func) (const V2vWriting *writing, gpointer data, GError **error),
              gpointer data, GError **error)
{
  g_auto (Undo) undo = {.fd = -1};
  V2vWriting writing;
  gboolean ok;

  if (!undo_open (&undo, disk, dir, error))
    return FALSE;
  undo_writing (&undo, disk, dir, &writing);
  ok = func (&writing, data, error);
  g_array_unref (writing.blocks);
  return ok;
}

static gboolean
look (const V2vWriting *writing, gpointer data, GError **error)
{
  g_autoptr (GError) local = NULL;

  *(char **)data = v2v_writing_look (writing, &local);
  if (local)
    g_propagate_error (error, g_steal_pointer (&local));
  return *(char **)data == NULL && local == NULL;
}

const V2vJournalDisk *
v2v_undo_written_since (const V2vJournal *journal, const V2vDir *dir, char **why_r,
                        GError **error)
{
  *why_r = NULL;
  for (guint i = 0; i < journal->disks->len; i++) {
    const V2vJournalDisk *disk = journal->disks->pdata[i];

    if (disk->undo && disk->back && !with_writing (disk, dir, look, why_r, error))
      return *why_r ? disk : NULL;
  }
  return NULL;
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
  /* What a commit left half done is looked at by its own record. */
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

static gboolean
ready (const V2vWriting *writing, gpointer data G_GNUC_UNUSED, GError **error)
{
  return v2v_writing_ready (writing, error);
}

static gboolean
write_back (const V2vWriting *writing, gpointer data G_GNUC_UNUSED, GError **error)
{
  return v2v_writing_run (writing, NULL, NULL, error);
}

/* Notes what the disks are now, unless that was done before an interruption. */
static gboolean
begin (V2vJournal *journal, const V2vDir *dir, GError **error)
{
  if (journal->state == V2V_JOURNAL_UNDOING)
    return TRUE;
  for (guint i = 0; i < journal->disks->len; i++) {
    V2vJournalDisk *disk = journal->disks->pdata[i];

    if (!disk->undo)
      continue;
    g_free (disk->back);
    disk->back = g_strdup_printf ("back-%u", i);
    if (!with_writing (disk, dir, ready, NULL, error)) {
      v2v_storage_explain_full (dir->path, error);
      return FALSE;
    }
  }
  return v2v_dir_sync (dir, error) && v2v_in_place_begin_undo (journal, dir, error);
}

gboolean
v2v_undo_write_back (V2vJournal *journal, const V2vDir *dir, GError **error)
{
  g_autofree char *advice = NULL;

  if (!begin (journal, dir, error))
    return FALSE;
  advice = v2v_in_place_advice (journal, dir);
  v2v_if_killed (advice);
  for (guint i = 0; i < journal->disks->len; i++) {
    const V2vJournalDisk *disk = journal->disks->pdata[i];

    if (disk->undo && !with_writing (disk, dir, write_back, NULL, error)) {
      g_prefix_error (error, "writing the disks back stopped half way; %s: ", advice);
      return FALSE;
    }
    v2v_step_progress ((double)(i + 1) / journal->disks->len);
  }
  v2v_if_killed (NULL);
  return TRUE;
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Writing blocks, with a record.
 *
 * The record is a head of numbers, 64 bits and little-endian, and from SUMS on a sum of each
 * cell of what is replaced: a stretch is cut into cells from its beginning.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "storage/stamp.h"
#include "storage/writing.h"

#define MAGIC G_GUINT64_CONSTANT (0x3177206532762d32)
#define SUMS 4096
#define CELL 4096
/* So much is written at once, and the record before it. */
#define BURST V2V_PIECE_MAX
/* The kernel gives a file its date when the writing of a burst begins, which may be that long
 * after the record says so on a busy host. */
#define SLACK (G_GINT64_CONSTANT (1000) * 1000 * 1000)

enum { READY, WRITING, WRITTEN };

typedef struct {
  guint64 magic, phase;
  guint64 size, mtime, ctime; /* of the disk when it was last examined */
  guint64 time;               /* when that was */
} Head;

void
v2v_writing_clear (V2vWriting *writing)
{
  if (writing->source >= 0)
    close (writing->source);
  g_free (writing->source_path);
  g_clear_pointer (&writing->blocks, g_array_unref);
}

static gboolean
failed (const char *what, const char *path, GError **error)
{
  v2v_error_set_errno (error, errno, "cannot %s %s", what, path);
  return FALSE;
}

/* ---- blocks ---- */

static gboolean
collect (gint64 offset, gint64 length, gint64 host, gpointer data, GError **error)
{
  const V2vWriting *writing = data;
  GArray *blocks = writing->blocks;
  V2vBlock *last = blocks->len ? &g_array_index (blocks, V2vBlock, blocks->len - 1) : NULL;
  V2vBlock block = {(guint64)offset, (guint64)length, host};

  if (host == V2V_QCOW2_COMPRESSED) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_SOFTWARE, "%s has compressed clusters",
                 writing->source_path);
    return FALSE;
  }
  if (last && last->offset + last->length == block.offset &&
      (host < 0 ? last->from < 0
                : last->from >= 0 && last->from + (gint64)last->length == host)) {
    last->length += block.length;
    return TRUE;
  }
  if (blocks->len >= V2V_BLOCKS_MAX) {
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_UNAVAILABLE,
        "the changes of the disk lie in more than %d places, too many to be written in "
        "place; convert with --storage copy",
        V2V_BLOCKS_MAX);
    return FALSE;
  }
  g_array_append_val (blocks, block);
  return TRUE;
}

gboolean
v2v_writing_open_qcow2 (V2vWriting *writing, const char *path, GError **error)
{
  V2vImageFile file;

  writing->blocks = g_array_new (FALSE, FALSE, sizeof (V2vBlock));
  writing->source_path = g_strdup (path);
  writing->source = open (path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (writing->source < 0)
    return failed ("open", path, error);
  return v2v_image_file_init (&file, writing->source, path, error) &&
         v2v_qcow2_each_cluster (&file, collect, writing, error);
}

/* ---- pieces ---- */

/* Reads LENGTH bytes; what lies beyond the end is zero. */
static gboolean
read_at (int fd, const char *path, guint64 offset, guchar *buffer, gsize length, GError **error)
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

gboolean
v2v_blocks_each (const GArray *blocks, int fd, const char *path, V2vPieceFunc func,
                 gpointer data, GError **error)
{
  g_autofree guchar *buffer = g_malloc (V2V_PIECE_MAX);

  for (guint i = 0; i < blocks->len; i++) {
    const V2vBlock *block = &g_array_index (blocks, V2vBlock, i);

    for (guint64 at = 0; at < block->length; at += V2V_PIECE_MAX) {
      gsize length = (gsize)MIN (V2V_PIECE_MAX, block->length - at);

      if (!read_at (fd, path, block->offset + at, buffer, length, error) ||
          !func (block, at, buffer, length, data, error))
        return FALSE;
    }
  }
  return TRUE;
}

/* As read_at, of the new bytes: all of them have to be there. */
static gboolean
read_new (const V2vWriting *writing, const V2vBlock *block, guint64 at, guchar *buffer,
          gsize length, GError **error)
{
  off_t end;

  if (block->from < 0) {
    memset (buffer, 0, length);
    return TRUE;
  }
  end = lseek (writing->source, 0, SEEK_END);
  if (end < 0 || (guint64)end < (guint64)block->from + at + length) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_IOERR, "%s is cut short", writing->source_path);
    return FALSE;
  }
  return read_at (writing->source, writing->source_path, (guint64)block->from + at, buffer,
                  length, error);
}

/* FNV-1a. A mistake would take two blocks of a guest that differ and have equal sums. */
static guint64
sum_of (const guchar *bytes, gsize length)
{
  guint64 sum = G_GUINT64_CONSTANT (0xcbf29ce484222325);

  for (gsize i = 0; i < length; i++)
    sum = (sum ^ bytes[i]) * G_GUINT64_CONSTANT (0x100000001b3);
  return GUINT64_TO_LE (sum);
}

static guint64
total_of (const V2vWriting *writing)
{
  guint64 total = 0;

  for (guint i = 0; i < writing->blocks->len; i++)
    total += g_array_index (writing->blocks, V2vBlock, i).length;
  return total;
}

/* ---- the record ---- */

static int
open_record (const V2vWriting *writing, int flags, GError **error)
{
  int fd = openat (writing->dir->fd, writing->record, flags | O_NOFOLLOW | O_CLOEXEC, 0600);
  g_autofree char *path = v2v_dir_path (writing->dir, writing->record);

  if (fd < 0)
    failed ("open", path, error);
  return fd;
}

static gboolean
write_at (int fd, const char *path, guint64 offset, const void *bytes, gsize length,
          GError **error)
{
  const char *next = bytes;

  while (length) {
    gssize n = pwrite (fd, next, length, (off_t)offset);

    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return failed ("write to", path, error);
    next += n;
    offset += (guint64)n;
    length -= (gsize)n;
  }
  return TRUE;
}

static gboolean
write_record (const V2vWriting *writing, int record, guint64 offset, const void *bytes,
              gsize length, GError **error)
{
  g_autofree char *path = v2v_dir_path (writing->dir, writing->record);

  return write_at (record, path, offset, bytes, length, error);
}

static gboolean
sync_record (const V2vWriting *writing, int record, GError **error)
{
  g_autofree char *path = v2v_dir_path (writing->dir, writing->record);

  return v2v_fd_sync (record, path, error);
}

/* Notes what the disk is now. */
static gboolean
note (int record, const V2vWriting *writing, int disk, guint64 phase, GError **error)
{
  struct stat st;
  Head head = {.magic = GUINT64_TO_LE (MAGIC), .phase = GUINT64_TO_LE (phase)};

  if (fstat (disk, &st) < 0)
    return failed ("examine", writing->disk->path, error);
  head.size = GUINT64_TO_LE ((guint64)st.st_size);
  head.mtime = GUINT64_TO_LE ((guint64)v2v_stamp_time (&st.st_mtim));
  head.ctime = GUINT64_TO_LE ((guint64)v2v_stamp_time (&st.st_ctim));
  head.time = GUINT64_TO_LE ((guint64)g_get_real_time () * 1000);
  return write_record (writing, record, 0, &head, sizeof head, error);
}

typedef struct {
  const V2vWriting *writing;
  int record;
  guint64 sums; /* where the next ones are */
  guchar *other;
  gboolean foreign;
} Comparison;

static gboolean
sum_piece (const V2vBlock *block G_GNUC_UNUSED, guint64 at G_GNUC_UNUSED, const guchar *old,
           gsize length, gpointer data, GError **error)
{
  Comparison *comparison = data;
  guint64 sums[BURST / CELL];
  gsize count = 0;

  for (gsize i = 0; i < length; i += CELL)
    sums[count++] = sum_of (old + i, MIN (CELL, length - i));
  comparison->sums += count * sizeof *sums;
  return write_record (comparison->writing, comparison->record,
                       comparison->sums - count * sizeof *sums, sums, count * sizeof *sums,
                       error);
}

gboolean
v2v_writing_ready (const V2vWriting *writing, GError **error)
{
  int record = open_record (writing, O_RDWR | O_CREAT | O_TRUNC, error);
  int disk = record < 0 ? -1 : v2v_journal_disk_open (writing->disk, O_RDONLY, error);
  Comparison comparison = {writing, record, SUMS, NULL, FALSE};
  gboolean ok = FALSE;

  if (disk >= 0)
    ok = v2v_blocks_each (writing->blocks, disk, writing->disk->path, sum_piece, &comparison,
                          error) &&
         note (record, writing, disk, READY, error) && sync_record (writing, record, error);
  if (record >= 0)
    close (record);
  if (disk >= 0)
    close (disk);
  return ok;
}

/* ---- looking ---- */

static gboolean
compare_piece (const V2vBlock *block, guint64 at, const guchar *old, gsize length,
               gpointer data, GError **error)
{
  Comparison *comparison = data;
  guint64 sums[BURST / CELL];
  gsize count = (length + CELL - 1) / CELL;

  if (!read_at (comparison->record, comparison->writing->record, comparison->sums,
                (guchar *)sums, count * sizeof *sums, error) ||
      !read_new (comparison->writing, block, at, comparison->other, length, error))
    return FALSE;
  comparison->sums += count * sizeof *sums;
  for (gsize i = 0; i < count && !comparison->foreign; i++) {
    gsize cell = MIN (CELL, length - i * CELL);

    comparison->foreign = memcmp (old + i * CELL, comparison->other + i * CELL, cell) != 0 &&
                          sum_of (old + i * CELL, cell) != sums[i];
  }
  return TRUE;
}

/* NULL, or what the times of a file say. *SURE_R: it is certain that nobody has written to
 * it. */
static char *
look_at_dates (const Head *head, const struct stat *st, gboolean *sure_r)
{
  gint64 mtime = v2v_stamp_time (&st->st_mtim);
  gint64 ctime = v2v_stamp_time (&st->st_ctim);
  gint64 last = (gint64)head->mtime;

  *sure_r = FALSE;
  if (mtime == last) {
    *sure_r = ctime == (gint64)head->ctime && (guint64)st->st_size == head->size;
    return NULL;
  }
  /* A burst was being written, or nothing was. */
  if (mtime > last && head->phase == WRITING && mtime <= MAX (last, (gint64)head->time) + SLACK)
    return NULL;
  return v2v_stamp_changed (last, mtime);
}

char *
v2v_writing_look (const V2vWriting *writing, GError **error)
{
  g_autofree guchar *other = g_malloc (BURST);
  int record = open_record (writing, O_RDONLY, error);
  int disk = record < 0 ? -1 : v2v_journal_disk_open (writing->disk, O_RDONLY, error);
  Comparison comparison = {writing, record, SUMS, other, FALSE};
  Head head;
  struct stat st;
  char *why = NULL;
  gboolean sure = FALSE;

  if (record < 0)
    return NULL;
  if (disk >= 0 && fstat (disk, &st) < 0) {
    failed ("examine", writing->disk->path, error);
  } else if (disk >= 0 &&
             read_at (record, writing->record, 0, (guchar *)&head, sizeof head, error)) {
    head.phase = GUINT64_FROM_LE (head.phase);
    head.size = GUINT64_FROM_LE (head.size);
    head.mtime = GUINT64_FROM_LE (head.mtime);
    head.ctime = GUINT64_FROM_LE (head.ctime);
    head.time = GUINT64_FROM_LE (head.time);
    if (GUINT64_FROM_LE (head.magic) != MAGIC)
      g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                   "%s/%s does not hold what is known of the disk %s", writing->dir->path,
                   writing->record, writing->disk->path);
    else if (S_ISBLK (st.st_mode) || (!(why = look_at_dates (&head, &st, &sure)) && !sure)) {
      if (v2v_blocks_each (writing->blocks, disk, writing->disk->path, compare_piece,
                           &comparison, error) &&
          comparison.foreign)
        why = g_strdup ("blocks of it are neither as they were nor as the conversion writes "
                        "them");
    }
  }
  close (record);
  if (disk >= 0)
    close (disk);
  return why;
}

/* ---- writing ---- */

typedef struct {
  const V2vWriting *writing;
  int record, disk;
  guchar *buffer;
  guint64 done, total;
  void (*fraction) (double done, gpointer data);
  gpointer data;
} Run;

static gboolean
write_block (Run *run, const V2vBlock *block, GError **error)
{
  const V2vWriting *writing = run->writing;

  for (guint64 at = 0; at < block->length; at += BURST) {
    gsize length = (gsize)MIN (BURST, block->length - at);

    if (!read_new (writing, block, at, run->buffer, length, error) ||
        !note (run->record, writing, run->disk, WRITING, error) ||
        !write_at (run->disk, writing->disk->path, block->offset + at, run->buffer, length,
                   error))
      return FALSE;
    run->done += length;
    if (run->fraction)
      run->fraction ((double)run->done / (double)run->total, run->data);
  }
  return TRUE;
}

/* Gives the file its length, and what was reserved beyond it back. */
static gboolean
set_length (const Run *run, GError **error)
{
  const V2vWriting *writing = run->writing;

  return writing->length < 0 || ftruncate (run->disk, writing->length) == 0 ||
         failed ("set the length of", writing->disk->path, error);
}

gboolean
v2v_writing_run (const V2vWriting *writing, void (*fraction) (double done, gpointer data),
                 gpointer data, GError **error)
{
  g_autofree guchar *buffer = g_malloc (BURST);
  Run run = {writing, -1, -1, buffer, 0, MAX (total_of (writing), 1), fraction, data};
  gboolean ok = TRUE;

  run.record = open_record (writing, O_RDWR, error);
  if (run.record < 0)
    return FALSE;
  run.disk = v2v_journal_disk_open (writing->disk, O_RDWR, error);
  ok = run.disk >= 0;
  for (guint i = 0; ok && i < writing->blocks->len; i++)
    ok = write_block (&run, &g_array_index (writing->blocks, V2vBlock, i), error);
  ok = ok && note (run.record, writing, run.disk, WRITING, error) && set_length (&run, error) &&
       v2v_fd_sync (run.disk, writing->disk->path, error) &&
       note (run.record, writing, run.disk, WRITTEN, error) &&
       sync_record (writing, run.record, error);
  close (run.record);
  if (run.disk >= 0)
    close (run.disk);
  return ok;
}

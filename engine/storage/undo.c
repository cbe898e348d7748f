/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Undo files.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <json-glib/json-glib.h>

#include "base/log.h"
#include "base/process.h"
#include "storage/image.h"
#include "storage/in-place.h"
#include "storage/storage-private.h"
#include "storage/undo.h"

#define MAGIC "v2v-engine undo\n"
#define MAGIC_LENGTH 16
#define HEADER_LENGTH (MAGIC_LENGTH + 16)
/* A file of 50 TiB in stretches of a cluster each has no more; memory stays below 256 MiB. */
#define STRETCHES_MAX (16 * 1024 * 1024)
#define CLUSTER 65536
#define BUFFER (1024 * 1024)
#define CREATE_SECONDS 300

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

/* "json:{...}": OVERLAY over DISK, whose own file is REDO over that file. */
static char *
nested_name (const char *overlay, const char *redo, const V2vJournalDisk *disk)
{
  static const char *const protocol[] = {"file", "host_device"};
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;
  guint depth = 0;
  struct {
    const char *member, *driver, *path;
    gboolean block;
  } nodes[] = {
      {NULL, "qcow2", overlay, FALSE},
      {"backing", disk->format, NULL, FALSE},
      {"file", "qcow2", redo, FALSE},
      {"backing", "raw", disk->path, disk->block},
  };

  for (guint i = 0; i < G_N_ELEMENTS (nodes); i++) {
    if (nodes[i].member)
      json_builder_set_member_name (json, nodes[i].member);
    json_builder_begin_object (json);
    json_builder_set_member_name (json, "driver");
    json_builder_add_string_value (json, nodes[i].driver);
    if (nodes[i].path) {
      json_builder_set_member_name (json, "file");
      json_builder_begin_object (json);
      json_builder_set_member_name (json, "driver");
      json_builder_add_string_value (json, protocol[nodes[i].block ? 1 : 0]);
      json_builder_set_member_name (json, "filename");
      json_builder_add_string_value (json, nodes[i].path);
      json_builder_end_object (json);
    }
    depth++;
  }
  /* The two nodes of the disk's file end before its own chain of backing files is told. */
  json_builder_end_object (json);
  json_builder_end_object (json);
  depth -= 2;
  for (guint i = 0; disk->below && i < disk->below->len; i++) {
    const V2vLayer *layer = disk->below->pdata[i];

    json_builder_set_member_name (json, "backing");
    json_builder_begin_object (json);
    json_builder_set_member_name (json, "driver");
    json_builder_add_string_value (json, layer->format);
    json_builder_set_member_name (json, "file");
    json_builder_begin_object (json);
    json_builder_set_member_name (json, "driver");
    json_builder_add_string_value (json, protocol[layer->block ? 1 : 0]);
    json_builder_set_member_name (json, "filename");
    json_builder_add_string_value (json, layer->path);
    json_builder_end_object (json);
    depth++;
  }
  while (depth--)
    json_builder_end_object (json);
  root = json_builder_get_root (json);
  text = json_to_string (root, FALSE);
  return g_strconcat ("json:", text, NULL);
}

/* Commits the overlay of DISK not into its file but into an overlay of that file, which then
 * holds just the bytes of the file that change. */
static gboolean
make_redo (V2vJournalDisk *disk, const char *redo, gint64 growth, const V2vDir *dir,
           GError **error)
{
  g_autofree char *overlay = v2v_dir_path (dir, disk->overlay);
  g_autofree char *image = nested_name (overlay, redo, disk);
  gint64 length = disk->block ? disk->length : disk->length + growth;
  g_autofree char *size =
      g_strdup_printf ("%" G_GINT64_FORMAT, (length + CLUSTER - 1) / CLUSTER * CLUSTER);
  V2vLimits limits = {.wall_seconds = CREATE_SECONDS};
  const char *const create[] = {"qemu-img",
                                "create",
                                "-q",
                                "-f",
                                "qcow2",
                                "-o",
                                "compat=1.1,cluster_size=65536,lazy_refcounts=off",
                                "-F",
                                "raw",
                                "-b",
                                disk->path,
                                redo,
                                size,
                                NULL};
  /* What the header of the overlay says of its backing file would count as a second one. */
  const char *const detach[] = {"qemu-img", "rebase", "-q", "-u",    "-f",
                                "qcow2",    "-b",     "",   overlay, NULL};
  const char *const commit[] = {"qemu-img", "commit", "-q", "-d", image, NULL};
  int fd =
      openat (dir->fd, disk->redo, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

  if (fd < 0)
    return failed ("create", redo, error);
  close (fd);
  if (!v2v_process_run (create, &limits, NULL, error) ||
      !v2v_process_run (detach, &limits, NULL, error) ||
      !v2v_process_run (commit, NULL, NULL, error)) {
    v2v_storage_explain_full (dir->path, error);
    return FALSE;
  }
  return v2v_file_sync (redo, error);
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
v2v_undo_save (V2vJournalDisk *disk, guint index, gint64 growth, const V2vDir *dir,
               GError **error)
{
  g_autofree char *blocks = v2v_dir_path (dir, disk->overlay);
  g_autofree char *path = NULL;
  g_autoptr (GArray) stretches = NULL;
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  Output output = {.sum = sum};
  gint64 bytes = HEADER_LENGTH;
  gint64 end = 0;
  gboolean ok;

  if (!g_str_equal (disk->format, "raw")) {
    if (!v2v_storage_check_space (dir->path, growth, "what undo needs", error))
      return FALSE;
    disk->redo = g_strdup_printf ("redo-%u.qcow2", index);
    g_free (blocks);
    blocks = v2v_dir_path (dir, disk->redo);
    v2v_temp_add (blocks);
    if (!make_redo (disk, blocks, growth, dir, error))
      return FALSE;
  }
  if (!(stretches = find_stretches (blocks, error)))
    return FALSE;
  for (guint i = 0; i < stretches->len; i++) {
    const Stretch *stretch = &g_array_index (stretches, Stretch, i);

    bytes += (gint64)(stretch->length + sizeof *stretch);
    end = (gint64)(stretch->offset + stretch->length);
  }
  disk->new_length = disk->redo ? MAX (disk->length, end) : disk->length;
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
check_disk (const V2vJournalDisk *disk, const V2vDir *dir, gboolean undoing, gboolean force,
            GError **error)
{
  g_auto (Undo) undo = {.fd = -1};
  g_autofree char *mtime = NULL;
  g_autofree char *sum = NULL;
  struct stat st;

  if (!undo_open (&undo, disk, dir, error) || !check_undo_file (&undo, disk, error))
    return FALSE;
  if (undoing)
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

gboolean
v2v_undo_check (const V2vJournal *journal, const V2vDir *dir, gboolean force, GError **error)
{
  gboolean undoing = journal->state == V2V_JOURNAL_UNDOING;

  if (journal->state < V2V_JOURNAL_KEPT) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_TEMPFAIL,
                 "the conversion in %s was interrupted and is not complete; run the same "
                 "conversion again, and undo after that",
                 dir->path);
    return FALSE;
  }
  if (!v2v_in_place_check_disks (journal, error))
    return FALSE;
  for (guint i = 0; i < journal->disks->len; i++) {
    const V2vJournalDisk *disk = journal->disks->pdata[i];

    if (disk->undo && !check_disk (disk, dir, undoing, force, error))
      return FALSE;
  }
  return TRUE;
}

/* ---- writing back ---- */

typedef struct {
  int fd;
  const V2vJournalDisk *disk;
  const GArray *stretches;
  guint index;  /* of the stretch being written */
  guint64 done; /* of it */
} Target;

static gboolean
write_piece (const char *bytes, gsize length, gpointer data, GError **error)
{
  Target *target = data;

  while (length) {
    const Stretch *stretch = &g_array_index (target->stretches, Stretch, target->index);
    gsize piece = (gsize)MIN (length, stretch->length - target->done);
    gssize n = pwrite (target->fd, bytes, piece, (off_t)(stretch->offset + target->done));

    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return failed ("write to", target->disk->path, error);
    bytes += n;
    length -= (gsize)n;
    target->done += (guint64)n;
    if (target->done == stretch->length) {
      target->index++;
      target->done = 0;
    }
  }
  return TRUE;
}

static gboolean
write_back (const V2vJournalDisk *disk, const V2vDir *dir, GError **error)
{
  g_auto (Undo) undo = {.fd = -1};
  g_autoptr (GArray) bytes = g_array_new (FALSE, FALSE, sizeof (Stretch));
  Target target = {.disk = disk};
  Stretch all;
  struct stat st;
  gboolean ok;

  if (!undo_open (&undo, disk, dir, error))
    return FALSE;
  if (fstat (undo.fd, &st) < 0)
    return failed ("examine", undo.path, error);
  all.offset = undo.data;
  all.length = (guint64)st.st_size - undo.data;
  if (all.length)
    g_array_append_val (bytes, all);
  target.stretches = undo.stretches;
  target.fd = open (disk->path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
  if (target.fd < 0)
    return failed ("open", disk->path, error);
  ok = each_piece (undo.path, bytes, write_piece, &target, error);
  if (ok && !disk->block && ftruncate (target.fd, undo.length) < 0)
    ok = failed ("set the length of", disk->path, error);
  if (ok && fsync (target.fd) < 0)
    ok = failed ("sync", disk->path, error);
  close (target.fd);
  return ok;
}

gboolean
v2v_undo_write_back (V2vJournal *journal, const V2vDir *dir, GError **error)
{
  if (!v2v_in_place_begin_undo (journal, dir, error))
    return FALSE;
  for (guint i = 0; i < journal->disks->len; i++) {
    const V2vJournalDisk *disk = journal->disks->pdata[i];

    if (disk->undo && !write_back (disk, dir, error)) {
      g_prefix_error (error,
                      "writing the disks back stopped half way; run the same undo again to "
                      "complete it (everything needed is in %s): ",
                      dir->path);
      return FALSE;
    }
    v2v_step_progress ((double)(i + 1) / journal->disks->len);
  }
  return TRUE;
}

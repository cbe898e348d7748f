/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Walks a disk's chain, one layer at a time, and decides which files may belong to it.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/held.h"
#include "base/log.h"
#include "base/tempfile.h"
#include "storage/examine.h"
#include "storage/image.h"
#include "storage/in-use.h"

#define DEPTH_MAX 64
/* So many pieces of one disk are held open at once: enough for 8 TiB in pieces of 2 GiB. */
#define PARTS_MAX 4096
/* A process may have a thousand files open unless it asks for more. */
#define FILES_MAX (2 * PARTS_MAX)
#define MANY_PARTS 128

typedef struct {
  const V2vDomainDisk *disk;
  const V2vExamineOptions *options;
  gboolean check_in_use;
  uid_t owner;            /* of the disk */
  gboolean shared;        /* others than root and this user can put files into its directory */
  GPtrArray *layers;      /* V2vLayer */
  GArray *seen;           /* struct stat of the layers */
  GPtrArray *directories; /* char *: resolved directories whose files the disk may be made of */
} Walk;

static void
close_part (gpointer data)
{
  close (*(int *)data);
}

static void
layer_free (gpointer data)
{
  V2vLayer *layer = data;

  g_free (layer->path);
  g_free (layer->alias);
  g_ptr_array_unref (layer->parts);
  g_array_unref (layer->stamps);
  g_array_unref (layer->part_fds);
  if (layer->fd >= 0)
    close (layer->fd);
  g_free (layer);
}

GPtrArray *
v2v_layers_new (void)
{
  return g_ptr_array_new_with_free_func (layer_free);
}

void
v2v_layers_add (GPtrArray *layers, const char *path, const char *format, gboolean recorded,
                gboolean block, gint64 size)
{
  V2vLayer *layer = g_new0 (V2vLayer, 1);

  layer->path = g_strdup (path);
  layer->format = g_intern_string (format);
  layer->recorded = recorded;
  layer->block = block;
  layer->size = size;
  layer->parts = g_ptr_array_new_with_free_func (g_free);
  layer->stamps = g_array_new (FALSE, FALSE, sizeof (V2vStamp));
  layer->fd = -1;
  layer->part_fds = g_array_new (FALSE, FALSE, sizeof (int));
  g_array_set_clear_func (layer->part_fds, close_part);
  g_ptr_array_add (layers, layer);
}

/* ---- opening ---- */

static char *
resolve (const char *path)
{
  char *resolved = realpath (path, NULL);
  char *copy = g_strdup (resolved);

  free (resolved);
  return copy;
}

/* The path of what is open, free of links. */
static char *
path_of (int fd)
{
  g_autofree char *link = g_strdup_printf ("/proc/self/fd/%d", fd);

  return g_file_read_link (link, NULL);
}

/* Finds what is at PATH without opening it: the descriptor only says which file it is. *REAL_R,
 * to be freed with g_free, gets where that is. */
static int
look (const char *path, struct stat *st, char **real_r, GError **error)
{
  int fd = v2v_held_open (path, O_PATH, error);

  if (fd < 0)
    return -1;
  if (fstat (fd, st) < 0 || !(*real_r = path_of (fd))) {
    v2v_error_set_errno (error, errno, "%s", path);
    close (fd);
    return -1;
  }
  return fd;
}

/* Opens what LOOKED says for reading if it is a file or a block device. Nothing else is opened
 * at all: that could wait, or do something. LOOKED is closed. */
static int
open_looked (int looked, const char *path, const struct stat *st, GError **error)
{
  g_autofree char *name = g_strdup_printf ("/proc/self/fd/%d", looked);
  int fd = -1;

  if (!S_ISREG (st->st_mode) && !S_ISBLK (st->st_mode)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s is no disk: it is %s; a file or a block device is expected", path,
                 S_ISDIR (st->st_mode)    ? "a directory"
                 : S_ISCHR (st->st_mode)  ? "a character device"
                 : S_ISFIFO (st->st_mode) ? "a pipe"
                                          : "a socket");
  } else {
    fd = open (name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
      v2v_error_set_errno (error, errno, "cannot read the disk %s", path);
  }
  close (looked);
  return fd;
}

static int
open_disk (const char *path, struct stat *st, char **real_r, GError **error)
{
  int looked = look (path, st, real_r, error);

  if (looked >= 0)
    return open_looked (looked, path, st, error);
  g_prefix_error (error, "cannot find the disk ");
  return -1;
}

/* ---- which files may belong to a disk ---- */

/* Adds the directory that PATH is in. */
static void
add_directory (Walk *walk, const char *path)
{
  g_autofree char *name = NULL;
  g_autoptr (V2vDir) dir = v2v_held_parent (path, &name, NULL);
  struct stat st;
  char *real;

  if (!dir || fstat (dir->fd, &st) < 0 || !(real = path_of (dir->fd)))
    return;
  walk->shared |= !v2v_held_is_own (&st);
  g_ptr_array_add (walk->directories, real);
}

/* The directories of the disk, which is at REAL: by the name it was given and by where it is.
 * None for a block device: /dev holds every disk of the host. */
static void
find_directories (Walk *walk, const struct stat *st, const char *real)
{
  walk->owner = st->st_uid;
  if (!S_ISREG (st->st_mode))
    return;
  add_directory (walk, walk->disk->path);
  add_directory (walk, real);
}

/* Is RESOLVED the file that ALLOWED names, or does it lie anywhere in the directory that it
 * names? */
static gboolean
is_or_lies_in (const char *resolved, const char *allowed)
{
  g_autofree char *real = resolve (allowed);
  gsize length;

  if (!real)
    return FALSE;
  if (g_str_equal (real, resolved))
    return TRUE;
  length = strlen (real);
  return g_file_test (real, G_FILE_TEST_IS_DIR) && strncmp (resolved, real, length) == 0 &&
         (resolved[length] == '/' || g_str_equal (real, "/"));
}

/* In a directory with the disks of several users, a header could name the disk of another
 * user, which this program may be able to read although the author of the header may not. So
 * a header may only name files of the disk's owner, and files of root that everybody may
 * read. */
static gboolean
is_theirs (const Walk *walk, const struct stat *st)
{
  return !walk->shared || st->st_uid == walk->owner ||
         (st->st_uid == 0 && (st->st_mode & S_IROTH));
}

static gboolean
is_allowed (const Walk *walk, const char *resolved, const struct stat *st)
{
  g_autofree char *directory = g_path_get_dirname (resolved);

  for (guint i = 0; walk->disk->backing && i < walk->disk->backing->len; i++) {
    g_autofree char *named = resolve (walk->disk->backing->pdata[i]);

    if (g_strcmp0 (named, resolved) == 0)
      return TRUE;
  }
  for (int i = 0;
       walk->options && walk->options->allow_backing && walk->options->allow_backing[i]; i++)
    if (is_or_lies_in (resolved, walk->options->allow_backing[i]))
      return TRUE;
  for (guint i = 0; S_ISREG (st->st_mode) && i < walk->directories->len; i++)
    if (g_str_equal (walk->directories->pdata[i], directory))
      return is_theirs (walk, st);
  return FALSE;
}

/* The absolute path of NAME, as the header of LAYER has it. */
static char *
member_path (const char *layer, const char *name)
{
  g_autofree char *directory = NULL;

  if (g_path_is_absolute (name))
    return g_strdup (name);
  directory = g_path_get_dirname (layer);
  return g_build_filename (directory, name, NULL);
}

/* Why REAL, which is a file of ST if it is known, may not belong to the disk. To be freed with
 * g_free. */
static char *
why_refused (const Walk *walk, const char *real, const struct stat *st)
{
  g_autofree char *directory = real ? g_path_get_dirname (real) : NULL;

  if (!real)
    return g_strdup ("does not exist or cannot be reached, is not known to be in the disk's "
                     "directory");
  for (guint i = 0; S_ISREG (st->st_mode) && i < walk->directories->len; i++)
    if (g_str_equal (walk->directories->pdata[i], directory))
      return g_strdup_printf (
          "lies in the disk's directory, which several users can write, but "
          "belongs to the user %u with the mode %04o, and the disk to the "
          "user %u,",
          (guint)st->st_uid, (guint)(st->st_mode & 07777), (guint)walk->owner);
  return g_strdup ("is outside of the disk's directory,");
}

/* Opens a file that the header of LAYER names, if it is allowed. */
static int
open_member (const Walk *walk, const char *layer, const V2vMember *member, const char *path,
             struct stat *st, GError **error)
{
  static const char *const roles[] = {"backing file", "data file", "extent"};
  g_autofree char *real = NULL;
  g_autofree char *shown = v2v_printable (path, -1, FALSE);
  g_autoptr (GError) local = NULL;
  /* What is not allowed is not opened: whether it exists is the host's business. */
  int fd = look (path, st, &real, NULL);

  if (fd < 0 || !is_allowed (walk, real, st)) {
    g_autofree char *why = why_refused (walk, real, st);
    g_autofree char *where = real && !g_str_equal (real, path)
                                 ? g_strdup_printf ("%s, that is %s,", shown, real)
                                 : g_strdup (shown);

    g_set_error (
        error, V2V_ERROR, V2V_EXIT_DATA,
        "%s: its header names the %s %s which %s is not named by a backingStore of the domain "
        "and not allowed; if the disk is meant to be built on it, say --allow-backing %s",
        layer, roles[member->role], where, why, shown);
    if (fd >= 0)
      close (fd);
    return -1;
  }
  fd = open_looked (fd, path, st, &local);
  if (fd < 0)
    g_set_error (error, V2V_ERROR, local->code, "%s: its header names the %s %s: %s", layer,
                 roles[member->role], shown, local->message);
  return fd;
}

const char *
v2v_part_beneath (const char *layer_path, const char *path)
{
  const gsize length = (gsize)(strrchr (layer_path, '/') - layer_path) + 1;
  g_auto (GStrv) names = NULL;

  if (strncmp (path, layer_path, length) != 0)
    return NULL;
  names = g_strsplit (path + length, "/", -1);
  for (guint i = 0; names[i]; i++)
    if (!*names[i] || g_str_equal (names[i], ".") || g_str_equal (names[i], ".."))
      return NULL;
  return path + length;
}

/* Programs open extents in other directories by their paths, so no other user may be able to
 * replace such a file meanwhile. */
static gboolean
check_reachable (const V2vLayer *layer, const V2vMember *member, const char *path,
                 const struct stat *st, GError **error)
{
  g_autofree char *directory = g_path_get_dirname (path);
  g_autofree char *shown = NULL;

  if (g_str_equal (layer->format, "qcow2") || v2v_part_beneath (layer->path, path) ||
      (v2v_held_is_private (directory) && (st->st_uid == 0 || st->st_uid == geteuid ())))
    return TRUE;
  shown = v2v_printable (member->name, -1, FALSE);
  g_set_error (
      error, V2V_ERROR, V2V_EXIT_DATA,
      "%s: its header names the extent %s, which is not beneath its own directory, where another "
      "user could replace it while tools read it; put all pieces of the disk into one "
      "directory and name them without one in the header, or convert it first (qemu-img "
      "convert)",
      layer->path, shown);
  return FALSE;
}

static void
allow_many_files (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= FILES_MAX)
    return;
  limit.rlim_cur = MIN (limit.rlim_max, FILES_MAX);
  setrlimit (RLIMIT_NOFILE, &limit);
}

/* An extent or a data file of the last layer: it names nothing else. */
static gboolean
check_part (const Walk *walk, const char *layer, const V2vMember *member, GError **error)
{
  V2vLayer *last = walk->layers->pdata[walk->layers->len - 1];
  g_autofree char *path = member_path (layer, member->name);
  struct stat st;
  V2vStamp stamp;
  int fd = open_member (walk, layer, member, path, &st, error);
  gboolean ok = fd >= 0 && v2v_stamp_fd (fd, path, &stamp, error) &&
                check_reachable (last, member, path, &st, error);

  if (ok && last->parts->len == PARTS_MAX) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s: it is in more than %d pieces; convert it first (qemu-img convert)", layer,
                 PARTS_MAX);
    ok = FALSE;
  }
  if (last->parts->len == MANY_PARTS)
    allow_many_files ();
  if (ok && member->role == V2V_MEMBER_SPARSE_EXTENT) {
    g_autoptr (V2vImage) image =
        v2v_image_read_limited (fd, path, NULL, NULL, TRUE, NULL, error);

    ok = image != NULL;
  }
  if (ok && walk->check_in_use)
    ok = v2v_in_use_check (path, fd, &st, error);
  if (ok) {
    g_array_append_val (last->part_fds, fd);
    g_ptr_array_add (last->parts, g_steal_pointer (&path));
    g_array_append_val (last->stamps, stamp);
  } else if (fd >= 0) {
    close (fd);
  }
  return ok;
}

static gboolean
seen_before (const Walk *walk, const struct stat *st)
{
  for (guint i = 0; i < walk->seen->len; i++) {
    const struct stat *other = &g_array_index (walk->seen, struct stat, i);

    if (other->st_dev == st->st_dev && other->st_ino == st->st_ino)
      return TRUE;
  }
  return FALSE;
}

/* Reads the header of one layer, open as FD, and adds it. FORMAT is NULL if it is not
 * recorded. */
static V2vImage *
read_layer (Walk *walk, const char *path, const char *format, int fd, const struct stat *st,
            GError **error)
{
  const V2vLayer *above = walk->layers->len ? walk->layers->pdata[walk->layers->len - 1] : NULL;
  /* Only the disk itself can be a part of a file; no header names one. */
  const V2vSlice *slice = above ? NULL : &walk->disk->slice;
  const char *found = NULL;
  g_autoptr (V2vImage) image = NULL;
  g_autoptr (GError) local = NULL;
  V2vLayer *layer;
  V2vStamp stamp;

  if (seen_before (walk, st)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s: its backing file %s is already a part of its chain, which has no end",
                 above->path, path);
    return NULL;
  }
  if (walk->layers->len == DEPTH_MAX) {
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_DATA,
        "%s: it is built on more than %d backing files; flatten it first (qemu-img convert)",
        walk->disk->path, DEPTH_MAX - 1);
    return NULL;
  }
  image = v2v_image_read_limited (fd, path, slice, format, FALSE, &found, &local);
  if (local) {
    g_propagate_error (error, g_steal_pointer (&local));
    return NULL;
  }
  if (!image) {
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_DATA,
        "%s: its header names the backing file %s but not its format, and that begins like no "
        "known format; a format is never guessed to be raw. Record it: qemu-img rebase -u "
        "-b %s -F FORMAT %s",
        above->path, path, path, above->path);
    return NULL;
  }
  if (walk->check_in_use && !v2v_in_use_check (path, fd, st, error))
    return NULL;
  if (!v2v_stamp_fd (fd, path, &stamp, error))
    return NULL;
  g_array_append_val (walk->seen, *st);
  v2v_layers_add (walk->layers, path, format ? format : found, format != NULL,
                  S_ISBLK (st->st_mode), image->size);
  layer = walk->layers->pdata[walk->layers->len - 1];
  layer->fd = fcntl (fd, F_DUPFD_CLOEXEC, 0);
  g_array_append_val (layer->stamps, stamp);
  if (slice)
    layer->slice = *slice;
  return g_steal_pointer (&image);
}

/* A part of a file has to be a complete disk of whole sectors: its other files would be in
 * the archive, too, where no program finds them. */
static gboolean
check_slice (const Walk *walk, const char *path, const V2vImage *image, GError **error)
{
  const V2vSlice *slice = &walk->disk->slice;

  if (!slice->length)
    return TRUE;
  if (slice->length % V2V_SECTOR) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s: the disk is said to be its %" G_GINT64_FORMAT
                 " bytes at %" G_GINT64_FORMAT ", expected a multiple of %d bytes",
                 path, slice->length, slice->offset, V2V_SECTOR);
    return FALSE;
  }
  if (image->members->len) {
    g_autofree char *shown =
        v2v_printable (((const V2vMember *)image->members->pdata[0])->name, -1, FALSE);

    g_set_error (
        error, V2V_ERROR, V2V_EXIT_DATA,
        "%s: the disk at %" G_GINT64_FORMAT " in it names another file, %s, and a disk "
        "inside of an archive has to be whole; unpack the archive into a directory of its "
        "own and convert that",
        path, slice->offset, shown);
    return FALSE;
  }
  return TRUE;
}

static gboolean
walk_chain (Walk *walk, GError **error)
{
  g_autofree char *path = g_canonicalize_filename (walk->disk->path, NULL);
  g_autofree char *format = g_strdup (walk->disk->format ? walk->disk->format : "raw");
  g_autofree char *real = NULL;
  struct stat st;
  int fd = open_disk (path, &st, &real, error);

  if (fd < 0)
    return FALSE;
  find_directories (walk, &st, real);
  while (fd >= 0) {
    g_autoptr (V2vImage) image = read_layer (walk, path, format, fd, &st, error);
    const V2vMember *backing = NULL;

    close (fd);
    fd = -1;
    if (!image || (walk->layers->len == 1 && !check_slice (walk, path, image, error)))
      return FALSE;
    for (guint i = 0; i < image->members->len; i++) {
      const V2vMember *member = image->members->pdata[i];

      if (member->role == V2V_MEMBER_BACKING)
        backing = member;
      else if (!check_part (walk, path, member, error))
        return FALSE;
    }
    if (backing) {
      g_autofree char *next = member_path (path, backing->name);

      fd = open_member (walk, path, backing, next, &st, error);
      if (fd < 0)
        return FALSE;
      g_free (path);
      path = g_steal_pointer (&next);
      g_free (format);
      format = g_strdup (backing->format);
    }
  }
  return TRUE;
}

static GPtrArray *
examine (const V2vDomainDisk *disk, const V2vExamineOptions *options, gboolean check_in_use,
         GError **error)
{
  Walk walk = {
      .disk = disk,
      .options = options,
      .check_in_use = check_in_use,
      .layers = v2v_layers_new (),
      .seen = g_array_new (FALSE, FALSE, sizeof (struct stat)),
      .directories = g_ptr_array_new_with_free_func (g_free),
  };
  gboolean ok = walk_chain (&walk, error);

  g_array_unref (walk.seen);
  g_ptr_array_unref (walk.directories);
  if (!ok)
    g_clear_pointer (&walk.layers, g_ptr_array_unref);
  return walk.layers;
}

gboolean
v2v_examine_disk (const V2vDomainDisk *disk, const V2vExamineOptions *options, gint64 *size_r,
                  GError **error)
{
  g_autoptr (GPtrArray) layers =
      examine (disk, options, !(options && options->allow_in_use), error);

  if (!layers)
    return FALSE;
  if (size_r)
    *size_r = ((const V2vLayer *)layers->pdata[0])->size;
  return TRUE;
}

/* Do two slices of the same file overlap? A slice without a length is the whole file. */
static gboolean
overlap (const V2vSlice *a, const V2vSlice *b)
{
  return !a->length || !b->length ||
         (a->offset < b->offset + b->length && b->offset < a->offset + a->length);
}

static gboolean
is_same_file (const struct stat *a, const struct stat *b)
{
  if (S_ISBLK (a->st_mode) && S_ISBLK (b->st_mode))
    return a->st_rdev == b->st_rdev;
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

gboolean
v2v_examine_distinct (const GPtrArray *disks, GError **error)
{
  g_autofree struct stat *files = g_new0 (struct stat, disks->len);

  for (guint i = 0; i < disks->len; i++) {
    const V2vDomainDisk *disk = disks->pdata[i];

    if (stat (disk->path, &files[i]) < 0) {
      v2v_error_set_errno (error, errno, "cannot find the disk %s", disk->path);
      return FALSE;
    }
    for (guint j = 0; j < i; j++) {
      const V2vDomainDisk *other = disks->pdata[j];

      if (!is_same_file (&files[i], &files[j]) || !overlap (&disk->slice, &other->slice))
        continue;
      g_set_error (
          error, V2V_ERROR, V2V_EXIT_DATA,
          "the disks '%s' and '%s' of the guest are the same file, %s: each disk has to "
          "be a file of its own; name the file that is meant, or remove one of them",
          other->target, disk->target, disk->path);
      return FALSE;
    }
  }
  return TRUE;
}

const char *
v2v_examine_format (const char *path, GError **error)
{
  g_autoptr (V2vImage) image = NULL;
  g_autoptr (GError) local = NULL;
  const char *found = NULL;
  g_autofree char *real = NULL;
  struct stat st;
  int fd = open_disk (path, &st, &real, error);

  if (fd < 0)
    return NULL;
  image = v2v_image_read_limited (fd, path, NULL, NULL, FALSE, &found, &local);
  close (fd);
  if (local) {
    g_propagate_error (error, g_steal_pointer (&local));
    return NULL;
  }
  if (!image)
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_USAGE,
        "%s begins like no known disk format, and a format is never guessed to be raw: "
        "if it is a raw disk, say --input-format raw",
        path);
  return image ? found : NULL;
}

GPtrArray *
v2v_examine_chain (const V2vDomainDisk *disk, const V2vExamineOptions *options, GError **error)
{
  return examine (disk, options, FALSE, error);
}

/* ---- afterwards ---- */

char *
v2v_layer_name (const V2vLayer *layer)
{
  if (layer->alias)
    return g_strdup (layer->alias);
  /* Tools look for extents beside the file that names them. */
  return layer->fd >= 0 && (!layer->parts->len || v2v_layer_has_data_file (layer))
             ? v2v_fd_name (layer->fd)
             : g_strdup (layer->path);
}

gboolean
v2v_layer_has_data_file (const V2vLayer *layer)
{
  return layer->parts->len == 1 && g_str_equal (layer->format, "qcow2");
}

char *
v2v_layer_data_name (const V2vLayer *layer, gboolean held)
{
  if (!v2v_layer_has_data_file (layer))
    return NULL;
  return held && layer->part_fds->len ? v2v_fd_name (g_array_index (layer->part_fds, int, 0))
                                      : g_strdup (layer->parts->pdata[0]);
}

static const char *
stamped_path (const V2vLayer *layer, guint index)
{
  return index ? layer->parts->pdata[index - 1] : layer->path;
}

gboolean
v2v_examine_unchanged (const GPtrArray *layers, gboolean in_use, GError **error)
{
  for (guint i = 0; i < layers->len; i++) {
    const V2vLayer *layer = layers->pdata[i];

    for (guint j = 0; j < layer->stamps->len; j++) {
      const char *path = stamped_path (layer, j);
      const V2vStamp *then = &g_array_index (layer->stamps, V2vStamp, j);
      g_autofree char *how = NULL;
      V2vStamp now;

      if (!v2v_stamp_path (path, &now, NULL))
        how = g_strdup ("it cannot be opened any more");
      else if (!in_use || !v2v_stamp_is_same_file (then, &now))
        how = v2v_stamp_difference (then, &now);
      if (!how)
        continue;
      g_set_error (
          error, V2V_ERROR, V2V_EXIT_TEMPFAIL,
          "%s was replaced or changed by somebody else while it was being converted (%s), so "
          "that the result may hold what it should not: nothing was kept. Run again "
          "when nobody works on the disk",
          path, how);
      return FALSE;
    }
  }
  return TRUE;
}

void
v2v_examine_lent (const GPtrArray *layers)
{
  for (guint i = 0; layers && i < layers->len; i++) {
    const V2vLayer *layer = layers->pdata[i];

    for (guint j = 0; j < layer->stamps->len; j++) {
      V2vStamp *then = &g_array_index (layer->stamps, V2vStamp, j);
      V2vStamp now;

      if (v2v_stamp_path (stamped_path (layer, j), &now, NULL) &&
          v2v_stamp_is_same_file (then, &now) && now.mtime == then->mtime)
        then->ctime = now.ctime;
    }
  }
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Locks on the bytes that qemu locks.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "storage/image-lock.h"

#define USED 100
#define KEPT_FROM_OTHERS 200

/* The permissions in qemu's order. */
static const int writing[] = {1 /* write */, 3 /* resize */};

typedef struct {
  char *path;
  int fd;
} Held;

struct V2vImageLocks {
  GPtrArray *held;
};

static void
held_free (gpointer data)
{
  Held *held = data;

  close (held->fd);
  g_free (held->path);
  g_free (held);
}

V2vImageLocks *
v2v_image_locks_new (void)
{
  V2vImageLocks *locks = g_new0 (V2vImageLocks, 1);

  locks->held = g_ptr_array_new_with_free_func (held_free);
  return locks;
}

void
v2v_image_locks_free (V2vImageLocks *locks)
{
  if (!locks)
    return;
  g_ptr_array_unref (locks->held);
  g_free (locks);
}

static struct flock
one_byte (int type, int byte)
{
  return (struct flock){
      .l_type = (short)type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
}

/* FALSE if another one's lock is in the way: qemu only takes read locks. */
static gboolean
take (const Held *held, int first)
{
  for (gsize i = 0; i < G_N_ELEMENTS (writing); i++) {
    struct flock lock = one_byte (F_RDLCK, first + writing[i]);

    if (fcntl (held->fd, F_OFD_SETLK, &lock) == 0)
      continue;
    if (errno == EAGAIN || errno == EACCES)
      return FALSE;
    v2v_debug ("%s cannot be locked: %s", held->path, g_strerror (errno));
  }
  return TRUE;
}

static gboolean
others_hold (const Held *held, int first)
{
  for (gsize i = 0; i < G_N_ELEMENTS (writing); i++) {
    struct flock lock = one_byte (F_WRLCK, first + writing[i]);

    if (fcntl (held->fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK)
      return TRUE;
  }
  return FALSE;
}

static Held *
find (const V2vImageLocks *locks, const char *path)
{
  for (guint i = 0; i < locks->held->len; i++) {
    Held *held = locks->held->pdata[i];

    if (g_str_equal (held->path, path))
      return held;
  }
  return NULL;
}

gboolean
v2v_image_locks_add (V2vImageLocks *locks, const char *path, GError **error)
{
  Held *held;
  int fd;

  if (find (locks, path))
    return TRUE;
  fd = open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) {
    v2v_error_set_errno (error, errno, "cannot open %s", path);
    return FALSE;
  }
  held = g_new0 (Held, 1);
  held->fd = fd;
  held->path = g_strdup (path);
  g_ptr_array_add (locks->held, held);
  if (take (held, KEPT_FROM_OTHERS) && !others_hold (held, USED))
    return TRUE;
  g_set_error (error, V2V_ERROR, V2V_EXIT_TEMPFAIL,
               "%s is locked for writing, as emulators lock the disks of a running guest; shut "
               "the guest down first, or say --allow-in-use if this does no harm",
               path);
  return FALSE;
}

gboolean
v2v_image_locks_write (V2vImageLocks *locks, const char *path, GError **error)
{
  const Held *held = find (locks, path);

  g_return_val_if_fail (held, FALSE);
  if (take (held, USED) && !others_hold (held, KEPT_FROM_OTHERS))
    return TRUE;
  g_set_error (
      error, V2V_ERROR, V2V_EXIT_TEMPFAIL,
      "%s is in use by an emulator that counts on its content, such as that of a guest "
      "whose disk is built on it; shut that guest down first, or say --allow-in-use if "
      "this does no harm",
      path);
  return FALSE;
}

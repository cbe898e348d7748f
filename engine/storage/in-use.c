/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Who else has a disk open for writing: looked for in /proc, in the locks that
 * emulators take on images, and among loop devices and mounts.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "storage/in-use.h"

/* qemu locks one byte of an image for each permission that it has; these are those to write and
 * to resize. */
#define IMAGE_LOCK_WRITE 101
#define IMAGE_LOCK_RESIZE 103

#define HINT "shut the guest down first, or say --allow-in-use if this does no harm"

static gboolean
same_file (const struct stat *a, const struct stat *b)
{
  if (S_ISBLK (a->st_mode) || S_ISBLK (b->st_mode))
    return S_ISBLK (a->st_mode) && S_ISBLK (b->st_mode) && a->st_rdev == b->st_rdev;
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Is the open file that PROC_FD describes ("/proc/PID/fdinfo/N") open for writing? */
static gboolean
writable (const char *fdinfo)
{
  g_autofree char *text = NULL;
  const char *flags;

  if (!g_file_get_contents (fdinfo, &text, NULL, NULL))
    return FALSE;
  flags = strstr (text, "flags:");
  return flags && (g_ascii_strtoull (flags + 6, NULL, 8) & O_ACCMODE) != O_RDONLY;
}

/* Is a file of process PID this one, and writable? */
static gboolean
process_writes (const char *pid, const struct stat *st)
{
  g_autofree char *fds = g_strdup_printf ("/proc/%s/fd", pid);
  g_autoptr (GDir) dir = g_dir_open (fds, 0, NULL);
  const char *number;

  while (dir && (number = g_dir_read_name (dir))) {
    g_autofree char *link = g_strdup_printf ("%s/%s", fds, number);
    g_autofree char *info = g_strdup_printf ("/proc/%s/fdinfo/%s", pid, number);
    struct stat other;

    if (stat (link, &other) == 0 && same_file (st, &other) && writable (info))
      return TRUE;
  }
  return FALSE;
}

static gboolean
check_processes (const char *path, const struct stat *st, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc", 0, NULL);
  g_autofree char *self = g_strdup_printf ("%d", (int)getpid ());
  const char *pid;

  while (dir && (pid = g_dir_read_name (dir))) {
    g_autofree char *comm_file = NULL;
    g_autofree char *comm = NULL;
    g_autofree char *shown = NULL;

    if (!g_ascii_isdigit (*pid) || g_str_equal (pid, self) || !process_writes (pid, st))
      continue;
    comm_file = g_strdup_printf ("/proc/%s/comm", pid);
    if (!g_file_get_contents (comm_file, &comm, NULL, NULL))
      comm = g_strdup ("it has just ended");
    shown = v2v_printable (g_strchomp (comm), -1, FALSE);
    g_set_error (error, V2V_ERROR, V2V_EXIT_TEMPFAIL,
                 "%s is open for writing by process %s (%s); " HINT, path, pid, shown);
    return FALSE;
  }
  return TRUE;
}

static gboolean
check_locks (const char *path, int fd, GError **error)
{
  static const int bytes[] = {IMAGE_LOCK_WRITE, IMAGE_LOCK_RESIZE};

  for (gsize i = 0; i < G_N_ELEMENTS (bytes); i++) {
    struct flock lock = {
        .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = bytes[i], .l_len = 1};

    if (fcntl (fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK) {
      g_set_error (
          error, V2V_ERROR, V2V_EXIT_TEMPFAIL,
          "%s is locked for writing, as emulators lock the disks of a running guest%s; " HINT,
          path, lock.l_pid > 0 ? "" : " (perhaps in a container or on another host)");
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
check_loops (const char *path, const struct stat *st, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open ("/sys/block", 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir))) {
    g_autofree char *backing_file = NULL;
    g_autofree char *ro_file = NULL;
    g_autofree char *backing = NULL;
    g_autofree char *ro = NULL;
    struct stat other;

    if (!g_str_has_prefix (name, "loop"))
      continue;
    backing_file = g_strdup_printf ("/sys/block/%s/loop/backing_file", name);
    ro_file = g_strdup_printf ("/sys/block/%s/ro", name);
    if (!g_file_get_contents (backing_file, &backing, NULL, NULL) ||
        stat (g_strchomp (backing), &other) < 0 || !same_file (st, &other) ||
        (g_file_get_contents (ro_file, &ro, NULL, NULL) && ro[0] == '1'))
      continue;
    g_set_error (error, V2V_ERROR, V2V_EXIT_TEMPFAIL,
                 "%s is attached to the loop device /dev/%s, which can write to it; detach it "
                 "(losetup -d /dev/%s), or say --allow-in-use if this does no harm",
                 path, name, name);
    return FALSE;
  }
  return TRUE;
}

static gboolean
check_claimed (const char *path, const struct stat *st, GError **error)
{
  int fd;

  if (!S_ISBLK (st->st_mode))
    return TRUE;
  fd = open (path, O_RDONLY | O_EXCL | O_CLOEXEC);
  if (fd >= 0) {
    close (fd);
    return TRUE;
  }
  if (errno != EBUSY)
    return TRUE;
  g_set_error (
      error, V2V_ERROR, V2V_EXIT_TEMPFAIL,
      "%s is in use by this host: a file system on it is mounted, or a volume built on it; "
      "unmount it first, or say --allow-in-use if this does no harm",
      path);
  return FALSE;
}

gboolean
v2v_in_use_check (const char *path, int fd, const struct stat *st, GError **error)
{
  return check_processes (path, st, error) && check_locks (path, fd, error) &&
         check_loops (path, st, error) && check_claimed (path, st, error);
}

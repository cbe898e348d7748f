/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The library of faults: stands before the C library's own functions.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include "faults.h"

static int active, lasting, errnum;
static unsigned number, count;
static pid_t owner;
static char hit_text[PATH_MAX + 32];

static void
begin (unsigned at, int error, int last)
{
  owner = getpid ();
  number = at;
  errnum = error;
  lasting = last;
  count = 0;
  hit_text[0] = '\0';
  active = 1;
}

static unsigned
end (void)
{
  active = 0;
  return count;
}

static const char *
hit (void)
{
  return hit_text;
}

extern const V2vFaults v2v_faults;
const V2vFaults v2v_faults = {begin, end, hit};

static void
note (const char *call, int fd, const char *path)
{
  char directory[PATH_MAX] = "";
  char link[64];
  ssize_t length;

  if (hit_text[0])
    return;
  snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  length = fd >= 0 ? readlink (link, directory, sizeof directory - 1) : -1;
  if (length > 0)
    directory[length] = '\0';
  snprintf (hit_text, sizeof hit_text, "%s %.2000s%s%.2000s", call,
            path && path[0] == '/' ? "" : directory, path && path[0] != '/' ? "/" : "",
            path ? path : "");
}

/* Is it this call's turn? FD and PATH say what it is about. */
static int
fails (const char *call, int fd, const char *path)
{
  const int writes_only = errnum == EINTR || errnum == FAULT_SHORT;

  if (!active || getpid () != owner)
    return 0;
  count++;
  if (!number || count < number || (count > number && !lasting) ||
      (writes_only && !strstr (call, "write")) || (writes_only && (count - number) % 2))
    return 0;
  note (call, fd, path);
  errno = errnum;
  return 1;
}

/* Messages and pipes are nobody's data. */
static int
is_data (int fd)
{
  const int before = errno;
  struct stat st;
  int data = fstat (fd, &st) == 0 && (S_ISREG (st.st_mode) || S_ISBLK (st.st_mode));

  errno = before;
  return data;
}

/* Defines a function that calls the C library's unless it is its turn to fail. */
#define REAL(NAME) ((__typeof__ (&NAME))dlsym (RTLD_NEXT, #NAME))
#define CALL(NAME, PARAMETERS, ARGUMENTS, FD, PATH)                                            \
  int NAME PARAMETERS                                                                          \
  {                                                                                            \
    return fails (#NAME, FD, PATH) ? -1 : REAL (NAME) ARGUMENTS;                               \
  }

CALL (fsync, (int fd), (fd), fd, NULL)
CALL (fdatasync, (int fd), (fd), fd, NULL)
CALL (ftruncate, (int fd, off_t length), (fd, length), fd, NULL)
CALL (ftruncate64, (int fd, off64_t length), (fd, length), fd, NULL)
CALL (truncate, (const char *path, off_t length), (path, length), -1, path)
CALL (truncate64, (const char *path, off64_t length), (path, length), -1, path)
CALL (fallocate, (int fd, int mode, off_t at, off_t length), (fd, mode, at, length), fd, NULL)
CALL (fallocate64, (int fd, int mode, off64_t at, off64_t length), (fd, mode, at, length), fd,
      NULL)
CALL (fchmod, (int fd, mode_t mode), (fd, mode), fd, NULL)
CALL (mkdir, (const char *path, mode_t mode), (path, mode), -1, path)
CALL (mkdirat, (int fd, const char *path, mode_t mode), (fd, path, mode), fd, path)
CALL (rename, (const char *from, const char *to), (from, to), -1, to)
CALL (renameat, (int from_fd, const char *from, int to_fd, const char *to),
      (from_fd, from, to_fd, to), to_fd, to)
CALL (renameat2, (int from_fd, const char *from, int to_fd, const char *to, unsigned flags),
      (from_fd, from, to_fd, to, flags), to_fd, to)
CALL (link, (const char *from, const char *to), (from, to), -1, to)
CALL (linkat, (int from_fd, const char *from, int to_fd, const char *to, int flags),
      (from_fd, from, to_fd, to, flags), to_fd, to)

/* A call of libvirt fails as it does for a document that is none: its errors are its own. */
void *virDomainDefineXML (void *connection, const char *text);
void *
virDomainDefineXML (void *connection, const char *text)
{
  return REAL (virDomainDefineXML) (connection,
                                    fails ("virDomainDefineXML", -1, NULL) ? "<" : text);
}

/* Opening fails only where it may create. */
#define OPEN(NAME, FIRST_PARAMETER, FIRST_ARGUMENT, FD)                                        \
  int NAME (FIRST_PARAMETER const char *path, int flags, ...)                                  \
  {                                                                                            \
    mode_t mode = 0;                                                                           \
    if (flags & O_CREAT) {                                                                     \
      va_list rest;                                                                            \
      va_start (rest, flags);                                                                  \
      mode = va_arg (rest, mode_t);                                                            \
      va_end (rest);                                                                           \
      if (fails (#NAME, FD, path))                                                             \
        return -1;                                                                             \
    }                                                                                          \
    return REAL (NAME) (FIRST_ARGUMENT path, flags, mode);                                     \
  }
#define COMMA ,
OPEN (open, , , -1)
OPEN (open64, , , -1)
OPEN (openat, int fd COMMA, fd COMMA, fd)
OPEN (openat64, int fd COMMA, fd COMMA, fd)

#define WRITE(NAME, REST_PARAMETERS, REST_ARGUMENTS)                                           \
  ssize_t NAME (int fd, const void *bytes, size_t length REST_PARAMETERS)                      \
  {                                                                                            \
    if (!is_data (fd) || !fails (#NAME, fd, NULL))                                             \
      return REAL (NAME) (fd, bytes, length REST_ARGUMENTS);                                   \
    if (errnum != FAULT_SHORT)                                                                 \
      return -1;                                                                               \
    return REAL (NAME) (fd, bytes, length > 1 ? length / 2 : length REST_ARGUMENTS);           \
  }
WRITE (write, , )
WRITE (pwrite, COMMA off_t at, COMMA at)
WRITE (pwrite64, COMMA off64_t at, COMMA at)

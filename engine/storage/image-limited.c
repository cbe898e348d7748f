/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reading a header in a process of its own, with limits: the answer comes back
 * through a pipe, or not at all.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "storage/image.h"

#define ADDRESS_SPACE (G_GUINT64_CONSTANT (256) << 20)
#define CPU_SECONDS 10
#define WALL_SECONDS 60
#define ANSWER_MAX (16 * 1024 * 1024)

/* status and message of an error; format; size; members */
#define ANSWER_TYPE "(isssxa(iss))"

static void
set_limit (int resource, rlim_t value)
{
  struct rlimit limit = {value, value};

  setrlimit (resource, &limit);
}

#ifndef V2V_SANITIZED /* the sanitizer reserves terabytes */
/* What is mapped already, and ADDRESS_SPACE for what a header could make us ask for. */
static void
limit_memory (void)
{
  g_autofree char *text = NULL;
  guint64 pages;
  struct rlimit limit;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL) ||
      (pages = g_ascii_strtoull (text, NULL, 10)) == 0)
    return;
  limit.rlim_cur = limit.rlim_max = ADDRESS_SPACE + pages * (guint64)sysconf (_SC_PAGESIZE);
  setrlimit (RLIMIT_AS, &limit); /* fails if less is allowed already */
}
#endif

static void
limit_this_process (void)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
#ifndef V2V_SANITIZED
  limit_memory ();
#endif
  set_limit (RLIMIT_CPU, CPU_SECONDS);
  set_limit (RLIMIT_FSIZE, 0);
  set_limit (RLIMIT_CORE, 0);
  set_limit (RLIMIT_NPROC, 0);
}

/* In the new process: reads, answers and ends. */
static void
answer (int to, int fd, const char *path, const V2vSlice *slice, const char *format,
        gboolean extent)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (V2vImage) image = NULL;
  g_autoptr (GVariant) variant = NULL;
  GVariantBuilder members;
  V2vImageFile file;
  const char *bytes;
  gsize length;

  limit_this_process ();
  g_variant_builder_init (&members, G_VARIANT_TYPE ("a(iss)"));
  if (v2v_image_file_init (&file, fd, path, &error) &&
      (!slice || !slice->length || v2v_image_file_slice (&file, slice, &error))) {
    if (!format && !extent)
      format = v2v_image_probe (&file);
    if (extent)
      image = v2v_image_read_extent (&file, &error);
    else if (format)
      image = v2v_image_read (&file, format, &error);
  }
  for (guint i = 0; image && i < image->members->len; i++) {
    const V2vMember *member = image->members->pdata[i];

    g_variant_builder_add (&members, "(iss)", member->role, member->name,
                           member->format ? member->format : "");
  }
  if (error && !g_utf8_validate (error->message, -1, NULL)) {
    char *valid = g_utf8_make_valid (error->message, -1);

    g_free (error->message);
    error->message = valid;
  }
  variant = g_variant_ref_sink (g_variant_new (
      ANSWER_TYPE, error ? error->code : 0, error ? error->message : "", format ? format : "",
      image ? "image" : "", image ? image->size : (gint64)0, &members));
  bytes = g_variant_get_data (variant);
  length = g_variant_get_size (variant);
  while (length) {
    gssize n = write (to, bytes, length);

    if (n <= 0)
      _exit (1);
    bytes += n;
    length -= (gsize)n;
  }
  _exit (0);
}

static gboolean
collect (int from, GByteArray *bytes)
{
  gint64 end = g_get_monotonic_time () + WALL_SECONDS * G_USEC_PER_SEC;

  for (;;) {
    struct pollfd polled = {from, POLLIN, 0};
    gint64 left = (end - g_get_monotonic_time ()) / 1000;
    guint8 buffer[16384];
    gssize n;

    if (left <= 0 || bytes->len > ANSWER_MAX)
      return FALSE;
    if (poll (&polled, 1, (int)left) <= 0)
      continue;
    n = read (from, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return n == 0;
    g_byte_array_append (bytes, buffer, (guint)n);
  }
}

static V2vImage *
decode (GVariant *variant, const char *path, const char **format_r, GError **error)
{
  g_autoptr (V2vImage) image = v2v_image_new ();
  g_autoptr (GVariantIter) members = NULL;
  const char *message, *format, *found, *name, *member_format;
  gint32 status, role;
  V2vImageFile file = {.fd = -1, .path = path};

  g_variant_get (variant, "(i&s&s&sxa(iss))", &status, &message, &format, &found, &image->size,
                 &members);
  if (format_r)
    *format_r = *format ? g_intern_string (format) : NULL;
  if (status) {
    g_set_error_literal (error, V2V_ERROR, status, message);
    return NULL;
  }
  if (!*found)
    return NULL;
  while (g_variant_iter_next (members, "(i&s&s)", &role, &name, &member_format))
    if (!v2v_image_add_member (image, &file, (V2vMemberRole)role, name, strlen (name),
                               *member_format ? member_format : NULL, error))
      return NULL;
  return g_steal_pointer (&image);
}

V2vImage *
v2v_image_read_limited (int fd, const char *path, const V2vSlice *slice, const char *format,
                        gboolean extent, const char **format_r, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GVariant) variant = NULL;
  gboolean complete;
  int fds[2], status = 0;
  pid_t pid;

  if (pipe2 (fds, O_CLOEXEC) < 0) {
    v2v_error_set_errno (error, errno, "cannot make a pipe");
    return NULL;
  }
  pid = fork ();
  if (pid < 0) {
    v2v_error_set_errno (error, errno, "cannot make a process to read %s", path);
    close (fds[0]);
    close (fds[1]);
    return NULL;
  }
  if (pid == 0) {
    close (fds[0]);
    answer (fds[1], fd, path, slice, format, extent);
  }
  close (fds[1]);
  complete = collect (fds[0], bytes);
  close (fds[0]);
  if (!complete)
    kill (pid, SIGKILL);
  while (waitpid (pid, &status, 0) < 0 && errno == EINTR)
    ;
  if (!complete || !WIFEXITED (status) || WEXITSTATUS (status) != 0) {
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_DATA,
        "%s: its header could not be read within %d seconds and the memory allowed; the "
        "disk is damaged or its storage does not answer",
        path, WALL_SECONDS);
    return NULL;
  }
  variant = g_variant_ref_sink (g_variant_new_from_data (
      G_VARIANT_TYPE (ANSWER_TYPE), bytes->data, bytes->len, FALSE, NULL, NULL));
  if (!g_variant_is_normal_form (variant)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA, "%s: its header could not be read", path);
    return NULL;
  }
  return decode (variant, path, format_r, error);
}

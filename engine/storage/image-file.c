/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Bounded reading of image headers, and what they say.
 */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "storage/image-file.h"

#define MEMBERS_MAX 4096
#define NAME_MAX_LENGTH 4095

gboolean
v2v_image_file_init (V2vImageFile *file, int fd, const char *path, GError **error)
{
  off_t end = lseek (fd, 0, SEEK_END);

  if (end < 0) {
    v2v_error_set_errno (error, errno, "cannot find the size of %s", path);
    return FALSE;
  }
  file->fd = fd;
  file->base = 0;
  file->path = path;
  file->length = end;
  return TRUE;
}

gboolean
v2v_image_file_slice (V2vImageFile *file, const V2vSlice *slice, GError **error)
{
  if (slice->offset < 0 || slice->length < 0 || slice->offset > file->length ||
      slice->length > file->length - slice->offset) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s: the disk is said to be its %" G_GINT64_FORMAT
                 " bytes at %" G_GINT64_FORMAT ", but the file has only %" G_GINT64_FORMAT
                 "; copy the file again",
                 file->path, slice->length, slice->offset, file->length);
    return FALSE;
  }
  file->base += slice->offset;
  file->length = slice->length;
  return TRUE;
}

gssize
v2v_image_pread_some (const V2vImageFile *file, gint64 offset, void *buffer, gsize length,
                      GError **error)
{
  gsize done = 0;

  if (offset < 0 || offset >= file->length)
    return 0;
  length = (gsize)MIN ((guint64)length, (guint64)(file->length - offset));
  while (done < length) {
    gssize n = pread (file->fd, (char *)buffer + done, length - done,
                      file->base + offset + (gint64)done);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0) {
      v2v_error_set_errno (error, errno, "cannot read %s", file->path);
      return -1;
    }
    if (n == 0)
      break;
    done += (gsize)n;
  }
  return (gssize)done;
}

gboolean
v2v_image_pread (const V2vImageFile *file, gint64 offset, void *buffer, gsize length,
                 const char *what, GError **error)
{
  gssize n = v2v_image_pread_some (file, offset, buffer, length, error);

  if (n >= 0 && (gsize)n < length)
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s: %s is cut short: %" G_GSIZE_FORMAT " bytes at %" G_GINT64_FORMAT
                 " were expected, the file has %" G_GINT64_FORMAT
                 " in all; copy the disk again",
                 file->path, what, length, offset, file->length);
  return n >= 0 && (gsize)n == length;
}

static void
member_free (gpointer data)
{
  V2vMember *member = data;

  g_free (member->name);
  g_free (member->format);
  g_free (member);
}

V2vImage *
v2v_image_new (void)
{
  V2vImage *image = g_new0 (V2vImage, 1);

  image->members = g_ptr_array_new_with_free_func (member_free);
  return image;
}

void
v2v_image_free (V2vImage *image)
{
  if (!image)
    return;
  g_ptr_array_unref (image->members);
  g_free (image);
}

void
v2v_image_bad (const V2vImageFile *file, const char *format, GError **error, const char *why,
               ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, why);
  text = g_strdup_vprintf (why, args);
  va_end (args);
  g_set_error (error, V2V_ERROR, V2V_EXIT_DATA, "%s: not a usable %s disk: %s", file->path,
               format, text);
}

gboolean
v2v_image_add_member (V2vImage *image, const V2vImageFile *file, V2vMemberRole role,
                      const char *name, gsize length, const char *format, GError **error)
{
  g_autofree char *shown = v2v_printable (name, (gssize)MIN (length, 200), FALSE);
  gsize colon = 0;
  V2vMember *member;

  if (length == 0 || length > NAME_MAX_LENGTH || memchr (name, '\0', length) ||
      !g_utf8_validate (name, (gssize)length, NULL)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s: its header names a file \"%s\", which is no file name", file->path,
                 shown);
    return FALSE;
  }
  for (gsize i = 0; i < length; i++)
    if ((guchar)name[i] < 0x20 || name[i] == 0x7f) {
      g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                   "%s: its header names a file \"%s\" with a control character in its name",
                   file->path, shown);
      return FALSE;
    }
  /* Programs take the text before a colon for a protocol, unless it contains a slash. */
  while (colon < length && name[colon] != ':' && name[colon] != '/')
    colon++;
  if (colon < length && name[colon] == ':') {
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_DATA,
        "%s: its header names \"%s\", which tools do not take for a file but for the "
        "protocol \"%.*s\"; only files are accepted: rebase the disk onto a file by its "
        "plain path (qemu-img rebase -u -b FILE -F FORMAT DISK), or flatten it",
        file->path, shown, (int)MIN (colon, 20), name);
    return FALSE;
  }
  if (image->members->len >= MEMBERS_MAX) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA, "%s: its header names more than %d files",
                 file->path, MEMBERS_MAX);
    return FALSE;
  }
  member = g_new0 (V2vMember, 1);
  member->role = role;
  member->name = g_strndup (name, length);
  member->format = g_strdup (format);
  g_ptr_array_add (image->members, member);
  return TRUE;
}

gboolean
v2v_image_set_size (V2vImage *image, const V2vImageFile *file, guint64 size, GError **error)
{
  if (size < V2V_SECTOR) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s: this is no disk: it has %" G_GUINT64_FORMAT
                 " bytes, and a disk has at least one sector of %d",
                 file->path, size, V2V_SECTOR);
    return FALSE;
  }
  if (size > (guint64)V2V_IMAGE_SIZE_MAX) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s: its header says %" G_GUINT64_FORMAT
                 " bytes, more than the limit of %" G_GINT64_FORMAT
                 " (1 PiB): the header is damaged",
                 file->path, size, V2V_IMAGE_SIZE_MAX);
    return FALSE;
  }
  image->size = (gint64)size;
  return TRUE;
}

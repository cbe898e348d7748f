/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the readers of image headers share: bounded reading, the table of formats
 * and of the bytes they begin with, and raw disks.
 */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "storage/image.h"

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
  /* Tools take what stands before a colon for a protocol, unless a slash comes first. */
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

static gboolean
read_raw (const V2vImageFile *file, V2vImage *image, GError **error)
{
  return v2v_image_set_size (image, file, (guint64)file->length, error);
}

static const struct {
  const char *name;
  gboolean (*read) (const V2vImageFile *file, V2vImage *image, GError **error);
} formats[] = {
    {"raw", read_raw},           {"qcow2", v2v_image_read_qcow2}, {"vmdk", v2v_image_read_vmdk},
    {"vdi", v2v_image_read_vdi}, {"vhdx", v2v_image_read_vhdx},   {"vpc", v2v_image_read_vpc},
};

const char *const *
v2v_image_formats (void)
{
  static const char *names[G_N_ELEMENTS (formats) + 1];

  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    names[i] = formats[i].name;
  return names;
}

/* What images begin with. Those without a reader are here because a disk that begins so is not
 * raw. */
static const struct {
  const char *format;
  guint offset;
  guint length;
  const char *bytes;
} magics[] = {
    {"qcow2", 0, 8, "QFI\xfb\0\0\0\2"},
    {"qcow2", 0, 8, "QFI\xfb\0\0\0\3"},
    {"qcow", 0, 4, "QFI\xfb"},
    {"vmdk", 0, 4, "KDMV"},
    {"vmdk", 0, 4, "COWD"},
    {"vmdk", 0, 8, "\xbe\xba\xfe\xca\0\0\0\0"},
    {"vhdx", 0, 8, "vhdxfile"},
    {"vpc", 0, 8, "conectix"},
    {"vdi", 64, 4, "\x7f\x10\xda\xbe"},
    {"qed", 0, 4, "QED\0"},
    {"parallels", 0, 16, "WithoutFreeSpace"},
    {"parallels", 0, 16, "WithouFreSpacExt"},
    {"bochs", 0, 22, "Bochs Virtual HD Image"},
    {"cloop", 0, 20, "#!/bin/sh\n#V2.0 Form"},
};

/* A VMDK descriptor is a text, in which tools skip comments and empty lines and look for
 * version=1 or 2; its usual first line need not be there. */
static gboolean
is_vmdk_text (const char *text, gsize length)
{
  gsize i = 0;

  if (length >= 21 && g_ascii_strncasecmp (text, "# Disk DescriptorFile", 21) == 0)
    return TRUE;
  while (i < length) {
    gsize end = i;

    while (end < length && text[end] != '\n')
      end++;
    while (i < end && (text[i] == ' ' || text[i] == '\t' || text[i] == '\r'))
      i++;
    if (i < end && text[i] != '#')
      return end - i >= 8 && g_ascii_strncasecmp (text + i, "version=", 8) == 0;
    i = end + 1;
  }
  return FALSE;
}

const char *
v2v_image_probe (const V2vImageFile *file)
{
  char start[2048];
  gssize n = v2v_image_pread_some (file, 0, start, sizeof start, NULL);

  if (n <= 0)
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (magics); i++)
    if (magics[i].offset + magics[i].length <= (gsize)n &&
        memcmp (start + magics[i].offset, magics[i].bytes, magics[i].length) == 0)
      return magics[i].format;
  return is_vmdk_text (start, (gsize)n) ? "vmdk" : NULL;
}

static gboolean
is_known (const char *format)
{
  return g_strv_contains (v2v_image_formats (), format);
}

V2vImage *
v2v_image_read (const V2vImageFile *file, const char *format, GError **error)
{
  const char *begins = v2v_image_probe (file);
  g_autoptr (V2vImage) image = v2v_image_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++) {
    if (!g_str_equal (formats[i].name, format))
      continue;
    if (g_str_equal (format, "raw") && begins) {
      g_set_error (
          error, V2V_ERROR, V2V_EXIT_DATA,
          "%s: said to be raw (which is what no format means), but it begins like a disk in "
          "the format %s; if it is one, %s%s%s",
          file->path, begins,
          is_known (begins) ? "say so in the domain: <driver name='qemu' type='"
                            : "convert it first (qemu-img convert): that format is not known",
          is_known (begins) ? begins : "", is_known (begins) ? "'/>" : "");
      return NULL;
    }
    /* A fixed VHD has its header at its end; the versions of qcow are the reader's to judge. */
    if (!g_str_equal (format, "raw") && !(g_str_equal (format, "vpc") && !begins) &&
        !(g_str_equal (format, "qcow2") && g_strcmp0 (begins, "qcow") == 0) &&
        g_strcmp0 (begins, format) != 0) {
      g_set_error (
          error, V2V_ERROR, V2V_EXIT_DATA,
          "%s: said to be in the format %s, but it begins like %s; state the format that "
          "it has in the domain: <driver name='qemu' type='%s'/>",
          file->path, format, begins ? begins : "none that is known (it may be raw)",
          begins ? begins : "raw");
      return NULL;
    }
    return formats[i].read (file, image, error) ? g_steal_pointer (&image) : NULL;
  }
  {
    g_autofree char *known = g_strjoinv (", ", (char **)v2v_image_formats ());
    g_autofree char *shown = v2v_printable (format, (gssize)MIN (strlen (format), 100), FALSE);

    g_set_error (
        error, V2V_ERROR, V2V_EXIT_DATA,
        "%s: the disk format \"%s\" is not known; known are: %s. Convert the disk first "
        "(qemu-img convert)",
        file->path, shown, known);
  }
  return NULL;
}

V2vImage *
v2v_image_read_extent (const V2vImageFile *file, GError **error)
{
  g_autoptr (V2vImage) image = v2v_image_new ();

  return v2v_image_read_vmdk_extent (file, image, error) ? g_steal_pointer (&image) : NULL;
}

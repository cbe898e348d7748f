/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The table of formats, the bytes that images begin with, and raw disks.
 */
#include "config.h"

#include <string.h>

#include "base/log.h"
#include "storage/image.h"

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

/* A VMDK descriptor is a text, in which programs skip comments and empty lines and search
 * for version=1 or 2; its usual first line need not be there. */
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

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fuzz target: the header of a disk image, in each format that has a reader.
 */
#include "config.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "storage/image.h"

#include "fuzz.h"

static int file_fd = -1;

int
LLVMFuzzerInitialize (int *argc G_GNUC_UNUSED, char ***argv G_GNUC_UNUSED)
{
  file_fd = memfd_create ("image", MFD_CLOEXEC);
  return file_fd < 0 ? -1 : 0;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const char *const *formats = v2v_image_formats ();
  V2vImageFile file;

  if (ftruncate (file_fd, 0) != 0 || pwrite (file_fd, data, size, 0) != (ssize_t)size ||
      !v2v_image_file_init (&file, file_fd, "image", NULL))
    return 0;
  for (; *formats; formats++) {
    V2vImage *image = v2v_image_read (&file, *formats, NULL);

    if (image) {
      g_assert_cmpint (image->size, >=, 0);
      g_assert_cmpint (image->size, <=, V2V_IMAGE_SIZE_MAX);
      for (guint i = 0; i < image->members->len; i++)
        g_assert_cmpuint (strlen (((const V2vMember *)image->members->pdata[i])->name), >, 0);
    }
    v2v_image_free (image);
  }
  v2v_image_free (v2v_image_read_extent (&file, NULL));
  v2v_image_probe (&file);
  return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What tests of disks share: directories, images made by qemu-img, and how to change them.
 */
#pragma once

#include <glib.h>
#include <glib/gstdio.h>

#include "metadata/domain.h"

/* A new directory, below the one that the runner removes. To be freed with g_free. */
static inline char *
test_dir (void)
{
  const char *base = g_getenv ("V2V_TEST_TMPDIR");
  g_autofree char *template =
      g_build_filename (base ? base : g_get_tmp_dir (), "disks.XXXXXX", NULL);

  g_assert_nonnull (g_mkdtemp (template));
  return g_steal_pointer (&template);
}

static inline gboolean
try_run (const char *command)
{
  g_autofree char *output = NULL;
  g_autofree char *messages = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  g_assert_true (g_spawn_command_line_sync (command, &output, &messages, &status, &error));
  if (status != 0)
    g_test_message ("%s: %s%s", command, output, messages);
  return status == 0;
}

/* Runs a command that has to succeed. */
static inline void G_GNUC_PRINTF (1, 2) run (const char *format, ...)
{
  g_autofree char *command = NULL;
  va_list args;

  va_start (args, format);
  command = g_strdup_vprintf (format, args);
  va_end (args);
  g_assert_true (try_run (command));
}

static inline char *
in (const char *dir, const char *name)
{
  return g_build_filename (dir, name, NULL);
}

static inline void
write_file (const char *path, const char *bytes, gssize length)
{
  g_assert_true (g_file_set_contents (path, bytes, length, NULL));
}

/* Writes BYTE to the sector-aligned stretch of an image, as a guest would. */
static inline void
guest_write (const char *image, const char *format, guint byte, const char *offset,
             const char *length)
{
  run ("qemu-io -f %s -c 'write -P %u %s %s' %s", format, byte, offset, length, image);
}

/* Is the stretch full of BYTE? */
static inline gboolean
guest_reads (const char *image, const char *format, guint byte, const char *offset,
             const char *length)
{
  g_autofree char *command = g_strdup_printf ("qemu-io -r -f %s -c 'read -P %u %s %s' %s",
                                              format, byte, offset, length, image);
  g_autofree char *output = NULL;
  int status;

  g_assert_true (g_spawn_command_line_sync (command, &output, NULL, &status, NULL));
  g_assert_nonnull (output);
  return status == 0 && !g_strstr_len (output, -1, "verification failed");
}

static inline char *
checksum (const char *path)
{
  g_autofree char *bytes = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)bytes, length);
}

/* How many names there are in DIR. */
static inline guint
count_names (const char *dir)
{
  g_autoptr (GDir) names = g_dir_open (dir, 0, NULL);
  guint count = 0;

  while (names && g_dir_read_name (names))
    count++;
  return count;
}

static inline V2vDomainDisk *
disk_new (const char *path, const char *format)
{
  V2vDomainDisk *disk = g_new0 (V2vDomainDisk, 1);

  disk->path = g_strdup (path);
  disk->format = g_strdup (format);
  disk->backing = g_ptr_array_new_with_free_func (g_free);
  return disk;
}

static inline void
disk_clear (V2vDomainDisk *disk)
{
  g_free (disk->path);
  g_free (disk->format);
  g_ptr_array_unref (disk->backing);
  g_free (disk);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vDomainDisk, disk_clear)

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fuzz target: a package file as --with reads it, in both formats.
 */
#include "config.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "metadata/package.h"

#include "fuzz.h"

static int file_fd = -1;
static char *path;

int
LLVMFuzzerInitialize (int *argc G_GNUC_UNUSED, char ***argv G_GNUC_UNUSED)
{
  file_fd = memfd_create ("package", MFD_CLOEXEC);
  path = g_strdup_printf ("/proc/self/fd/%d", file_fd);
  return file_fd < 0 ? -1 : 0;
}

/* Absolute, and without a way up. */
static void
assert_inside (const char *name)
{
  g_autofree char *whole = g_strconcat (name, "/", NULL);

  g_assert_true (g_path_is_absolute (name));
  g_assert_null (strstr (whole, "/../"));
}

static void
assert_plain (const char *word)
{
  g_assert_cmpuint (strlen (word), >, 0);
  g_assert_null (strpbrk (word, " \t\n/\\\"'<>&"));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (V2vPackage) package = NULL;
  GHashTableIter kernels, modules;
  gpointer value, name;

  if (ftruncate (file_fd, 0) != 0 || pwrite (file_fd, data, size, 0) != (ssize_t)size)
    return 0;
  package = v2v_package_read (path, &error);
  if (!package) {
    g_assert_error (error, V2V_ERROR, V2V_EXIT_DATA);
    return 0;
  }
  g_assert_no_error (error);
  assert_plain (package->name);
  assert_plain (package->version);
  assert_plain (package->arch);
  g_assert_cmpuint (g_hash_table_size (package->kernels), <=, V2V_PACKAGE_KERNELS_MAX);
  g_hash_table_iter_init (&kernels, package->kernels);
  while (g_hash_table_iter_next (&kernels, NULL, &value)) {
    const V2vPackageKernel *kernel = value;

    assert_plain (kernel->version);
    if (kernel->image)
      assert_inside (kernel->image);
    if (kernel->directory)
      assert_inside (kernel->directory);
    g_assert_cmpuint (g_hash_table_size (kernel->modules), <=, V2V_PACKAGE_MODULES_MAX);
    g_hash_table_iter_init (&modules, kernel->modules);
    while (g_hash_table_iter_next (&modules, &name, NULL))
      assert_plain (name);
  }
  return 0;
}

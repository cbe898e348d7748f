/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads a package in a confined process (base/limited.h).
 */
#include "config.h"

#include <unistd.h>

#include "base/limited.h"
#include "metadata/package.h"

#define WALL_SECONDS 600
#define ANSWER_MAX (64 * 1024 * 1024)

static const V2vLimits limits = {
    .address_space = G_GUINT64_CONSTANT (1) << 30,
    .wall_seconds = WALL_SECONDS,
};

/* The package to read. It is already open, since the confined process cannot open anything. */
typedef struct {
  int fd;
  const char *path;
} Question;

/* status and message of an error; name, version, arch; size; kernels with version, image,
 * directory, modules with their names and whether they are built in */
#define KERNELS_TYPE "a(sssa(sb))"
#define ANSWER_TYPE "(issssta(sssa(sb)))"

static GVariant *
encode_kernels (GHashTable *kernels)
{
  GVariantBuilder builder;
  GHashTableIter iter, modules;
  gpointer value, name, builtin;

  g_variant_builder_init (&builder, G_VARIANT_TYPE (KERNELS_TYPE));
  g_hash_table_iter_init (&iter, kernels);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    const V2vPackageKernel *kernel = value;

    g_variant_builder_open (&builder, G_VARIANT_TYPE ("(sssa(sb))"));
    g_variant_builder_add (&builder, "s", kernel->version);
    g_variant_builder_add (&builder, "s", kernel->image ? kernel->image : "");
    g_variant_builder_add (&builder, "s", kernel->directory ? kernel->directory : "");
    g_variant_builder_open (&builder, G_VARIANT_TYPE ("a(sb)"));
    g_hash_table_iter_init (&modules, kernel->modules);
    while (g_hash_table_iter_next (&modules, &name, &builtin))
      g_variant_builder_add (&builder, "(sb)", name, GPOINTER_TO_INT (builtin));
    g_variant_builder_close (&builder);
    g_variant_builder_close (&builder);
  }
  return g_variant_builder_end (&builder);
}

/* Runs in the confined process: reads the package and writes the answer to the descriptor TO. */
static int
answer (int to, gpointer data)
{
  const Question *question = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (V2vPackage) package = v2v_package_read_fd (question->fd, question->path, &error);
  g_autofree char *message = error ? g_utf8_make_valid (error->message, -1) : g_strdup ("");
  g_autoptr (GVariant) variant = NULL;

  if (package)
    variant =
        g_variant_new ("(isssst@" KERNELS_TYPE ")", 0, message, package->name, package->version,
                       package->arch, package->size, encode_kernels (package->kernels));
  else
    variant = g_variant_new ("(isssst@" KERNELS_TYPE ")", error->code, message, "", "", "",
                             (guint64)0, g_variant_new (KERNELS_TYPE, NULL));
  g_variant_ref_sink (variant);
  v2v_limited_write (to, g_variant_get_data (variant), g_variant_get_size (variant));
  return 0;
}

static V2vPackage *
decode (GVariant *variant, const char *path, GError **error)
{
  g_autoptr (V2vPackage) package = v2v_package_new ();
  g_autoptr (GVariantIter) kernels = NULL;
  GVariantIter *modules;
  const char *message, *version, *image, *directory, *name;
  gint32 status;
  gboolean builtin;

  g_variant_get (variant, "(i&ssssta(sssa(sb)))", &status, &message, &package->name,
                 &package->version, &package->arch, &package->size, &kernels);
  if (status) {
    g_set_error_literal (error, V2V_ERROR, status, message);
    return NULL;
  }
  while (
      g_variant_iter_next (kernels, "(&s&s&sa(sb))", &version, &image, &directory, &modules)) {
    V2vPackageKernel *kernel = v2v_package_kernel_new (version);

    kernel->image = *image ? g_strdup (image) : NULL;
    kernel->directory = *directory ? g_strdup (directory) : NULL;
    while (g_variant_iter_next (modules, "(&sb)", &name, &builtin))
      g_hash_table_insert (kernel->modules, g_strdup (name), GINT_TO_POINTER (builtin));
    g_variant_iter_free (modules);
    g_hash_table_replace (package->kernels, kernel->version, kernel);
  }
  return v2v_package_check (package, path, error) ? g_steal_pointer (&package) : NULL;
}

V2vPackage *
v2v_package_read (const char *path, GError **error)
{
  Question question = {v2v_package_open (path, error), path};
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GVariant) variant = NULL;
  GError *local = NULL;

  if (question.fd < 0)
    return NULL;
  bytes = v2v_limited_call (answer, &question, &limits, ANSWER_MAX, &local);
  close (question.fd);
  if (bytes)
    variant = g_variant_ref_sink (
        g_variant_new_from_bytes (G_VARIANT_TYPE (ANSWER_TYPE), bytes, FALSE));
  if (variant && g_variant_is_normal_form (variant))
    return decode (variant, path, error);
  if (local) {
    g_prefix_error (&local, "%s: cannot read the package: ", path);
    g_propagate_error (error, local);
  } else {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s: the package could not be read within %d seconds and the memory "
                 "allowed: it is damaged, or was not made by a distribution",
                 path, WALL_SECONDS);
  }
  return NULL;
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads what a package file on the host contains, without running any program.
 */
#pragma once

#include <glib.h>

#include "base/error.h"

/* The files of one kernel in a package. The image and the modules may be in separate packages,
 * so a package may have only some of them. */
typedef struct {
  char *version;   /* the VERSION of lib/modules/VERSION */
  char *image;     /* absolute path in the guest, or NULL */
  char *directory; /* directory of its modules: absolute path in the guest, or NULL */
  /* name, with each - replaced by _ -> GINT_TO_POINTER (whether it is built in) */
  GHashTable *modules;
} V2vPackageKernel;

typedef struct {
  char *name;
  char *version;       /* with the release, and the epoch if it has one */
  char *arch;          /* as the package calls it */
  guint64 size;        /* bytes of the package file plus all files in it */
  GHashTable *kernels; /* version -> V2vPackageKernel */
} V2vPackage;

/* Limits against hostile packages. */
#define V2V_PACKAGE_ENTRIES_MAX 300000
#define V2V_PACKAGE_BYTES_MAX (G_GINT64_CONSTANT (8) * 1024 * 1024 * 1024)
#define V2V_PACKAGE_KERNELS_MAX 16
#define V2V_PACKAGE_MODULES_MAX 20000

/* Reads the package at PATH, in the format of rpm or of dpkg. The work is done in a confined
 * process (base/limited.h), since a package may be hostile. */
V2vPackage *v2v_package_read (const char *path, GError **error);

/* Reads the package that is open as FD. This is what the confined process calls. PATH is the
 * name for messages. */
V2vPackage *v2v_package_read_fd (int fd, const char *path, GError **error);
/* Opens the package PATH for v2v_package_read_fd. Returns -1 if it is not a regular file or
 * cannot be read. */
int v2v_package_open (const char *path, GError **error);
/* Checks that PACKAGE, which comes from the confined process, has only plausible words and
 * paths, and not too many. PATH is the name for messages. */
gboolean v2v_package_check (const V2vPackage *package, const char *path, GError **error);

V2vPackage *v2v_package_new (void);
void v2v_package_free (V2vPackage *package);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vPackage, v2v_package_free)

V2vPackageKernel *v2v_package_kernel_new (const char *version);
void v2v_package_kernel_free (V2vPackageKernel *kernel);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a package file of the host holds, read without running anything.
 */
#pragma once

#include <glib.h>

#include "base/error.h"

/* Files of one kernel. A package need not have all of them: image and modules may come in
 * packages of their own. */
typedef struct {
  char *version;       /* as in lib/modules/VERSION */
  char *image;         /* absolute path in the guest, or NULL */
  char *directory;     /* of its modules: absolute path in the guest, or NULL */
  GHashTable *modules; /* name with _ for - -> GINT_TO_POINTER (built in) */
} V2vPackageKernel;

typedef struct {
  char *name;
  char *version;       /* with release, and epoch if any */
  char *arch;          /* the package's own word */
  guint64 size;        /* of the file itself and of the files that it unpacks to */
  GHashTable *kernels; /* version -> V2vPackageKernel */
} V2vPackage;

/* Limits against hostile packages. */
#define V2V_PACKAGE_ENTRIES_MAX 300000
#define V2V_PACKAGE_BYTES_MAX (G_GINT64_CONSTANT (8) * 1024 * 1024 * 1024)
#define V2V_PACKAGE_KERNELS_MAX 16
#define V2V_PACKAGE_MODULES_MAX 20000

/* Reads the package at PATH, in the format of rpm or of dpkg, in a process that can do nothing
 * else. */
V2vPackage *v2v_package_read (const char *path, GError **error);

/* What that process does: reads the open package FD, which messages call PATH. */
V2vPackage *v2v_package_read_fd (int fd, const char *path, GError **error);
/* Opens a package for it; -1: it is no regular file, or cannot be read. */
int v2v_package_open (const char *path, GError **error);
/* Has PACKAGE only words and paths that a package can have, and not too many? */
gboolean v2v_package_check (const V2vPackage *package, const char *path, GError **error);

V2vPackage *v2v_package_new (void);
void v2v_package_free (V2vPackage *package);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vPackage, v2v_package_free)

V2vPackageKernel *v2v_package_kernel_new (const char *version);
void v2v_package_kernel_free (V2vPackageKernel *kernel);

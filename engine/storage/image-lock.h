/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * qemu's own locks on disk images, by which no emulator can start with the disks of a conversion
 * in place.
 *
 * qemu takes read locks on single bytes of an image: the bytes from 100 on stand for the
 * permissions that it uses, those from 200 on for the permissions that it denies to other
 * programs. Before it uses a permission, it checks that nobody holds the byte that denies it.
 */
#pragma once

#include <glib.h>

#include "base/error.h"

typedef struct V2vImageLocks V2vImageLocks;

V2vImageLocks *v2v_image_locks_new (void);
/* Releases all locks. */
void v2v_image_locks_free (V2vImageLocks *locks);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vImageLocks, v2v_image_locks_free)

/* Denies writing to PATH to all emulators; they may still read it. Fails (V2V_EXIT_TEMPFAIL)
 * if one writes to it already. On a file system without locks, there is no lock and no
 * error. */
gboolean v2v_image_locks_add (V2vImageLocks *locks, const char *path, GError **error);
/* Announces that this program is going to write to PATH, which has been added: fails if an
 * emulator depends on its content, and prevents any from starting to. */
gboolean v2v_image_locks_write (V2vImageLocks *locks, const char *path, GError **error);

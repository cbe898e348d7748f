/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * qemu's own locks on disk images: what a conversion in place works on, no emulator can start
 * with.
 *
 * qemu takes read locks on single bytes of an image: one from 100 on for each permission that
 * it uses, one from 200 on for each that it lets nobody else have. Before it uses a permission
 * it looks whether someone holds the byte against it.
 */
#pragma once

#include <glib.h>

#include "base/error.h"

typedef struct V2vImageLocks V2vImageLocks;

V2vImageLocks *v2v_image_locks_new (void);
/* Gives all locks up. */
void v2v_image_locks_free (V2vImageLocks *locks);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vImageLocks, v2v_image_locks_free)

/* From now on no emulator may write to PATH, though all may read it. Fails (V2V_EXIT_TEMPFAIL)
 * if one writes to it. A file system without locks gives none, and no error. */
gboolean v2v_image_locks_add (V2vImageLocks *locks, const char *path, GError **error);
/* The program itself is going to write to PATH, which was added before: fails if an emulator
 * counts on its content, and lets none begin to. */
gboolean v2v_image_locks_write (V2vImageLocks *locks, const char *path, GError **error);

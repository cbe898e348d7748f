/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The register: each run lists in a file what it has created and not yet finished. If the run
 * is killed or the host loses power, the next run reads from it what has to be removed.
 *
 * The run holds a lock (flock) on its file as long as it lives; the kernel releases the lock
 * however the run ends. Only what an unlocked file lists is ever removed: neither the age of a
 * file nor a process number proves that a run is dead.
 */
#pragma once

#include <glib.h>

/* The directory for files that have to survive the run and a reboot of the host:
 * V2V_ENGINE_STATE_DIR, or its default. To be freed with g_free. */
char *v2v_state_dir (void);

/* ---- for the current run ---- */

/* From now on the temporary files of base/tempfile.h are registered. The register file is
 * created with the first entry. If it cannot be created, nothing is registered. */
void v2v_register_start (void);
/* Does not register PATH and what is below it, because a journal lists that already. */
void v2v_register_except (const char *path);
/* Records that this run converts the guest NAME. */
void v2v_register_name (const char *name);
/* Registers PATH, which is about to be created; or forgets it, because it is removed or
 * finished. */
void v2v_register_add (const char *path);
void v2v_register_forget (const char *path);
/* Records durably that the file at FROM is about to be renamed to PATH. The file counts as
 * unfinished until v2v_register_finish. */
void v2v_register_publish (const char *from, const char *path);
/* Records, in one step, that everything published is finished. */
void v2v_register_finish (void);
/* The path of the register file, or NULL if there is none. */
const char *v2v_register_path (void);
/* Ends the run: removes the register file if it has no entries left. */
void v2v_register_end (void);

/* ---- for other runs ---- */

typedef struct {
  char *path;
  gboolean published; /* the file has its final name; these identify it: */
  guint64 inode;
  gint64 size, mtime; /* mtime in nanoseconds */
} V2vRegisterEntry;

typedef struct {
  char *path; /* of the register file */
  char *name; /* of the guest, or NULL */
  gboolean alive;
  GPtrArray *entries; /* V2vRegisterEntry, in the order of creation */
  int fd; /* open register file; this process holds its lock unless the run is alive */
} V2vRegister;

/* All other runs of this user. To be freed with g_ptr_array_unref, which releases the locks. */
GPtrArray *v2v_registers (void);
void v2v_register_free (V2vRegister *run);
/* Removes the register file of a dead run. */
void v2v_register_remove (V2vRegister *run);

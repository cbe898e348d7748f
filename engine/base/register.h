/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What each run of the program has made and not yet finished, in a file that outlives the run:
 * should everything be killed, or the power fail, the next run knows what is left.
 *
 * The file is locked (flock) by the run as long as that lives; the kernel gives the lock up,
 * whatever the end is. Only what an unlocked file lists is ever removed: neither age nor a
 * process number tells that a run is dead.
 */
#pragma once

#include <glib.h>

/* Where the program keeps what has to outlive a run and the running of the host:
 * V2V_ENGINE_STATE_DIR, or the default. To be freed with g_free. */
char *v2v_state_dir (void);

/* ---- in a run ---- */

/* From now on base/tempfile.h notes in a file of the state directory, which is made with the
 * first note. Where that cannot be made, nothing is noted. */
void v2v_register_start (void);
/* Nothing at or below PATH is noted: it has a journal of its own. */
void v2v_register_except (const char *path);
/* What is made is for the guest NAME. */
void v2v_register_name (const char *name);
/* PATH is about to be made, or is gone or finished. */
void v2v_register_add (const char *path);
void v2v_register_forget (const char *path);
/* The file at FROM is about to be renamed to PATH, and durably so noted: it is still
 * unfinished. */
void v2v_register_publish (const char *from, const char *path);
/* All that was published is finished, in one step. */
void v2v_register_finish (void);
/* The path of the file, or NULL if there is none. */
const char *v2v_register_path (void);
/* The run ends: removes the file if it lists nothing more. */
void v2v_register_end (void);

/* ---- afterwards ---- */

typedef struct {
  char *path;
  gboolean published; /* under its final name; then the file is this one: */
  guint64 inode;
  gint64 size, mtime; /* nanoseconds */
} V2vRegisterEntry;

typedef struct {
  char *path; /* of the file */
  char *name; /* of the guest, or NULL */
  gboolean alive;
  GPtrArray *entries; /* V2vRegisterEntry, in the order in which they were made */
  int fd;             /* locked unless alive */
} V2vRegister;

/* All runs of this user. To be freed with g_ptr_array_unref, which gives the locks up. */
GPtrArray *v2v_registers (void);
void v2v_register_free (V2vRegister *run);
/* Removes the file of a dead run. */
void v2v_register_remove (V2vRegister *run);

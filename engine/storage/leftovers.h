/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What interrupted runs left behind, by the register of runs (base/register.h) and the journals
 * of in-place conversions.
 */
#pragma once

#include <glib.h>

#include "base/error.h"

/* The directories for temporary files are called so. */
#define V2V_WORK_DIR_PREFIX "v2v-engine."

/* Removes the temporary files of all dead runs; results that they had published already stay.
 * Never fails. */
void v2v_leftovers_remove_dead (void);
/* Removes what a dead run for the guest NAME had published in one of the directories (NULL: none)
 * and not finished, as long as nobody has changed or uses it. Never fails. */
void v2v_leftovers_remove_results (const char *name, const char *dir, const char *other_dir);
/* Removes everything that the run left whose register is the file FILE, and then that. Never
 * fails. */
void v2v_leftovers_remove_all (const char *file);

/* ---- for people ---- */

typedef enum {
  V2V_LEFT_ALIVE,    /* a living run's */
  V2V_LEFT_REMOVE,   /* a dead run's: nobody needs it */
  V2V_LEFT_COMPLETE, /* a journal: the disks are half converted or half taken back */
  V2V_LEFT_WRITTEN,  /* a journal: the same, but a disk was written to since */
  V2V_LEFT_UNDO,     /* a journal: by it the conversion can be taken back */
  V2V_LEFT_CHANGED,  /* a dead run's, but changed or used by others since */
  V2V_LEFT_BAD,      /* a journal that cannot be read */
} V2vLeftKind;

typedef struct {
  V2vLeftKind kind;
  char *path;       /* a file or directory */
  char *state;      /* one word: what runs call it, such as "interrupted-in-commit" */
  char *guest;      /* or NULL */
  GPtrArray *disks; /* char *: of a journal */
  char *what;       /* a sentence: what it is, and what to do next */
} V2vLeft;

/* What is left at or below PATH (absolute), or concerns it as a disk; NULL: everything that is
 * known. Journals are looked for in the default work directory, and in PATH. To be freed with
 * g_ptr_array_unref. */
GPtrArray *v2v_leftovers (const char *path);
/* Removes all of LEFT that is of the kind V2V_LEFT_REMOVE and still is. Returns how many could
 * not be. */
guint v2v_leftovers_remove (const GPtrArray *left);

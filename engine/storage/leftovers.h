/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Leftovers of interrupted runs, found by the register of runs (base/register.h) and the
 * journals of in-place conversions.
 */
#pragma once

#include <glib.h>

#include "base/error.h"

/* The prefix of the names of directories for temporary files. */
#define V2V_WORK_DIR_PREFIX "v2v-engine."

/* Removes the temporary files of all dead runs; keeps the results that they had published.
 * Never fails. */
void v2v_leftovers_remove_dead (void);
/* Removes the results that an unfinished dead run for the guest NAME had published in one of
 * the directories (NULL: none), unless they were changed since or are in use. Never fails. */
void v2v_leftovers_remove_results (const char *name, const char *dir, const char *other_dir);
/* Removes all leftovers of the run whose register is FILE, and then FILE. Never fails. */
void v2v_leftovers_remove_all (const char *file);

/* ---- for people ---- */

typedef enum {
  V2V_LEFT_ALIVE,    /* belongs to a running process */
  V2V_LEFT_REMOVE,   /* belongs to a dead run; it is not needed */
  V2V_LEFT_COMPLETE, /* a journal: the disks are half converted or half restored */
  V2V_LEFT_WRITTEN,  /* a journal: the disks are half converted or half restored, and one was
                      * written to since */
  V2V_LEFT_UNDO,     /* a journal of a finished conversion that can be undone */
  V2V_LEFT_CHANGED,  /* belongs to a dead run, but was changed or used since */
  V2V_LEFT_BAD,      /* a journal that cannot be read */
} V2vLeftKind;

typedef struct {
  V2vLeftKind kind;
  char *path;       /* a file or directory */
  char *state;      /* one word for its state, such as "interrupted-in-commit" */
  char *guest;      /* or NULL */
  GPtrArray *disks; /* char *: of a journal */
  char *what;       /* a sentence: what it is and what to do next */
} V2vLeft;

/* The leftovers at or below PATH (absolute), or those that concern the disk PATH; NULL: all
 * leftovers. Journals are searched for in the default work directory, and in PATH. To be
 * freed with g_ptr_array_unref. */
GPtrArray *v2v_leftovers (const char *path);
/* Removes the leftovers in LEFT of the kind V2V_LEFT_REMOVE, unless this has changed.
 * Returns how many could not be removed. */
guint v2v_leftovers_remove (const GPtrArray *left);

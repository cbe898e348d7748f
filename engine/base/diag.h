/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Diagnostics: everything that is wrong with rule files, each with its place.
 *
 * The loader of rules never stops at the first error. It collects diagnostics
 * in a list, which is sorted by place and printed at the end, so that an author
 * sees all of them at once.
 */
#pragma once

#include <stdio.h>

#include <glib.h>

/* A place in a text. FILE is interned (g_intern_string), LINE and COLUMN count
 * from 1; COLUMN counts characters, not bytes. LINE 0 means the file as a whole. */
typedef struct {
  const char *file;
  guint line;
  guint column;
} V2vPlace;

typedef enum { V2V_DIAG_ERROR, V2V_DIAG_WARNING } V2vSeverity;

typedef struct {
  V2vSeverity severity;
  guint code; /* the kind of mistake, shown as V2V012 */
  V2vPlace place;
  guint length;      /* characters to underline from the column on, at least 1 */
  char *message;     /* what is wrong and what was expected */
  char *hint;        /* what to do next ("did you mean ..."), or NULL */
  char *source_line; /* the line of the file without its end, or NULL */
} V2vDiag;

typedef struct V2vDiags V2vDiags;

V2vDiags *v2v_diags_new (void);
void v2v_diags_free (V2vDiags *diags);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vDiags, v2v_diags_free)

/* Makes the text of FILE known, so that diagnostics can show its lines. The text is
 * borrowed and has to live as long as diagnostics are added for this file. */
void v2v_diags_set_text (V2vDiags *diags, const char *file, const char *text, gsize length);

/* Adds one. HINT may be NULL. The same message at the same place is added once. */
void v2v_diags_add (V2vDiags *diags, V2vSeverity severity, guint code, V2vPlace place,
                    guint length, const char *hint, const char *format, ...)
    G_GNUC_PRINTF (7, 8);

guint v2v_diags_errors (const V2vDiags *diags);

/* All of them, sorted by file, line, column. The array belongs to DIAGS. */
const GPtrArray *v2v_diags_list (V2vDiags *diags);

/* Prints them in the form
 *   FILE:LINE:COLUMN: error[V2V012]: MESSAGE
 *       the source line
 *            ^~~~
 *       HINT
 */
void v2v_diags_print (V2vDiags *diags, FILE *stream);
char *v2v_diags_to_string (V2vDiags *diags);

/* The name in CANDIDATES (strings) nearest to NAME by edit distance with
 * transpositions, or NULL when none is near enough to be a misspelling. */
const char *v2v_nearest (const char *name, const GPtrArray *candidates);

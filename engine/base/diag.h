/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Diagnostics: the mistakes found in rule files, each with its place.
 *
 * The loader of rules does not stop at the first mistake. It collects diagnostics in a list,
 * which is sorted by place and printed at the end, so that an author sees all mistakes at
 * once.
 */
#pragma once

#include <stdio.h>

#include <glib.h>

/* A place in a text. FILE is interned (g_intern_string). LINE and COLUMN count from 1; COLUMN
 * counts characters, not bytes. LINE 0 means the file as a whole. */
typedef struct {
  const char *file;
  guint line;
  guint column;
} V2vPlace;

typedef enum { V2V_DIAG_ERROR, V2V_DIAG_WARNING } V2vSeverity;

typedef struct {
  V2vSeverity severity;
  guint code; /* the kind of mistake; printed as V2V012 */
  V2vPlace place;
  guint length;      /* number of characters to underline from COLUMN on, at least 1 */
  char *message;     /* what is wrong and what was expected */
  char *hint;        /* what to do next ("did you mean ..."), or NULL */
  char *source_line; /* the line of the file without its line end, or NULL */
} V2vDiag;

typedef struct V2vDiags V2vDiags;

V2vDiags *v2v_diags_new (void);
void v2v_diags_free (V2vDiags *diags);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vDiags, v2v_diags_free)

/* Registers the text of FILE, so that diagnostics can show its lines. The text is borrowed: it
 * must remain valid as long as diagnostics are added for FILE. */
void v2v_diags_set_text (V2vDiags *diags, const char *file, const char *text, gsize length);

/* Adds a diagnostic. HINT may be NULL. A message that is already in the list for the same place
 * is not added again. */
void v2v_diags_add (V2vDiags *diags, V2vSeverity severity, guint code, V2vPlace place,
                    guint length, const char *hint, const char *format, ...)
    G_GNUC_PRINTF (7, 8);

/* The number of errors; warnings do not count. */
guint v2v_diags_errors (const V2vDiags *diags);

/* All diagnostics, sorted by file, line and column. The array belongs to DIAGS. */
const GPtrArray *v2v_diags_list (V2vDiags *diags);

/*  Prints all diagnostics in this form:
 *    FILE:LINE:COLUMN: error[V2V012]: MESSAGE
 *        the source line
 *             ^~~~
 *        HINT
 */
void v2v_diags_print (V2vDiags *diags, FILE *stream);
/* Returns what v2v_diags_print prints. To be freed with g_free. */
char *v2v_diags_to_string (V2vDiags *diags);

/* The name in CANDIDATES (strings) that is nearest to NAME by edit distance, where swapping two
 * neighbouring characters is one edit; NULL if NAME is not likely to be a misspelling of
 * any. */
const char *v2v_nearest (const char *name, const GPtrArray *candidates);

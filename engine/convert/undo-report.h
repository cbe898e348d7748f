/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a report notes for undo: shared by the files that write it, read it and act on it.
 */
#pragma once

#include "base/dir.h"
#include "convert/undo.h"
#include "storage/journal.h"

#define V2V_UNDO_VERSION 1

/* A file as the conversion left it. */
typedef struct {
  char *path;
  gint64 size;
  char *mtime;
  guint64 inode;
  char *sum; /* or NULL */
} V2vUndoFile;

/* The member "undo" of a report, or a directory that a conversion in place kept. */
typedef struct {
  const char *what; /* the report or directory, for messages */
  const V2vOptionValues *options;
  JsonNode *report; /* NULL: a directory */
  char *name;       /* of the guest */
  gboolean undone;
  gboolean in_place;
  const V2vOutput *output; /* or NULL */
  GPtrArray *files;        /* V2vUndoFile */
  GPtrArray *sources;      /* V2vUndoFile */
  GHashTable *notes;
  char *directory; /* or NULL */
  V2vDir *dir;
  V2vJournal *journal;
} V2vUndoReport;

void v2v_undo_file_free (gpointer file);

/* An empty one, for the report or directory WHAT, which is borrowed. */
void v2v_undo_report_init (V2vUndoReport *undo, const char *what);
void v2v_undo_report_clear (V2vUndoReport *undo);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (V2vUndoReport, v2v_undo_report_clear)

/* Reads the JSON of the report. With OWN, a file that another user could have written is refused,
 * since undo does what it says. */
gboolean v2v_undo_report_load (V2vUndoReport *undo, gboolean own, GError **error);
/* Reads the member "undo", after v2v_undo_report_load with OWN if that was not called. */
gboolean v2v_undo_report_read (V2vUndoReport *undo, GError **error);
/* Adds the files (V2vUndoFile) in the member NAME of OBJECT to FILES. */
gboolean v2v_undo_report_files (const V2vUndoReport *undo, JsonObject *object, const char *name,
                                GPtrArray *files, GError **error);

/* The member NAME of OBJECT: NULL, -1 or NULL if there is none of that type. */
const char *v2v_undo_get_text (JsonObject *object, const char *name);
gint64 v2v_undo_get_number (JsonObject *object, const char *name);
JsonObject *v2v_undo_get_object (JsonObject *object, const char *name);

/* A checksum of what the user asked for, by which the same conversion of the same guest is
 * recognised. NULL if the guest was not read. To be freed with g_free. */
char *v2v_undo_request (const V2vJobSettings *settings, const V2vSourceRead *read);
/* The checksum of the open file FD of SIZE bytes; NULL if it is too large, or cannot be read. To be
 * freed with g_free. */
char *v2v_undo_sum (int fd, gint64 size);

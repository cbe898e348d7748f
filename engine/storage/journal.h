/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The journal of an in-place conversion: a file that names all of its disks and records its
 * progress, and that survives a crash of the program or of the host.
 */
#pragma once

#include "base/tempfile.h"
#include "storage/examine.h"
#include "storage/image-lock.h"

#define V2V_JOURNAL_FILE "journal.json"

typedef enum {
  V2V_JOURNAL_EDITING,    /* the overlays are being written; an interrupted conversion is
                           * discarded */
  V2V_JOURNAL_PREPARED,   /* the overlays are complete and synced; it is still discarded */
  V2V_JOURNAL_COMMITTING, /* the disks may have been written to; it has to be completed */
  V2V_JOURNAL_DONE,       /* the disks are written; the domain has to be published */
  V2V_JOURNAL_KEPT,       /* everything is done; the directory contains only what undo needs */
  V2V_JOURNAL_UNDOING,    /* the disks are being written back; undo has to complete that */
} V2vJournalState;

typedef struct {
  char *path; /* of the disk, absolute */
  char *format;
  gboolean block;
  guint64 device, inode; /* of a file, when the conversion began */
  gint64 length;         /* of the file or block device */
  GPtrArray *below;      /* V2vLayer: what the backing chain of the disk */
  char *overlay;         /* its name in the journal's directory */
  gboolean changed;
  char *redo;        /* name in the directory: the overlay of the file itself, whose blocks the
               * commit writes; NULL: those of the overlay are written */
  gint64 new_length; /* of the file after the commit */
  /* From COMMITTING on: */
  char *record; /* name in the directory: the record of what the commit writes, and its
                 * progress (storage/writing.h); NULL: nothing changed */
  /* Only if the conversion can be undone: */
  char *undo;        /* name in the directory: the blocks that the commit replaces, as a file of
                     undo-file.h; NULL: nothing changed */
  char *undo_sum;    /* SHA-256 of that file */
  char *written_sum; /* from DONE on: SHA-256 of the blocks as the commit wrote them */
  char *back;        /* from UNDOING on: name in the directory, as record, of the undo */
  char *mtime;       /* from KEPT on: of the file, "SECONDS.NANOSECONDS" */
} V2vJournalDisk;

typedef struct {
  V2vJournalState state;
  char *name;        /* of the new guest */
  GPtrArray *disks;  /* V2vJournalDisk */
  char *domain_path; /* where the domain is to be published, or NULL */
  char *domain_text; /* from PREPARED on */
  gboolean keep_undo;
  char *former_path;    /* the file that the source's document was read from, or NULL */
  char *former_text;    /* the document */
  V2vImageLocks *locks; /* the locks of the disks, held as long as the journal lives and not
                         * written to the file; or NULL */
  GPtrArray *temps;     /* char *: temporary files that are not needed once the domain is
                     * published */
} V2vJournal;

V2vJournal *v2v_journal_new (const char *name);
void v2v_journal_free (V2vJournal *journal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vJournal, v2v_journal_free)

/* Writes the journal into DIR atomically and durably. */
gboolean v2v_journal_write (const V2vJournal *journal, const V2vDir *dir, GError **error);
/* Reads the journal in DIR. NULL without an error if there is none. */
V2vJournal *v2v_journal_read (const V2vDir *dir, GError **error);

/* Opens the file or block device of DISK with FLAGS of open(2), and fails if it is not the
 * one that the journal records. A link that another user has put in its place is not
 * followed. Returns a descriptor, or -1. */
int v2v_journal_disk_open (const V2vJournalDisk *disk, int flags, GError **error);

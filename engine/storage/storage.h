/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Storages: how the changed disks are stored. Each has a file of its own, which ends in a
 * V2vStorage.
 *
 * With every storage, the guest is changed through an overlay; the original is not written
 * before commit. The order of calls is:
 *
 *   recover, ready of storage and output, v2v_examine_disk of each disk, v2v_storage_job_new,
 *   v2v_storage_job_add_disk, open, (the guest is changed; v2v_storage_sources_lent whenever an
 *   appliance was started or has ended), v2v_storage_set_disk_sources, prepare of storage and
 *   output, commit, create of the output, finish.
 *
 * After a failure anywhere between open and create: abandon of output and storage.
 */
#pragma once

#include "base/options.h"
#include "metadata/domain.h"
#include "storage/examine.h"

/* A disk during the conversion. */
typedef struct {
  const V2vDomainDisk *disk;
  char *overlay;    /* qcow2 that the appliance writes to */
  gboolean settled; /* the overlay names its backing file by its final path */
  char *result;     /* after prepare: the file under its temporary name that is published (NULL:
                    nothing to publish) */
  int result_fd;    /* of that file, until it is published; or -1 */
  char *result_name;   /* its final name below the directory, or the absolute path of the disk
                          itself for in-place; NULL: nowhere */
  char *result_path;   /* after open: the absolute path of the result; NULL: nowhere */
  char *result_format; /* after open: "raw", "qcow2" */
  gint64 size;         /* after open: virtual bytes */
  GPtrArray *chain;    /* after open: V2vLayer, the disk and what it is built on, top first */
  gboolean on_source;  /* after open: the result is built on the disk itself */
} V2vStorageDisk;

typedef struct {
  const V2vOptionValues *options;
  const char *name;       /* of the new guest: safe as a file name */
  const char *work_dir;   /* private to this conversion, for overlays */
  const char *output_dir; /* where the output puts disks, or NULL */
  char *domain_path;      /* where the output publishes the domain document (output_dir/NAME.xml
                             unless the output sets another), or NULL */
  gboolean read_only;     /* for plan and facts: nothing is kept */
  gboolean unchanged;     /* no operation changed anything, so in-place writes nothing */
  GPtrArray *disks;       /* V2vStorageDisk, in the order of the domain */
  GPtrArray *links;       /* char *: what links.h made, in this order */
  gpointer priv;          /* the storage's own */
  gpointer output_priv;   /* the output's own */
  /* What the output's create made, for the report and so for undo: */
  GPtrArray *made;        /* char *: the files, absolute, beside the disks and domain_path */
  GHashTable *made_notes; /* char * -> char *: what its undo has to know beyond files */
  /* For undo: */
  char *former_path;    /* the file that the source's document was read from, or NULL */
  char *former_text;    /* the document */
  char *undo_directory; /* after finish: the directory where the storage keeps what undo
                         * needs, or NULL */
} V2vStorageJob;

typedef struct {
  const char *name;
  const char *help; /* one line, for completion */
  const V2vOptionDef *options;
  gboolean (*ready) (const V2vOptionValues *options, GError **error);
  /* Does discarding unused blocks of the guest's file systems make the result smaller? NULL:
   * no, since the result is based on the source's disks or is the source's disks, so
   * discarding would only write more. */
  gboolean (*trims) (const V2vOptionValues *options);
  /* Completes or discards an interrupted conversion of DISKS (V2vDomainDisk). *WHAT_R gets
   * NULL if there was nothing to complete; otherwise the disks are now committed and the
   * domain is published, as the text says (to be freed with g_free), so the requested
   * conversion is done. V2V_EXIT_TEMPFAIL if another process works on the same disks. NULL
   * if the storage does not need it. */
  gboolean (*recover) (const V2vOptionValues *options, const GPtrArray *disks, char **what_r,
                       GError **error);
  /* Makes the overlays (all disks were examined before). Results that exist are refused. */
  gboolean (*open) (V2vStorageJob *job, GError **error);
  /* After the guest was changed: makes the result durable under temporary names. DOMAIN is
   * the final domain document; a journal keeps it, and a snapshot notes its backing files in
   * it. */
  gboolean (*prepare) (V2vStorageJob *job, xmlDoc *domain, GError **error);
  /* The point of no return: publishes under the final names or, in place, commits. */
  gboolean (*commit) (V2vStorageJob *job, GError **error);
  /* After the output created the guest: removes what is needed only to complete or discard
   * the conversion. Never fails. */
  void (*finish) (V2vStorageJob *job);
  /* Removes everything that was made, after a failure before finish. Never fails. In place,
   * once commit has begun, keeps what is needed to complete it. */
  void (*abandon) (V2vStorageJob *job);
} V2vStorage;

V2vStorageJob *v2v_storage_job_new (const V2vOptionValues *options, const char *name,
                                    const char *work_dir, const char *output_dir);
void v2v_storage_job_free (V2vStorageJob *job);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vStorageJob, v2v_storage_job_free)
/* Adds a disk that has been examined. DISK is borrowed. */
void v2v_storage_job_add_disk (V2vStorageJob *job, const V2vDomainDisk *disk);

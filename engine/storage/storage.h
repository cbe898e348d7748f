/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Storages: where the changed disks live. One file each, ending in a V2vStorage.
 *
 * Whatever the storage, the guest is edited through an overlay; the original is not written
 * before commit.
 */
#pragma once

#include "base/options.h"
#include "metadata/domain.h"

/* One disk on its way. */
typedef struct {
  const V2vDomainDisk *disk;
  char *overlay;  /* qcow2 that the appliance writes to */
  char *result;   /* after prepare: the file under its temporary name that the output publishes (NULL: nothing to publish) */
  char *result_name; /* its final name below the directory, or the absolute path of the disk itself for in-place */
  char *result_format; /* "raw", "qcow2" */
  gint64 size; /* virtual bytes */
} V2vStorageDisk;

typedef struct {
  const V2vOptionValues *options;
  const char *name;       /* of the new guest: safe as a file name */
  const char *work_dir;   /* private to this conversion, for overlays */
  const char *output_dir; /* where the output puts disks, or NULL */
  gboolean read_only;     /* plan, facts: nothing will be kept */
  GPtrArray *disks;       /* V2vStorageDisk, in the order of the domain */
  gpointer priv;          /* the storage's own */
} V2vStorageJob;

typedef struct {
  const char *name;
  const char *help;
  const V2vOptionDef *options;
  const char *const *outputs; /* names of the outputs it goes with */
  gboolean (*ready) (const V2vOptionValues *options, GError **error);
  /* Makes the overlays (all disks were examined before). */
  gboolean (*open) (V2vStorageJob *job, GError **error);
  /* After the guest was changed: makes the result durable under temporary names. The domain document DOMAIN is the final
   * one, for a journal. PROGRESS is called with 0 to 1. */
  gboolean (*prepare) (V2vStorageJob *job, xmlDoc *domain, GError **error);
  /* The point of no return: publish under final names (in place: commit). */
  gboolean (*commit) (V2vStorageJob *job, GError **error);
  /* Takes back everything that was made; used on every failure before commit. Never fails. */
  void (*abandon) (V2vStorageJob *job);
} V2vStorage;

extern const V2vStorage *const v2v_storages[];
const V2vStorage *v2v_storage_find (const char *name);

V2vStorageJob *v2v_storage_job_new (const V2vOptionValues *options, const char *name, const char *work_dir, const char *output_dir);
void v2v_storage_job_free (V2vStorageJob *job);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vStorageJob, v2v_storage_job_free)
/* Adds a disk that was examined. DISK is borrowed. */
void v2v_storage_job_add_disk (V2vStorageJob *job, const V2vDomainDisk *disk);

/* The overlay that every storage uses: a qcow2 over DISK in JOB's work directory, backing file and format explicit. */
gboolean v2v_storage_make_overlay (V2vStorageJob *job, V2vStorageDisk *disk, const char *path, GError **error);

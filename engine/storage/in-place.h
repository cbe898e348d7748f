/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The folders of in-place conversions beneath the work directory, and how one is
 * rolled forward. Each is locked by the process that works in it.
 */
#pragma once

#include "storage/journal.h"
#include "storage/storage.h"

/* Where in-place conversions keep what has to outlive the running of the host: --work-dir, or
 * the default. To be freed with g_free. */
char *v2v_in_place_work_dir (const V2vOptionValues *options);

/* Makes a folder of its own in the work directory, locked, for the disks of JOURNAL, and writes
 * JOURNAL to it. An interrupted conversion of one of these disks that only has to be discarded
 * is; any other is an error. */
V2vDir *v2v_in_place_begin (const char *work_dir, const V2vJournal *journal, GError **error);
/* Fails if a conversion of DISKS (V2vDomainDisk) was interrupted while it wrote to them. */
gboolean v2v_in_place_check (const char *work_dir, const GPtrArray *disks, GError **error);

/* Writes the changed overlays into their disks, durably. Can be repeated. */
gboolean v2v_in_place_commit_disks (const V2vJournal *journal, const V2vDir *dir,
                                    GError **error);
/* Removes the folder and what is in it. Never fails. */
void v2v_in_place_discard (const V2vJournal *journal, V2vDir *dir);

/* The storage's "recover" (storage/storage.h); DISKS may be NULL: of any disk. */
gboolean v2v_in_place_recover (const V2vOptionValues *options, const GPtrArray *disks,
                               char **what_r, GError **error);

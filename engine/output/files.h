/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Creates the files of an output in one directory: first under temporary names, then publishes
 * all of them, or leaves none.
 */
#pragma once

#include "base/tempfile.h"
#include "storage/storage.h"

typedef struct V2vFiles V2vFiles;

/* Opens the directory at PATH. */
V2vFiles *v2v_files_new (const char *path, GError **error);
/* Creates the file FINAL with this content and mode, under a temporary name. */
gboolean v2v_files_add (V2vFiles *files, const char *final, const char *text, guint mode,
                        GError **error);
/* Creates the file FINAL as a copy of the file SOURCE, under a temporary name. */
gboolean v2v_files_add_copy (V2vFiles *files, const char *final, const char *source,
                             GError **error);
/* Gives all files their final names, and adds them to job->made, except job->domain_path. */
gboolean v2v_files_publish (V2vFiles *files, V2vStorageJob *job, GError **error);
/* Makes the published files permanent: they are no longer removed if this process ends early.
 * Frees FILES. */
void v2v_files_keep (V2vFiles *files);
/* Removes all files, published or not. Frees FILES, which may be NULL. */
void v2v_files_abandon (V2vFiles *files);

/* Checks, for V2vOutput.ready, that the directory PATH is writable and contains no file whose
 * name is GUEST_NAME followed by one of SUFFIXES. */
gboolean v2v_files_ready (const char *path, const char *guest_name, const char *const *suffixes,
                          GError **error);
/* Whether the storage that OPTIONS select writes disks to the output's directory. */
gboolean v2v_files_get_disks (const V2vOptionValues *options);

/* Copies the files to which the domain refers to the output.
 *
 * The variables of a UEFI guest: the file that <nvram> names is copied to GUEST_NAME-nvram.fd,
 * and <nvram> changes to that name. Nothing changes if the disks stay in their place or the
 * file does not exist.
 *
 * A kernel that the host starts directly, and its initramfs (metadata/slot.h), are copied to
 * GUEST_NAME-kernel and GUEST_NAME-initrd. */
gboolean v2v_files_carry (V2vFiles *files, V2vStorageJob *job, xmlDoc *domain, GError **error);
/* Checks that the file that <nvram> names, if it exists, contains firmware variables. The new
 * machine would write to any other file, too. */
gboolean v2v_files_check_nvram (xmlDoc *domain, GError **error);

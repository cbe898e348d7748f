/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The files that an output makes in one directory: under temporary names first, then all
 * published, or none left.
 */
#pragma once

#include "base/tempfile.h"
#include "storage/storage.h"

typedef struct V2vFiles V2vFiles;

/* Opens the directory at PATH. */
V2vFiles *v2v_files_new (const char *path, GError **error);
/* Makes FINAL with this text and mode. */
gboolean v2v_files_add (V2vFiles *files, const char *final, const char *text, guint mode,
                        GError **error);
/* Makes FINAL a copy of the file SOURCE. */
gboolean v2v_files_add_copy (V2vFiles *files, const char *final, const char *source,
                             GError **error);
/* Gives all their final names, and notes them in job->made, but for its domain_path. */
gboolean v2v_files_publish (V2vFiles *files, V2vStorageJob *job, GError **error);
/* They stay, whatever becomes of this process. Frees FILES. */
void v2v_files_keep (V2vFiles *files);
/* Removes what was made, published or not. Frees FILES. NULL is none. */
void v2v_files_abandon (V2vFiles *files);

/* For ready(): nothing called GUEST_NAME SUFFIX is in the directory PATH, which can be written.
 */
gboolean v2v_files_ready (const char *path, const char *guest_name, const char *const *suffixes,
                          GError **error);
/* The suffixes of the disks that the storage will put there: "-sda", or none. */
gboolean v2v_files_get_disks (const V2vOptionValues *options);

/* What of the domain are files of its own goes with it. The variables of a UEFI guest: the file that
 * <nvram> names is copied to GUEST_NAME-nvram.fd, and <nvram> names that; where the disks stay in
 * their place, or there is no such file, all stays as it is. A kernel that is started from outside,
 * and its initramfs (metadata/slot.h): they are copied to GUEST_NAME-kernel, GUEST_NAME-initrd. */
gboolean v2v_files_carry (V2vFiles *files, V2vStorageJob *job, xmlDoc *domain, GError **error);
/* Refuses a domain whose <nvram> names a file that is there and holds no such variables: the new
 * machine would write to it. */
gboolean v2v_files_check_nvram (xmlDoc *domain, GError **error);

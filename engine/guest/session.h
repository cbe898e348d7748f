/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One libguestfs appliance over the disks of one guest.
 */
#pragma once

#include <guestfs.h>
#include <libxml/tree.h>

#include "base/error.h"
#include "facts/store.h"

/* Can this host run guests with KVM? Looks at /dev/kvm and at the processor (an x86 processor
 * without vmx and svm cannot, even if /dev/kvm opens: using it would hang). The environment can
 * force either: V2V_ENGINE_ACCEL=kvm|tcg, and LIBGUESTFS_BACKEND_SETTINGS=force_tcg. WHY_R (may
 * be NULL) gets a static text when it cannot. */
gboolean v2v_host_has_kvm (const char **why_r);
/* V2V_ENGINE_ACCEL is not set, empty, or a word that is known. */
gboolean v2v_accel_check (GError **error);

typedef struct {
  guint memory_mib;        /* 0: libguestfs's own choice */
  guint cpus;              /* 0: one under emulation, else up to 4 */
  gboolean network;        /* give the appliance a network */
  gboolean discard;        /* blocks that are discarded are not kept: v2v_guest_trim works */
  const char *const *keys; /* "ID:file:FILE" or "ID:fd:N", NULL-terminated, or NULL */
} V2vGuestOptions;

typedef struct V2vGuest V2vGuest;

V2vGuest *v2v_guest_new (const V2vGuestOptions *options, GError **error);
/* Ends the appliance if it still runs. */
void v2v_guest_free (V2vGuest *guest);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vGuest, v2v_guest_free)

/* FORMAT is never guessed: "raw", "qcow2". */
gboolean v2v_guest_add_disk (V2vGuest *guest, const char *path, const char *format,
                             gboolean read_only, GError **error);
/* What messages call the disk added last: the user's own, if what was added is made for it. */
void v2v_guest_show_disk (V2vGuest *guest, const char *path);
/* The name of the guest's disk NUMBER (from 0) in its domain ("xvda"): a file system table may
 * speak of it by that. */
void v2v_guest_name_disk (V2vGuest *guest, guint number, const char *target);
gboolean v2v_guest_launch (V2vGuest *guest, GError **error);

/* After the launch of an appliance that holds the disks of several guests: from now on, the
 * guest is the COUNT disks from number FIRST on, and the others are not seen. The guest before
 * has to be unmounted. */
void v2v_guest_choose_disks (V2vGuest *guest, guint first, guint count);

/* Finds the operating systems, chooses one (ROOT: NULL: the only one, two are an error naming
 * both; "first"; a device; or, of a subvolume, "subvol=PATH", also with "UUID=UUID," of its file
 * system before it), and returns what virt-inspector(1) would print for it:
 * <operatingsystems><operatingsystem>... with name, distro, product_name, major_version,
 * minor_version, package_format, package_management, hostname, osinfo, arch, root, mountpoints,
 * filesystems, drive_mappings, applications. To be freed with xmlFreeDoc. */
xmlDoc *v2v_guest_inspect (V2vGuest *guest, const char *root, GError **error);
/* Did v2v_guest_inspect fail since no disk of the guest holds a system? */
gboolean v2v_guest_is_without_system (const V2vGuest *guest);
/* Then: such a document without a root. <filesystems> has also what is a part of something larger
 * (zfs_member ...), and <paths> has a <path dev="DEVICE"> for each name at the top of a file
 * system and in the directories there, 100 of each. To be freed with xmlFreeDoc. */
xmlDoc *v2v_guest_survey (V2vGuest *guest);

/* Mounts the file systems of the chosen root, shortest mount point first. A guest with a
 * hibernation image is refused, and one whose file system cannot be mounted writable (when not
 * READ_ONLY). */
gboolean v2v_guest_mount (V2vGuest *guest, gboolean read_only, GError **error);

/* Has the file system on DEVICE, of TYPE (ext2, ext3, ext4, xfs, btrfs), examined whole by its own checker, which
 * changes nothing. All of the guest's file systems are unmounted for that and mounted again. *PROBLEMS_R is what the
 * checker says, printable, or NULL if all is well; to be freed with g_free. */
gboolean v2v_guest_fsck (V2vGuest *guest, const char *device, const char *type,
                         char **problems_r, GError **error);

/* What a search found: a line of a text file, or a file by its name. */
typedef struct {
  const char *path; /* relative to the directory */
  gint64 line;      /* its number, from 1; 0: a name is what was found */
  char type;        /* of a file found by a name, as find(1) has it: f, d, l ... */
  /* the line, at most 4000 bytes of it; of a link, where it leads; else empty */
  const char *text;
} V2vFound;
typedef void (*V2vFoundFunc) (const V2vFound *found, void *data);

/* Calls TAKE for each line below DIRECTORY that holds one of WORDS, and for each file below it whose name, or link where it leads,
 * holds one that has no slash. The directories WITHOUT (relative to it; may be NULL) are left out, and so are binary files, files of 2 MiB and more,
 * and what is below links. A directory that is not there, or is a link, has nothing in it. *COMPLETE_R is FALSE if there was too
 * much to list. */
gboolean v2v_guest_search (V2vGuest *guest, const char *directory, const char *const *words,
                           const char *const *without, V2vFoundFunc take, void *data,
                           gboolean *complete_r, GError **error);

/* Asks for each path of PATHS (interned) and adds a fact of DECL (V2V_ORIGIN_PATHS) for each
 * that exists: fields "path", "type" (file, directory, link, other) and "size", as far as DECL
 * has them. Marks them asked. One pass, few calls. */
gboolean v2v_guest_read_paths (V2vGuest *guest, const GPtrArray *paths, const V2vFactDecl *decl,
                               V2vStore *store, GError **error);

/* Discards the blocks that the mounted file systems do not use, so that a copy of the disks leaves
 * them out. Of an appliance with V2vGuestOptions.discard. What cannot do that stays as it is. */
void v2v_guest_trim (V2vGuest *guest);

/* Syncs, unmounts and shuts down; errors of the last writes are seen here. */
gboolean v2v_guest_close (V2vGuest *guest, GError **error);

/* For tests, after the launch of an appliance with one empty disk: the guest becomes one that
 * has nothing but the files of ARCHIVE (tar), mounted for writing. May be called again. */
gboolean v2v_guest_take_tree (V2vGuest *guest, const char *archive, GError **error);
/* Writes the files of the guest to ARCHIVE. */
gboolean v2v_guest_give_tree (V2vGuest *guest, const char *archive, GError **error);

/* What a script gives to the new domain: a file of the guest, or a text. */
typedef struct {
  char *path; /* in the guest, or NULL */
  char *text; /* or NULL */
} V2vHanded;

/* What the scripts of the Lua host at hand gave so far: name (char *, lower-case letters) -> V2vHanded. The guest's. */
GHashTable *v2v_guest_handed (V2vGuest *guest);

guestfs_h *v2v_guest_handle (V2vGuest *guest);

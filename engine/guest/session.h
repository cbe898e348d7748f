/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One libguestfs appliance over the disks of one guest.
 */
#pragma once

#include <guestfs.h>
#include <libxml/tree.h>

#include "base/error.h"
#include "facts/store.h"

/* Whether this host can run guests with KVM. Examines /dev/kvm and the processor: an x86
 * processor without vmx and svm cannot, and the guest would hang even if /dev/kvm can be
 * opened. The environment can force an answer: V2V_ENGINE_ACCEL=kvm|tcg, and
 * LIBGUESTFS_BACKEND_SETTINGS=force_tcg. If the answer is FALSE, *WHY_R is set to a static
 * text; WHY_R may be NULL. */
gboolean v2v_host_has_kvm (const char **why_r);
/* Checks that V2V_ENGINE_ACCEL is not set, is empty, or is a known word. */
gboolean v2v_accel_check (GError **error);

typedef struct {
  guint memory_mib; /* 0: libguestfs's default */
  guint cpus;       /* 0: one under emulation, else up to 4 */
  gboolean network; /* give the appliance a network */
  /* discarded blocks are released in the disk images, as v2v_guest_trim requires */
  gboolean discard;
  const char *const *keys; /* "ID:file:FILE" or "ID:fd:N", NULL-terminated, or NULL */
} V2vGuestOptions;

typedef struct V2vGuest V2vGuest;

V2vGuest *v2v_guest_new (const V2vGuestOptions *options, GError **error);
/* Frees GUEST, and shuts its appliance down if it is still running. */
void v2v_guest_free (V2vGuest *guest);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vGuest, v2v_guest_free)

/* Adds the disk image PATH. FORMAT ("raw", "qcow2") is required, since it is never detected
 * here. */
gboolean v2v_guest_add_disk (V2vGuest *guest, const char *path, const char *format,
                             gboolean read_only, GError **error);
/* Sets the name in messages of the disk that was added last: the user's disk, if the disk that
 * was added is an overlay of it. */
void v2v_guest_show_disk (V2vGuest *guest, const char *path);
/* Sets the name of the guest's disk NUMBER (from 0) in its domain ("xvda"), since the guest's
 * file system table may use that name. */
void v2v_guest_name_disk (V2vGuest *guest, guint number, const char *target);
gboolean v2v_guest_launch (V2vGuest *guest, GError **error);

/* Selects one of several guests whose disks are in the same appliance: from now on, the
 * current guest has the COUNT disks beginning with number FIRST, and the others are ignored.
 * Must be called after the launch, and after the previous guest was unmounted. */
void v2v_guest_choose_disks (V2vGuest *guest, guint first, guint count);

/* Finds the operating systems, chooses one (ROOT: NULL: the only one, two are an error naming
 * both; "first"; a device; or, of a subvolume, "subvol=PATH", also with "UUID=UUID," of its file
 * system before it), and returns what virt-inspector(1) would print for it:
 * <operatingsystems><operatingsystem>... with name, distro, product_name, major_version,
 * minor_version, package_format, package_management, hostname, osinfo, arch, root, mountpoints,
 * filesystems, drive_mappings, applications. To be freed with xmlFreeDoc. */
xmlDoc *v2v_guest_inspect (V2vGuest *guest, const char *root, GError **error);
/* Whether v2v_guest_inspect failed because no disk of the guest contains an operating system. */
gboolean v2v_guest_is_without_system (const V2vGuest *guest);
/* Describes the disks of a guest without an operating system, in a document like that of
 * v2v_guest_inspect, but without a root. Its <filesystems> also contains members of larger
 * storage (zfs_member ...), and its <paths> has a <path dev="DEVICE"> for each name in the top
 * directory of a file system and in the directories below that, at most 100 of each. To be
 * freed with xmlFreeDoc. */
xmlDoc *v2v_guest_survey (V2vGuest *guest);

/* Mounts the file systems of the chosen root, shortest mount point first. Refuses a guest with
 * a hibernation image and, unless READ_ONLY, one with a file system that cannot be mounted for
 * writing. */
gboolean v2v_guest_mount (V2vGuest *guest, gboolean read_only, GError **error);

/* Runs the checker of the file system on DEVICE, of TYPE (ext2, ext3, ext4, xfs, btrfs),
 * without changing anything. All of the guest's file systems are unmounted for that and
 * mounted again. *PROBLEMS_R is set to the checker's output, printable, or to NULL if it found
 * no problem; to be freed with g_free. */
gboolean v2v_guest_fsck (V2vGuest *guest, const char *device, const char *type,
                         char **problems_r, GError **error);

/* A result of a search: a line of a text file, or a file whose name matches. */
typedef struct {
  const char *path; /* relative to the directory that is searched */
  gint64 line;      /* the line's number, from 1; 0 if the name matches */
  char type;        /* type of a file whose name matches, as find(1) prints it: f, d, l ... */
  /* at most 4000 bytes of the line; for a link, its target; otherwise empty */
  const char *text;
} V2vFound;
typedef void (*V2vFoundFunc) (const V2vFound *found, void *data);

/* Searches all files below DIRECTORY. Calls TAKE for each line that contains one of WORDS, and
 * for each file whose name, or link whose target, contains one of WORDS that has no slash.
 * Leaves out the directories WITHOUT (relative to DIRECTORY; may be NULL), binary files, files
 * of 2 MiB and more, and everything below links. A DIRECTORY that does not exist or is a link
 * is empty. *COMPLETE_R is set to FALSE if there were too many results. */
gboolean v2v_guest_search (V2vGuest *guest, const char *directory, const char *const *words,
                           const char *const *without, V2vFoundFunc take, void *data,
                           gboolean *complete_r, GError **error);

/* Looks for each path of PATHS (interned) in the guest and adds a fact of DECL
 * (V2V_ORIGIN_PATHS) for each that exists, with the fields "path", "type" (file, directory,
 * link, other) and "size", as far as DECL has them. Marks all paths as asked. Makes few calls
 * to the appliance, since each is slow. */
gboolean v2v_guest_read_paths (V2vGuest *guest, const GPtrArray *paths, const V2vFactDecl *decl,
                               V2vStore *store, GError **error);

/* Discards the blocks that the mounted file systems do not use, so that a copy of the disks
 * leaves them out. Requires V2vGuestOptions.discard. File systems that do not support this
 * remain as they are. */
void v2v_guest_trim (V2vGuest *guest);

/* Syncs and unmounts the file systems, and shuts the appliance down. Reports errors of the
 * last writes. */
gboolean v2v_guest_close (V2vGuest *guest, GError **error);

/* For tests: replaces the guest by one that has only the files of ARCHIVE (tar), mounted for
 * writing. Must be called after the launch of an appliance with one empty disk; may be called
 * again. */
gboolean v2v_guest_take_tree (V2vGuest *guest, const char *archive, GError **error);
/* For tests: writes the files of the guest to ARCHIVE (tar). */
gboolean v2v_guest_give_tree (V2vGuest *guest, const char *archive, GError **error);

/* What a script puts into a slot of the new domain (metadata/slot.h): a file of the guest, or
 * a text. */
typedef struct {
  char *path; /* in the guest, or NULL */
  char *text; /* or NULL */
} V2vHanded;

/* What the scripts of the current Lua host gave so far: name (char *, lower-case letters) ->
 * V2vHanded. The table belongs to the guest. */
GHashTable *v2v_guest_handed (V2vGuest *guest);

guestfs_h *v2v_guest_handle (V2vGuest *guest);

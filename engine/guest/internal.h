/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the files of engine/guest share.
 */
#pragma once

#include <lua.h>

#include "guest/session.h"

typedef struct {
  char *path;   /* in the guest */
  char *device; /* in the appliance; may be a btrfs subvolume ("btrfsvol:...") */
} V2vMountPoint;

struct V2vGuest {
  lua_State *binding; /* owns the handle */
  guestfs_h *g;
  char **keys;        /* "ID:file:FILE", "ID:fd:N", or NULL */
  GPtrArray *disks;   /* char *: paths, for messages */
  GPtrArray *targets; /* char *: the domain's names of the disks, or NULL, in the same order */
  /* after the launch, for each disk: its name in the appliance's kernel, or NULL */
  GPtrArray *kernel_names;
  guint first_disk; /* number of the first disk of the current guest */
  guint n_disks;    /* number of the current guest's disks; 0: all */
  /* V2vMountPoint of the chosen root, shortest path first; NULL before inspection */
  GPtrArray *mounts;
  char *root;         /* the chosen root, or NULL */
  char **devices;     /* the disks in the appliance, in their order; NULL before the launch */
  char **filesystems; /* device, type, device, type ...; NULL before the launch */
  /* if the appliance has the disks of several guests: logical volume (char *) -> the device of a
   * physical volume of its group (char *); else NULL */
  GHashTable *volumes;
  char *socket_directory; /* libguestfs's directory of sockets, once it exists, or NULL */
  GHashTable *handed;     /* name (char *) -> V2vHanded */
  /* path (char *) -> GBytes: the content of files before scripts changed them, or NULL if the
   * file did not exist */
  GHashTable *originals;
  gsize originals_length;  /* of all of them, in bytes */
  gboolean discard;        /* of V2vGuestOptions */
  gboolean without_system; /* inspection found no operating system */
  gboolean launched;
  gboolean mounted;
  gboolean read_only; /* it was mounted read-only */
};

/* Sets ERROR from the last error of the handle: the formatted text, a colon and libguestfs's
 * message, printable. The status is CODE, or V2V_EXIT_TEMPFAIL if the time is up or the
 * appliance has died. */
void v2v_guest_set_error (V2vGuest *guest, V2vExit code, GError **error, const char *format,
                          ...) G_GNUC_PRINTF (4, 5);

/* Whether the appliance ended unexpectedly. Every further call fails then, and a new
 * conversion may succeed. */
gboolean v2v_guest_has_died (V2vGuest *guest);
/* Checks that the appliance has not died. If it has, replaces ERROR, which may already contain
 * an error that followed from this, by one with V2V_EXIT_TEMPFAIL. */
gboolean v2v_guest_check_alive (V2vGuest *guest, GError **error);

/* "a.img" or "a.img, b.img": for messages. To be freed with g_free. */
char *v2v_guest_disk_names (const V2vGuest *guest);

/* Whether DEVICE belongs to the current guest. DEVICE is a disk of the appliance, a partition,
 * a subvolume ("btrfsvol:...") or a logical volume. */
gboolean v2v_guest_owns (const V2vGuest *guest, const char *device);

/* Fills the field "volumes", which v2v_guest_owns needs if the appliance has the disks of
 * several guests. */
void v2v_guest_list_volumes (V2vGuest *guest);

/* Selects from ROOTS, file systems that look like the root of an operating system, those that
 * are systems of their own: neither snapshots, nor copies, nor roots of containers. To be
 * freed with g_strfreev. */
char **v2v_guest_own_roots (V2vGuest *guest, char **roots);
/* The value of --root that selects ROOT: a device, or "UUID=UUID,subvol=PATH" for a subvolume,
 * since libguestfs's name of a subvolume contains a device name that is only valid in this
 * appliance. To be freed with g_free. */
char *v2v_guest_root_name (V2vGuest *guest, const char *root);
/* Whether NAME, a value of --root, means this ROOT. NAME may be "subvol=PATH", "UUID=UUID",
 * both, or libguestfs's name. */
gboolean v2v_guest_root_is (V2vGuest *guest, const char *root, const char *name);

/* Fills the fields "devices" and "filesystems" again, with everything on the disks: file
 * systems, swap areas, encrypted areas and unknown content. */
gboolean v2v_guest_list_filesystems (V2vGuest *guest, GError **error);

/* Checks that each of KEYS (may be NULL) has the form that V2vGuestOptions requires. */
gboolean v2v_guest_check_keys (const char *const *keys, GError **error);
/* The encrypted devices (strings). To be freed with g_ptr_array_unref. */
GPtrArray *v2v_guest_encrypted_devices (V2vGuest *guest);
/* Opens the encrypted devices for which the user gave a key. */
gboolean v2v_guest_open_encrypted (V2vGuest *guest, GError **error);

V2vMountPoint *v2v_mount_point_new (const char *path, const char *device);
void v2v_mount_point_free (V2vMountPoint *mount);

#define V2V_FILE_SYSTEM_TABLE "/etc/fstab"

/* The fields of LINE, a line of the file system table in any encoding. Blanks and tabs
 * separate fields. To be freed with g_strfreev. */
char **v2v_guest_table_fields (const char *line);

/* Fills the field "mounts" for ROOT, a device of the appliance, while nothing is mounted.
 * Leaves out what the guest mounts but the appliance does not have. */
void v2v_guest_find_mounts (V2vGuest *guest, const char *root);

/* The value of NAME in TAGS, a result of guestfs_blkid (name, value, name, value ...; may be
 * NULL); NULL if TAGS does not contain it. */
const char *v2v_guest_tag_of (char **tags, const char *name);

/* The decision of v2v_host_has_kvm, from its input: the values of V2V_ENGINE_ACCEL and
 * LIBGUESTFS_BACKEND_SETTINGS (or NULL), whether /dev/kvm could be opened, and the text of
 * /proc/cpuinfo if the processor is an x86 (or NULL). */
gboolean v2v_accel_decide (const char *accel, const char *backend_settings, gboolean kvm_opens,
                           const char *x86_cpuinfo, const char **why_r);

/* Checks that PATH, after following the guest's links, can safely be read whole. Returns 0 if
 * it does not exist or is a regular file of at most SIZE_MAX bytes (0: any size). Otherwise
 * returns an errno value and sets *MESSAGE_R, to be freed with g_free, to a text with the path
 * and what it is. */
int v2v_guest_check_file (V2vGuest *guest, const char *path, gint64 size_max, char **message_r);
/* Returns FALSE with a message if DIRECTORY, or a directory in it, contains anything but files
 * and directories. */
gboolean v2v_guest_check_directory (V2vGuest *guest, const char *directory, char **message_r);

/* Part of v2v_guest_search: the command line for a shell that sees the guest's files below
 * TOP. To be freed with g_free. */
char *v2v_search_command (const char *top, const char *directory, const char *const *words,
                          const char *const *without);
/* Part of v2v_guest_search: parses OUTPUT of that command line, which is modified, and calls
 * TAKE for each result. FALSE if OUTPUT is truncated. */
gboolean v2v_search_parse (char *output, V2vFoundFunc take, void *data);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the files of this directory share about a guest.
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
  GPtrArray *kernel_names; /* after launch, for each disk: what the appliance's kernel calls it,
                              or NULL */
  guint first_disk;        /* where the disks of the guest at hand begin */
  guint n_disks;           /* how many of them are its own; 0: all */
  GPtrArray *mounts;   /* V2vMountPoint of the chosen root, shortest path first; NULL before the
                          inspection */
  char *root;          /* the chosen root, or NULL */
  char **devices;      /* the disks in the appliance, in their order; NULL before the launch */
  char **filesystems;  /* device, type, device, type ...; NULL before the launch */
  GHashTable *volumes; /* where the appliance holds several guests: logical volume (char *) ->
                          the device of a physical volume of its group (char *); else NULL */
  char *socket_directory;  /* where libguestfs has its sockets, once they are there, or NULL */
  GHashTable *handed;      /* name (char *) -> V2vHanded */
  GHashTable *originals;   /* path (char *) -> GBytes: what files held before scripts changed
                              them, or NULL where nothing was */
  gsize originals_length;  /* of all of them, in bytes */
  gboolean discard;        /* of V2vGuestOptions */
  gboolean without_system; /* the inspection found none */
  gboolean launched;
  gboolean mounted;
  gboolean read_only; /* it was mounted so */
};

/* Sets ERROR from the last error of the handle: "WHAT: message", printable. If the time is up or the
 * appliance has died, the status is V2V_EXIT_TEMPFAIL. */
void v2v_guest_set_error (V2vGuest *guest, V2vExit code, GError **error, const char *format,
                          ...) G_GNUC_PRINTF (4, 5);

/* Did the appliance end by itself? Then every call fails, and trying again may help. */
gboolean v2v_guest_has_died (V2vGuest *guest);
/* FALSE if it did; ERROR, which may be set to what followed from that, then says so (75). */
gboolean v2v_guest_check_alive (V2vGuest *guest, GError **error);

/* "a.img" or "a.img, b.img": for messages. To be freed with g_free. */
char *v2v_guest_disk_names (const V2vGuest *guest);

/* Does DEVICE belong to the guest at hand? It is a disk of the appliance, a partition, a subvolume
 * ("btrfsvol:...") or a logical volume. */
gboolean v2v_guest_owns (const V2vGuest *guest, const char *device);

/* Fills "volumes", which v2v_guest_owns needs where the appliance holds several guests. */
void v2v_guest_list_volumes (V2vGuest *guest);

/* Of ROOTS, file systems that look like the root of a system, those that are systems of their own:
 * without snapshots, copies and what containers run from. To be freed with g_strfreev. */
char **v2v_guest_own_roots (V2vGuest *guest, char **roots);
/* What --root can be given for ROOT: a device, or "UUID=UUID,subvol=PATH", since libguestfs's name
 * of a subvolume holds a name of this appliance. To be freed with g_free. */
char *v2v_guest_root_name (V2vGuest *guest, const char *root);
/* Is NAME, as --root takes it, this ROOT: "subvol=PATH", "UUID=UUID", both, or libguestfs's name?
 */
gboolean v2v_guest_root_is (V2vGuest *guest, const char *root, const char *name);

/* Fills "devices" and "filesystems" anew: file systems, swap areas, encrypted areas and what is
 * none of these. */
gboolean v2v_guest_list_filesystems (V2vGuest *guest, GError **error);

/* Is each of KEYS (may be NULL) of the form that V2vGuestOptions asks for? */
gboolean v2v_guest_check_keys (const char *const *keys, GError **error);
/* The devices that are encrypted (strings). To be freed with g_ptr_array_unref. */
GPtrArray *v2v_guest_encrypted_devices (V2vGuest *guest);
/* Opens what is encrypted and has a key. */
gboolean v2v_guest_open_encrypted (V2vGuest *guest, GError **error);

V2vMountPoint *v2v_mount_point_new (const char *path, const char *device);
void v2v_mount_point_free (V2vMountPoint *mount);

#define V2V_FILE_SYSTEM_TABLE "/etc/fstab"

/* The fields of LINE, a line of that table, which blanks and tabs separate; of any encoding. To be
 * freed with g_strfreev. */
char **v2v_guest_table_fields (const char *line);

/* Fills "mounts" for ROOT, a device of the appliance on which nothing is mounted. What the guest
 * mounts and the appliance does not have is left out. */
void v2v_guest_find_mounts (V2vGuest *guest, const char *root);

/* The value of NAME in TAGS, which guestfs_blkid gave (name, value, name, value ...; may be
 * NULL); NULL if it is not there. */
const char *v2v_guest_tag_of (char **tags, const char *name);

/* How v2v_host_has_kvm decides, from what it looked at: the values of V2V_ENGINE_ACCEL and
 * LIBGUESTFS_BACKEND_SETTINGS (or NULL), whether /dev/kvm could be opened, and the text of
 * /proc/cpuinfo if the processor is an x86 (or NULL). */
gboolean v2v_accel_decide (const char *accel, const char *backend_settings, gboolean kvm_opens,
                           const char *x86_cpuinfo, const char **why_r);

/* May the whole of PATH, links of the guest followed, be read? 0 if it is a regular file of at most
 * SIZE_MAX bytes (0: any number), or is not there; else an errno value, and *MESSAGE_R, to be freed
 * with g_free, names the path and what it is. */
int v2v_guest_check_file (V2vGuest *guest, const char *path, gint64 size_max, char **message_r);
/* FALSE, with a message, if DIRECTORY or a directory in it holds what is neither file nor directory. */
gboolean v2v_guest_check_directory (V2vGuest *guest, const char *directory, char **message_r);

/* Parts of v2v_guest_search. The line for a shell that has the guest's files below TOP; to be freed with g_free. */
char *v2v_search_command (const char *top, const char *directory, const char *const *words,
                          const char *const *without);
/* Calls TAKE for each thing in what that line printed, which is changed. FALSE if it was cut. */
gboolean v2v_search_parse (char *output, V2vFoundFunc take, void *data);

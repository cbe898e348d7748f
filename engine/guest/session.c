/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One libguestfs appliance: creates it, adds disks, launches it, mounts file systems, and
 * shuts it down.
 */
#include "config.h"

#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/un.h>
#include <unistd.h>

#include <lauxlib.h>

#include "base/log.h"
#include "base/tempfile.h"
#include "guest/binding.h"
#include "guest/internal.h"
#include "guest/sandbox.h"

char *
v2v_guest_disk_names (const V2vGuest *guest)
{
  GString *names = g_string_new (NULL);
  guint end = guest->n_disks ? guest->first_disk + guest->n_disks : guest->disks->len;

  for (guint i = guest->first_disk; i < end; i++)
    g_string_append_printf (names, "%s%s", i > guest->first_disk ? ", " : "",
                            (char *)guest->disks->pdata[i]);
  return g_string_free (names, FALSE);
}

V2vMountPoint *
v2v_mount_point_new (const char *path, const char *device)
{
  V2vMountPoint *mount = g_new (V2vMountPoint, 1);

  mount->path = g_strdup (path);
  mount->device = g_strdup (device);
  return mount;
}

void
v2v_mount_point_free (V2vMountPoint *mount)
{
  g_free (mount->path);
  g_free (mount->device);
  g_free (mount);
}

/* Passes messages of libguestfs and the appliance to the log of --verbose. A message may
 * arrive in pieces. */
static void
on_message (guestfs_h *g, void *opaque, uint64_t event, int handle, int flags, const char *text,
            size_t length, const uint64_t *array, size_t array_length)
{
  g_autofree char *line = v2v_printable (text, (gssize)length, FALSE);

  (void)g, (void)opaque, (void)handle, (void)flags, (void)array, (void)array_length;
  v2v_debug ("%s: %s", event == GUESTFS_EVENT_APPLIANCE ? "appliance" : "libguestfs", line);
}

static void
on_progress (guestfs_h *g, void *opaque, uint64_t event, int handle, int flags,
             const char *text, size_t length, const uint64_t *array, size_t array_length)
{
  V2vGuest *guest = opaque;

  (void)g, (void)event, (void)handle, (void)flags, (void)text, (void)length;
  /* Only the launch reports progress here. */
  if (!guest->launched && array_length >= 4 && array[3] > 0)
    v2v_step_progress ((double)array[2] / (double)array[3]);
}

/* ---- the directory with the sockets ---- */

/* libguestfs has its sockets in a directory of its own, for root always in /tmp, and there is no
 * call that names it. Sockets know their names, and processes are started once they are there:
 * whenever one is, the directory is looked for, and noted, so that it goes even if this process is
 * killed. */
#define SOCKET_DIRECTORY "libguestfs"
#define DESCRIPTORS_MAX 256

static V2vGuest *launching;

static void
note_socket_directory (void)
{
  for (int fd = 3; launching && fd < DESCRIPTORS_MAX; fd++) {
    struct sockaddr_un address = {0};
    socklen_t length = sizeof address - 1;
    g_autofree char *directory = NULL;
    g_autofree char *name = NULL;

    if (getsockname (fd, (struct sockaddr *)&address, &length) < 0 ||
        address.sun_family != AF_UNIX || address.sun_path[0] != '/')
      continue;
    directory = g_path_get_dirname (address.sun_path);
    name = g_path_get_basename (directory);
    if (g_str_has_prefix (name, SOCKET_DIRECTORY)) {
      v2v_temp_add (directory);
      launching->socket_directory = g_steal_pointer (&directory);
      launching = NULL;
    }
  }
}

static int
launch_noting_sockets (V2vGuest *guest)
{
  static gsize once;
  int status;

  if (g_once_init_enter (&once)) {
    pthread_atfork (NULL, note_socket_directory, NULL);
    g_once_init_leave (&once, 1);
  }
  launching = guest;
  status = guestfs_launch (guest->g);
  launching = NULL;
  return status;
}

static void
original_free (gpointer data)
{
  if (data)
    g_bytes_unref (data);
}

static void
handed_free (gpointer data)
{
  V2vHanded *handed = data;

  g_free (handed->path);
  g_free (handed->text);
  g_free (handed);
}

/* Where libguestfs keeps the appliance that it builds, as it does without TMPDIR: all users of
 * libguestfs then share it. */
#define CACHE_DIR "/var/tmp"

V2vGuest *
v2v_guest_new (const V2vGuestOptions *options, GError **error)
{
  guestfs_h *g;
  lua_State *binding = v2v_binding_new (&g, error);
  g_autoptr (V2vGuest) guest = NULL;
  const char *why = NULL;
  gboolean kvm;
  int ok = 0;

  if (binding == NULL)
    return NULL;
  if (!v2v_guest_check_keys (options->keys, error)) {
    lua_close (binding);
    return NULL;
  }
  guest = g_new0 (V2vGuest, 1);
  guest->binding = binding;
  guest->g = g;
  guest->discard = options->discard;
  guest->keys = g_strdupv ((char **)options->keys);
  guest->disks = g_ptr_array_new_with_free_func (g_free);
  guest->targets = g_ptr_array_new_with_free_func (g_free);
  guest->kernel_names = g_ptr_array_new_with_free_func (g_free);
  guest->handed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, handed_free);
  guest->originals = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, original_free);

  guestfs_set_error_handler (g, NULL, NULL);
  if (v2v_log_verbosity () >= V2V_VERBOSE)
    guestfs_set_event_callback (g, on_message,
                                GUESTFS_EVENT_APPLIANCE | GUESTFS_EVENT_LIBRARY |
                                    GUESTFS_EVENT_WARNING | GUESTFS_EVENT_TRACE,
                                0, guest);
  guestfs_set_event_callback (g, on_progress, GUESTFS_EVENT_PROGRESS, 0, guest);

  /* The direct backend needs no daemon and leaves nothing behind; the environment may name
   * another. */
  if (g_getenv ("LIBGUESTFS_BACKEND") == NULL)
    ok |= guestfs_set_backend (g, "direct");
  /* libguestfs would build the appliance, some hundred MiB, once for every value of TMPDIR, and
   * schedulers give each of their jobs another. */
  if (g_getenv ("LIBGUESTFS_CACHEDIR") == NULL && access (CACHE_DIR, W_OK | X_OK) == 0)
    ok |= guestfs_set_cachedir (g, CACHE_DIR);
  kvm = v2v_host_has_kvm (&why);
  if (!kvm) {
    ok |= guestfs_set_backend_setting (g, "force_tcg", "1");
    v2v_info ("the appliance runs by emulation, which is slow: %s", why);
  } else if (g_strcmp0 (g_getenv ("V2V_ENGINE_ACCEL"), "kvm") == 0) {
    /* Without this setting, libguestfs would decide itself whether to use KVM. */
    ok |= guestfs_clear_backend_setting (g, "force_tcg") < 0;
    ok |= guestfs_set_backend_setting (g, "force_kvm", "1");
  }
  if (options->memory_mib)
    ok |= guestfs_set_memsize (g, (int)options->memory_mib);
  /* Under emulation, a second processor is of no use. */
  ok |= guestfs_set_smp (g, options->cpus ? (int)options->cpus
                            : kvm         ? (int)MIN (4, g_get_num_processors ())
                                          : 1);
  ok |= guestfs_set_network (g, options->network);
  if (ok != 0) {
    v2v_guest_set_error (guest, V2V_EXIT_UNAVAILABLE, error, "the appliance cannot be set up");
    return NULL;
  }
  return g_steal_pointer (&guest);
}

void
v2v_guest_free (V2vGuest *guest)
{
  if (guest == NULL)
    return;
  lua_close (guest->binding);
  if (guest->socket_directory)
    v2v_temp_forget (guest->socket_directory);
  g_free (guest->socket_directory);
  g_clear_pointer (&guest->mounts, g_ptr_array_unref);
  g_ptr_array_unref (guest->disks);
  g_ptr_array_unref (guest->targets);
  g_ptr_array_unref (guest->kernel_names);
  g_hash_table_unref (guest->handed);
  g_hash_table_unref (guest->originals);
  g_strfreev (guest->keys);
  g_strfreev (guest->devices);
  g_clear_pointer (&guest->volumes, g_hash_table_unref);
  g_strfreev (guest->filesystems);
  g_free (guest->root);
  g_free (guest);
}

GHashTable *
v2v_guest_handed (V2vGuest *guest)
{
  return guest->handed;
}

guestfs_h *
v2v_guest_handle (V2vGuest *guest)
{
  return guest->g;
}

/* The label of disk NUMBER, by which the appliance's udev makes a link to it: letters are all
 * that libguestfs allows. */
static char *
disk_label (guint number)
{
  char label[8];
  gsize at = sizeof label - 1;

  label[at] = '\0';
  do {
    label[--at] = (char)('a' + number % 26);
    number /= 26;
  } while (number > 0 && at > 0);
  return g_strdup (label + at);
}

/* Asks the appliance what its kernel calls each disk. libguestfs has names of its own for them,
 * in the order in which they were added, but the kernel finds them in any order, and programs
 * of the guest see the kernel's names. */
static void
find_kernel_names (V2vGuest *guest)
{
  char *const arguments[] = {
      (char *)"cd /dev/disk/guestfs && for l in *; do echo \"$l $(readlink -f \"$l\")\"; done",
      NULL};
  g_autofree char *output = guestfs_debug (guest->g, "sh", arguments);
  g_auto (GStrv) lines = g_strsplit (output ? output : "", "\n", -1);

  for (guint i = 0; i < guest->targets->len; i++) {
    g_autofree char *label = disk_label (i);

    for (char **line = lines; *line; line++) {
      const char *space = strchr (*line, ' ');

      if (space && strlen (label) == (gsize)(space - *line) &&
          strncmp (*line, label, strlen (label)) == 0)
        g_ptr_array_add (guest->kernel_names, g_strdup (space + 1));
    }
    if (guest->kernel_names->len == i) {
      v2v_debug ("the appliance does not say what its kernel calls disk %u", i);
      g_ptr_array_add (guest->kernel_names, NULL);
    }
  }
}

gboolean
v2v_guest_add_disk (V2vGuest *guest, const char *path, const char *format, gboolean read_only,
                    GError **error)
{
  g_autofree char *label = disk_label (guest->disks->len);

  /* The storage syncs the disk at the end, and until then its content does not matter, so it
   * is not flushed before. */
  if (guestfs_add_drive_opts (
          guest->g, path, GUESTFS_ADD_DRIVE_OPTS_FORMAT, format,
          GUESTFS_ADD_DRIVE_OPTS_READONLY, (int)read_only, GUESTFS_ADD_DRIVE_OPTS_LABEL, label,
          GUESTFS_ADD_DRIVE_OPTS_DISCARD, guest->discard ? "besteffort" : "disable",
          GUESTFS_ADD_DRIVE_OPTS_CACHEMODE, "unsafe", -1) != 0) {
    v2v_guest_set_error (guest, V2V_EXIT_NOINPUT, error, "the disk %s cannot be added", path);
    return FALSE;
  }
  g_ptr_array_add (guest->disks, g_strdup (path));
  g_ptr_array_add (guest->targets, NULL);
  return TRUE;
}

void
v2v_guest_show_disk (V2vGuest *guest, const char *path)
{
  g_return_if_fail (guest->disks->len > 0);
  g_free (guest->disks->pdata[guest->disks->len - 1]);
  guest->disks->pdata[guest->disks->len - 1] = g_strdup (path);
}

void
v2v_guest_name_disk (V2vGuest *guest, guint number, const char *target)
{
  number += guest->first_disk;
  g_return_if_fail (number < guest->targets->len);
  g_free (guest->targets->pdata[number]);
  guest->targets->pdata[number] = g_strdup (target);
}

gboolean
v2v_guest_launch (V2vGuest *guest, GError **error)
{
  g_autoptr (GError) why = NULL;

  if (launch_noting_sockets (guest) != 0) {
    v2v_guest_set_error (guest, V2V_EXIT_UNAVAILABLE, &why, "the appliance does not start");
    g_set_error (error, V2V_ERROR, V2V_EXIT_UNAVAILABLE,
                 "%s\nlibguestfs-test-tool shows what this host lacks", why->message);
    return FALSE;
  }
  guest->launched = TRUE;
  find_kernel_names (guest);
  return v2v_guest_list_filesystems (guest, error) && v2v_guest_open_encrypted (guest, error);
}

void
v2v_guest_choose_disks (V2vGuest *guest, guint first, guint count)
{
  g_return_if_fail (guest->launched && count > 0 && first + count <= guest->disks->len);
  if (guest->volumes == NULL)
    v2v_guest_list_volumes (guest);
  guest->first_disk = first;
  guest->n_disks = count;
  guest->mounted = FALSE;
  g_clear_pointer (&guest->root, g_free);
  g_clear_pointer (&guest->mounts, g_ptr_array_unref);
  g_hash_table_remove_all (guest->originals);
  guest->originals_length = 0;
}

/* ---- mounting ---- */

/* Where a kernel writes the signature of a swap area: the last ten bytes of the first page. */
#define SIGNATURE_LENGTH 10

/* A swap area that holds a hibernated system: the guest would go on from memory that knows
 * nothing of what is changed here, and destroy its file systems. */
static gboolean
refuse_hibernated (V2vGuest *guest, GError **error)
{
  static const char *const signatures[] = {"S1SUSPEND", "S2SUSPEND", "ULSUSPEND", "LINHIB0001"};
  static const gint64 pages[] = {4096, 8192, 16384, 65536};
  char **filesystems = guest->filesystems;

  for (guint i = 0; filesystems[i]; i += 2) {
    if (!v2v_guest_owns (guest, filesystems[i]))
      continue;
    if (strcmp (filesystems[i + 1], "swap") != 0 &&
        strcmp (filesystems[i + 1], "swsuspend") != 0 &&
        strcmp (filesystems[i + 1], "unknown") != 0)
      continue;
    for (guint p = 0; p < G_N_ELEMENTS (pages); p++) {
      size_t size = 0;
      g_autofree char *found = guestfs_pread_device (guest->g, filesystems[i], SIGNATURE_LENGTH,
                                                     pages[p] - SIGNATURE_LENGTH, &size);

      for (guint s = 0; found && s < G_N_ELEMENTS (signatures); s++) {
        gsize length = strlen (signatures[s]);

        if (size >= length && memcmp (found, signatures[s], length) == 0) {
          g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                       "the guest is hibernated (%s holds its memory): start it, shut it down, "
                       "then convert it",
                       filesystems[i]);
          return FALSE;
        }
      }
      /* A swap area without a hibernated system has its signature at the end of a page of one
       * of these sizes. */
      if (found && size == SIGNATURE_LENGTH && memcmp (found, "SWAPSPACE2", size) == 0)
        break;
    }
  }
  return TRUE;
}

/* Whether a file system that is mounted at PATH is needed to make the guest boot. */
static gboolean
is_system_path (const char *path)
{
  static const char *const needed[] = {"/", "/boot", "/usr", "/var", "/etc", "/lib", NULL};

  return g_strv_contains (needed, path) || g_str_has_prefix (path, "/boot/") ||
         strcmp (path, "/var/lib") == 0;
}

/* Checks that a file system was mounted for writing: one that was not unmounted cleanly may be
 * mounted read-only without an error. */
static gboolean
check_writable (V2vGuest *guest, const V2vMountPoint *mount, GError **error)
{
  struct guestfs_statvfs *status = guestfs_statvfs (guest->g, mount->path);
  gboolean writable = status && (status->flag & ST_RDONLY) == 0;

  if (status)
    guestfs_free_statvfs (status);
  if (!writable)
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "the file system %s (%s) cannot be mounted for writing: shut the guest down "
                 "cleanly, or have it repaired, then try again",
                 mount->device, mount->path);
  return writable;
}

gboolean
v2v_guest_mount (V2vGuest *guest, gboolean read_only, GError **error)
{
  g_return_val_if_fail (guest->mounts != NULL, FALSE);
  if (!refuse_hibernated (guest, error))
    return FALSE;
  for (guint i = 0; i < guest->mounts->len; i++) {
    const V2vMountPoint *mount = guest->mounts->pdata[i];
    int status =
        (read_only ? guestfs_mount_ro : guestfs_mount) (guest->g, mount->device, mount->path);

    if (status != 0 && !is_system_path (mount->path)) {
      g_autofree char *why = v2v_printable (guestfs_last_error (guest->g), -1, FALSE);

      v2v_warn ("%s cannot be mounted at %s and is left alone: %s", mount->device, mount->path,
                why);
      continue;
    }
    if (status != 0) {
      v2v_guest_set_error (guest, V2V_EXIT_DATA, error, "%s cannot be mounted at %s",
                           mount->device, mount->path);
      return FALSE;
    }
    if (!read_only && is_system_path (mount->path) && !check_writable (guest, mount, error))
      return FALSE;
  }
  guest->mounted = TRUE;
  guest->read_only = read_only;
  return TRUE;
}

gboolean
v2v_guest_close (V2vGuest *guest, GError **error)
{
  if (!guest->launched)
    return TRUE;
  /* Shutting down an appliance that has died is not an error in libguestfs, so it is checked
   * before. */
  if (!v2v_guest_check_alive (guest, error))
    return FALSE;
  if ((guest->mounted && guestfs_umount_all (guest->g) != 0) ||
      guestfs_shutdown (guest->g) != 0) {
    v2v_guest_set_error (guest, V2V_EXIT_IOERR, error,
                         "the last changes may not have reached the disks");
    return FALSE;
  }
  guest->mounted = guest->launched = FALSE;
  return TRUE;
}

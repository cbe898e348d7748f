/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Runs the checkers of file systems, in the appliance.
 */
#include "config.h"

#include <string.h>

#include "base/log.h"
#include "guest/internal.h"

/* The largest number of bytes of a checker's output in a message. */
#define PROBLEMS_MAX 1000

/* The checkers, with the options that make them change nothing. Their status is 0 if there are
 * no problems. */
static const struct {
  const char *type, *command;
} checkers[] = {
    {"ext2", "e2fsck -f -n"},
    {"ext3", "e2fsck -f -n"},
    {"ext4", "e2fsck -f -n"},
    {"xfs", "xfs_repair -n"},
    {"btrfs", "btrfs check --readonly"},
};

static const char *
checker_of (const char *type)
{
  for (guint i = 0; i < G_N_ELEMENTS (checkers); i++)
    if (strcmp (type, checkers[i].type) == 0)
      return checkers[i].command;
  return NULL;
}

/* Whether DEVICE is safe as a word of a shell's command line. */
static gboolean
is_plain_device (const char *device)
{
  return g_str_has_prefix (device, "/dev/") &&
         strspn (device, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "/_.+-") == strlen (device);
}

/* The name of DEVICE for programs of the appliance, or NULL if it is not known: libguestfs
 * names disks in the order in which they were added, the appliance's kernel in the order in
 * which it finds them. */
static char *
name_in_appliance (V2vGuest *guest, const char *device)
{
  for (guint i = 0; guest->devices[i]; i++) {
    gsize length = strlen (guest->devices[i]);
    const char *disk = i < guest->kernel_names->len ? guest->kernel_names->pdata[i] : NULL;

    if (strncmp (device, guest->devices[i], length) != 0 ||
        strspn (device + length, G_CSET_DIGITS) != strlen (device + length))
      continue;
    return disk ? g_strconcat (disk, device + length, NULL) : NULL;
  }
  return g_strdup (device);
}

/* The problems in a checker's OUTPUT, whose last line is the exit status; NULL if there are
 * none. */
static char *
problems_of (const char *command, char *output, GError **error)
{
  char *status = strrchr (g_strchomp (output), '\n');
  const char *name = status ? status + 1 : output;
  g_autoptr (GString) said = g_string_new (NULL);
  g_auto (GStrv) lines = NULL;
  g_autofree char *printed = NULL;

  if (strcmp (name, "0") == 0)
    return NULL;
  if (strcmp (name, "127") == 0) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_UNAVAILABLE,
                 "the appliance has no \"%.*s\": install the package that has it, or do "
                 "without the check",
                 (int)strcspn (command, " "), command);
    return NULL;
  }
  if (status)
    *status = '\0';
  lines = g_strsplit (status ? output : "", "\n", -1);
  for (guint i = 0; lines[i] && said->len < PROBLEMS_MAX; i++)
    if (*g_strstrip (lines[i]))
      g_string_append_printf (said, "%s%.*s", said->len ? "; " : "",
                              (int)(PROBLEMS_MAX - said->len), lines[i]);
  printed = v2v_printable (said->str, -1, FALSE);
  return g_strdup_printf ("%s (status %s)", printed, name);
}

gboolean
v2v_guest_fsck (V2vGuest *guest, const char *device, const char *type, char **problems_r,
                GError **error)
{
  const char *command = checker_of (type);
  gboolean was_mounted = guest->mounted;
  g_autofree char *name = NULL, *line = NULL, *output = NULL;
  GError *local = NULL;

  *problems_r = NULL;
  if (!command || !is_plain_device (device)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s, a file system of type %s: only ext2, ext3, ext4, XFS and Btrfs can be "
                 "checked",
                 device, type);
    return FALSE;
  }
  if (!(name = name_in_appliance (guest, device))) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_UNAVAILABLE,
                 "%s cannot be checked: the appliance does not say what its kernel calls it",
                 device);
    return FALSE;
  }
  if (was_mounted && guestfs_umount_all (guest->g) != 0) {
    v2v_guest_set_error (guest, V2V_EXIT_IOERR, error, "%s cannot be checked", device);
    return FALSE;
  }
  guest->mounted = FALSE;
  line =
      g_strdup_printf ("%s %s 2>&1 </dev/null; status=$?; echo; echo $status", command, name);
  {
    char *argv[] = {line, NULL};

    output = guestfs_debug (guest->g, "sh", argv);
  }
  if (!output)
    v2v_guest_set_error (guest, V2V_EXIT_IOERR, &local, "%s cannot be checked", device);
  else
    *problems_r = problems_of (command, output, &local);
  if (was_mounted && !v2v_guest_mount (guest, guest->read_only, local ? NULL : &local))
    g_clear_pointer (problems_r, g_free);
  if (!local)
    return TRUE;
  g_propagate_error (error, local);
  return FALSE;
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Augeas in the appliance.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "guest/augeas.h"

/* Augeas loads neither files nor lenses until scripts ask for them, since loading all takes
 * seconds. It keeps no copies (.augsave) of changed files. */
#define AUG_NO_LOAD (1 << 5)
#define AUG_NO_MODL_AUTOLOAD (1 << 6)

/* The largest file, in bytes; parsing takes many times as much memory. */
#define FILE_MAX (2 * 1024 * 1024)

/* The largest number of errors in a message. */
#define ERRORS_MAX 5

void
v2v_augeas_begin (V2vAugeas *augeas)
{
  augeas->used = augeas->dirty = FALSE;
  augeas->stale = TRUE;
}

/* PATH, escaped for use in a path expression. */
static char *
escape_path (const char *path)
{
  GString *escaped = g_string_new (NULL);

  for (; *path; path++) {
    if (strchr ("[]()|=&!,*+\\'\"<> \t", *path))
      g_string_append_c (escaped, '\\');
    g_string_append_c (escaped, *path);
  }
  return g_string_free (escaped, FALSE);
}

static gboolean
is_glob (const char *path)
{
  return strpbrk (path, "*?[") != NULL;
}

/* PATH without symbolic links. Augeas runs outside of the guest's root, where an absolute link
 * would lead to a file of the appliance. The file itself need not exist. */
static char *
resolve_path (V2vGuest *guest, const char *path)
{
  char *real;
  g_autofree char *directory = NULL;
  g_autofree char *base = NULL;
  g_autofree char *real_directory = NULL;

  if (!is_glob (path) && (real = guestfs_realpath (guest->g, path)) != NULL)
    return real;
  directory = g_path_get_dirname (path);
  if (is_glob (directory))
    return g_strdup (path);
  real_directory = guestfs_realpath (guest->g, directory);
  if (real_directory == NULL)
    return g_strdup (path);
  base = g_path_get_basename (path);
  return g_build_filename (real_directory, base, NULL);
}

/* The value of the node at a path, or NULL if there is none. */
static char *
get (V2vGuest *guest, const char *path, const char *child)
{
  g_autofree char *full = g_strconcat (path, child, NULL);

  return guestfs_aug_get (guest->g, full);
}

/* Appends the description of one error node: "/etc/fstab:3: MESSAGE (lens LENS)". */
static void
describe_error (V2vGuest *guest, const char *node, GString *text)
{
  g_autofree char *kind = get (guest, node, "");
  g_autofree char *message = get (guest, node, "/message");
  g_autofree char *line = get (guest, node, "/line");
  g_autofree char *lens = get (guest, node, "/lens");
  const char *path = node;
  gsize length;

  if (g_str_has_prefix (path, "/augeas/files"))
    path += strlen ("/augeas/files");
  else if (g_str_has_prefix (path, "/augeas/load"))
    path += strlen ("/augeas/load/");
  length = strlen (path) - (g_str_has_suffix (path, "/error") ? strlen ("/error") : 0);
  if (text->len)
    g_string_append (text, "; ");
  g_string_append_len (text, path, (gssize)length);
  if (line)
    g_string_append_printf (text, ":%s", line);
  g_string_append_printf (text, ": %s", message ? message : kind ? kind : "unknown error");
  if (lens)
    g_string_append_printf (text, " (lens %s)", lens);
}

/* Checks that Augeas reports no errors for the loaded files. */
static gboolean
check_errors (V2vGuest *guest, const char *what, GError **error)
{
  g_auto (GStrv) nodes = guestfs_aug_match (guest->g, "/augeas//error");
  GString *text;

  if (nodes == NULL) {
    v2v_guest_set_error (guest, V2V_EXIT_DATA, error, "%s", what);
    return FALSE;
  }
  if (nodes[0] == NULL)
    return TRUE;
  text = g_string_new (NULL);
  for (guint i = 0; i < ERRORS_MAX && nodes[i]; i++)
    describe_error (guest, nodes[i], text);
  g_set_error (error, V2V_ERROR, V2V_EXIT_DATA, "%s: %s", what, text->str);
  g_string_free (text, TRUE);
  return FALSE;
}

/* Reads all files again. Augeas would skip a file whose modification time is the same in
 * seconds, so its record of the time is removed first. */
static gboolean
read_files (V2vAugeas *augeas, V2vGuest *guest, GError **error)
{
  if (guestfs_aug_rm (guest->g, "/augeas/files//mtime") == -1 ||
      guestfs_aug_load (guest->g) == -1) {
    v2v_guest_set_error (guest, V2V_EXIT_DATA, error, "the files cannot be loaded");
    return FALSE;
  }
  augeas->stale = FALSE;
  return check_errors (guest, "a file cannot be read", error);
}

/* Removes PATHS from what Augeas loads, so that a script that expected the failure can
 * continue. */
static void
forget (V2vGuest *guest, const char *const *paths)
{
  for (guint i = 0; paths[i]; i++) {
    g_autofree char *real = resolve_path (guest, paths[i]);
    g_autofree char *node =
        g_strdup_printf ("/augeas/load/*[incl = \"%s\"]/incl[. = \"%s\"]", real, real);

    guestfs_aug_rm (guest->g, node);
  }
  guestfs_aug_rm (guest->g, "/augeas/load/*[count(incl) = 0]");
  guestfs_aug_load (guest->g);
}

gboolean
v2v_augeas_load (V2vAugeas *augeas, V2vGuest *guest, const char *lens, const char *const *paths,
                 char **first_r, GError **error)
{
  if (!augeas->open &&
      guestfs_aug_init (guest->g, "/", AUG_NO_LOAD | AUG_NO_MODL_AUTOLOAD) != 0) {
    v2v_guest_set_error (guest, V2V_EXIT_UNAVAILABLE, error, "Augeas cannot be started");
    return FALSE;
  }
  augeas->open = TRUE;
  if (!augeas->used && guestfs_aug_rm (guest->g, "/augeas/load/*") == -1) {
    v2v_guest_set_error (guest, V2V_EXIT_DATA, error, "Augeas cannot be emptied");
    return FALSE;
  }
  augeas->used = TRUE;
  for (guint i = 0; paths[i]; i++) {
    g_autofree char *real = resolve_path (guest, paths[i]);
    g_autofree char *message = NULL;

    /* Augeas itself leaves out anything but regular files from those that match a pattern. */
    if (!is_glob (paths[i]) && v2v_guest_check_file (guest, real, FILE_MAX, &message)) {
      g_set_error_literal (error, V2V_ERROR, V2V_EXIT_DATA, message);
      return FALSE;
    }
    if (guestfs_aug_transform (guest->g, lens, real, -1) != 0) {
      v2v_guest_set_error (guest, V2V_EXIT_DATA, error, "%s cannot be loaded with %s", paths[i],
                           lens);
      return FALSE;
    }
    if (i == 0) {
      g_autofree char *escaped = is_glob (real) ? g_strdup (real) : escape_path (real);

      *first_r = g_strconcat ("/files", escaped, NULL);
    }
  }
  if (read_files (augeas, guest, error))
    return TRUE;
  forget (guest, paths);
  return FALSE;
}

gboolean
v2v_augeas_refresh (V2vAugeas *augeas, V2vGuest *guest, GError **error)
{
  /* Reading files again would lose unsaved changes. */
  if (!augeas->stale || augeas->dirty)
    return TRUE;
  return read_files (augeas, guest, error);
}

gboolean
v2v_augeas_save (V2vAugeas *augeas, V2vGuest *guest, GPtrArray *saved, GError **error)
{
  g_auto (GStrv) nodes = NULL;

  if (!augeas->dirty)
    return TRUE;
  augeas->dirty = FALSE;
  if (guestfs_aug_save (guest->g) != 0) {
    if (check_errors (guest, "a file cannot be written", error))
      v2v_guest_set_error (guest, V2V_EXIT_DATA, error, "the files cannot be written");
    return FALSE;
  }
  nodes = guestfs_aug_match (guest->g, "/augeas/events/saved");
  for (guint i = 0; nodes && nodes[i]; i++) {
    char *path = guestfs_aug_get (guest->g, nodes[i]);

    if (path && g_str_has_prefix (path, "/files/"))
      memmove (path, path + strlen ("/files"), strlen (path) - strlen ("/files") + 1);
    if (path)
      g_ptr_array_add (saved, path);
  }
  return TRUE;
}

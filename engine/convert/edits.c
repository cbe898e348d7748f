/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Shows which files a conversion edits in a guest.
 *
 * The appliance sends the files as a tar archive, which libarchive reads: reading them one by
 * one would take a tenth of a second each under emulation.
 */
#include "config.h"

#include <fnmatch.h>
#include <string.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>

#include "base/log.h"
#include "base/textdiff.h"
#include "convert/edits.h"

#define FILE_MAX (1024 * 1024)
#define TOTAL_MAX (64 * 1024 * 1024)
#define NAMES_MAX 200000
#define BLOCK 65536

/* The directories that are compared, and the files in them that are left out since nobody
 * edits them. */
static const struct {
  const char *path;
  const char *const excludes[8];
} directories[] = {
    {"/etc", {NULL}},
    {"/boot", {"vmlinu*", "init*", "System.map*", "*.img", "*.mod", "*.efi", "*.EFI", NULL}},
};

typedef struct {
  char *text;   /* NULL if the file is not text, or is too long to show */
  char *sha256; /* of what has no text */
} File;

struct V2vEdits {
  GHashTable *files; /* path (char *) -> File */
  gsize total;
};

static void
file_free (gpointer data)
{
  File *file = data;

  g_free (file->text);
  g_free (file->sha256);
  g_free (file);
}

void
v2v_edits_free (V2vEdits *edits)
{
  if (!edits)
    return;
  g_hash_table_unref (edits->files);
  g_free (edits);
}

gboolean
v2v_edits_covers (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);

  for (guint i = 0; i < G_N_ELEMENTS (directories); i++) {
    const char *directory = directories[i].path;

    if (!g_str_has_prefix (path, directory) || path[strlen (directory)] != '/')
      continue;
    for (int j = 0; directories[i].excludes[j]; j++)
      if (fnmatch (directories[i].excludes[j], name, 0) == 0)
        return FALSE;
    return TRUE;
  }
  return FALSE;
}

/* ---- reading ---- */

static gboolean
is_text (const char *data, gsize length)
{
  return !memchr (data, 0, length) && g_utf8_validate (data, (gssize)length, NULL);
}

/* Reads the content of the current entry. */
static File *
read_file (struct archive *archive, V2vEdits *edits)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GString) content = g_string_new (NULL);
  g_autofree guint8 *block = g_malloc (BLOCK);
  File *file = g_new0 (File, 1);
  gboolean whole = TRUE;
  la_ssize_t got;

  while ((got = archive_read_data (archive, block, BLOCK)) > 0) {
    g_checksum_update (sum, block, got);
    whole = whole && content->len + (gsize)got <= FILE_MAX;
    if (whole)
      g_string_append_len (content, (const char *)block, got);
  }
  if (got == 0 && whole && is_text (content->str, content->len)) {
    edits->total += content->len;
    file->text = g_string_free (g_steal_pointer (&content), FALSE);
  } else {
    file->sha256 = g_strdup (g_checksum_get_string (sum));
  }
  return file;
}

static gboolean
read_entry (struct archive *archive, struct archive_entry *entry, const char *directory,
            V2vEdits *edits)
{
  const char *name = archive_entry_pathname (entry);
  File *file = NULL;

  if (!name)
    return TRUE;
  if (g_str_has_prefix (name, "./"))
    name += 2;
  if (archive_entry_hardlink (entry)) {
    file = g_new0 (File, 1);
    file->text = g_strdup_printf ("the same file as %s\n", archive_entry_hardlink (entry));
  } else if (archive_entry_filetype (entry) == AE_IFREG) {
    file = read_file (archive, edits);
  } else if (archive_entry_filetype (entry) == AE_IFLNK) {
    file = g_new0 (File, 1);
    file->text = g_strdup_printf ("link to %s\n", archive_entry_symlink (entry));
  }
  if (file)
    g_hash_table_replace (edits->files, g_strconcat (directory, "/", name, NULL), file);
  return edits->total <= TOTAL_MAX && g_hash_table_size (edits->files) <= NAMES_MAX;
}

static gboolean
read_archive (const char *path, const char *directory, V2vEdits *edits, GError **error)
{
  struct archive *archive = archive_read_new ();
  struct archive_entry *entry;
  gboolean ok = TRUE;
  int status;

  archive_read_support_format_tar (archive);
  status = archive_read_open_filename (archive, path, BLOCK);
  while (status == ARCHIVE_OK && ok &&
         (status = archive_read_next_header (archive, &entry)) == ARCHIVE_OK)
    ok = read_entry (archive, entry, directory, edits);
  if (!ok)
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "the guest has more than %d MiB of text or %d files in %s: too much to show "
                 "what would be edited; look at the plan without --diff",
                 TOTAL_MAX / 1024 / 1024, NAMES_MAX, directory);
  else if (status != ARCHIVE_EOF)
    g_set_error (error, V2V_ERROR, V2V_EXIT_IOERR, "cannot read %s of the guest: %s", directory,
                 archive_error_string (archive));
  archive_read_free (archive);
  return ok && status == ARCHIVE_EOF;
}

V2vEdits *
v2v_edits_read (V2vGuest *guest, const char *directory, GError **error)
{
  guestfs_h *g = v2v_guest_handle (guest);
  g_autofree char *path = g_build_filename (directory, "files.tar", NULL);
  g_autoptr (V2vEdits) edits = g_new0 (V2vEdits, 1);
  gboolean ok = TRUE;

  edits->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, file_free);
  for (guint i = 0; ok && i < G_N_ELEMENTS (directories); i++) {
    const char *below = directories[i].path;

    if (guestfs_is_dir (g, below) != 1)
      continue;
    ok = guestfs_tar_out_opts (g, below, path, GUESTFS_TAR_OUT_OPTS_EXCLUDES,
                               directories[i].excludes, -1) == 0;
    if (!ok)
      g_set_error (error, V2V_ERROR, V2V_EXIT_IOERR, "cannot read %s of the guest: %s", below,
                   guestfs_last_error (g));
    ok = ok && read_archive (path, below, edits, error);
    unlink (path);
  }
  return ok ? g_steal_pointer (&edits) : NULL;
}

/* ---- comparing ---- */

static void
add_names (GHashTable *set, GHashTable *files)
{
  GHashTableIter iter;
  gpointer path;

  g_hash_table_iter_init (&iter, files);
  while (g_hash_table_iter_next (&iter, &path, NULL))
    g_hash_table_add (set, path);
}

static void
append_file (GString *out, const char *path, const File *old, const File *new)
{
  g_autofree char *before = old ? g_strconcat ("a", path, NULL) : g_strdup ("/dev/null");
  g_autofree char *after = new ? g_strconcat ("b", path, NULL) : g_strdup ("/dev/null");
  g_autofree char *diff = NULL;

  if ((!old || old->text) && (!new || new->text)) {
    diff = v2v_text_diff (old ? old->text : "", new ? new->text : "", before, after);
    /* A new or removed file that is empty has no lines in a diff, so it is named. */
    if (!*diff && (!old || !new))
      g_string_append_printf (out, "--- %s\n+++ %s\n", before, after);
    g_string_append (out, diff);
  } else if (!old || !new || g_strcmp0 (old->sha256, new->sha256) != 0) {
    g_string_append_printf (out, "Files %s and %s differ, and are no text\n", before, after);
  }
}

char *
v2v_edits_diff (const V2vEdits *before, const V2vEdits *after)
{
  g_autoptr (GHashTable) set = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GString) out = g_string_new (NULL);
  GList *names;

  add_names (set, before->files);
  add_names (set, after->files);
  names = g_list_sort (g_hash_table_get_keys (set), (GCompareFunc)strcmp);
  for (GList *name = names; name; name = name->next)
    append_file (out, name->data, g_hash_table_lookup (before->files, name->data),
                 g_hash_table_lookup (after->files, name->data));
  g_list_free (names);
  return v2v_printable (out->str, -1, TRUE);
}

/* ---- files that programs wrote ---- */

/* A file in the appliance, not in the guest. */
#define STAMP "/tmp/v2v-engine.stamp"
#define WRITTEN_MAX "10000"

static char *
in_appliance (V2vGuest *guest, const char *command)
{
  char *const arguments[] = {(char *)command, NULL};
  char *output = guestfs_debug (v2v_guest_handle (guest), "sh", arguments);

  if (!output)
    v2v_debug ("the appliance does not run %s: %s", command,
               guestfs_last_error (v2v_guest_handle (guest)));
  return output;
}

void
v2v_edits_begin (V2vGuest *guest)
{
  g_free (in_appliance (guest, "touch " STAMP));
}

char **
v2v_edits_written (V2vGuest *guest)
{
  /* Unlike modification times, programs cannot set the times of status changes. */
  g_autofree char *output = in_appliance (
      guest,
      "find /sysroot \\( -path /sysroot/proc -o -path /sysroot/sys -o -path /sysroot/dev "
      "\\) -prune -o \\( -type f -o -type l \\) -cnewer " STAMP
      " -printf '/%P\\n' | LC_ALL=C sort | head -n " WRITTEN_MAX);
  g_auto (GStrv) lines = g_strsplit (output ? output : "", "\n", -1);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  /* The output also contains the errors of find, which are skipped. */
  for (char **line = lines; *line; line++)
    if (**line == '/')
      g_strv_builder_add (names, *line);
  return g_strv_builder_end (names);
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Compares the checksums of a manifest, lines such as SHA256(FILE)= SUM, with the files. A
 * wrong checksum is an error. Other lines and missing files only cause warnings: manifests
 * contain comments, and exporters name files that they leave out. If the guest needs a missing
 * file, a later step reports that.
 */
#include "config.h"

#include <string.h>

#include "base/log.h"
#include "metadata/manifest.h"

#define MANIFEST_MAX (1024 * 1024)
/* The largest number of lines with a warning of their own. */
#define TOLD_MAX 10

/* Splits a line such as "SHA256(disk.vmdk)= 0123...". */
static gboolean
split_line (char *line, GChecksumType *type_r, char **name_r, char **sum_r)
{
  static const struct {
    const char *word;
    GChecksumType type;
  } words[] = {
      {"SHA1", G_CHECKSUM_SHA1},     {"SHA-1", G_CHECKSUM_SHA1},
      {"SHA256", G_CHECKSUM_SHA256}, {"SHA-256", G_CHECKSUM_SHA256},
      {"SHA384", G_CHECKSUM_SHA384}, {"SHA-384", G_CHECKSUM_SHA384},
      {"SHA512", G_CHECKSUM_SHA512}, {"SHA-512", G_CHECKSUM_SHA512},
  };
  char *open = strchr (line, '(');
  char *close = open ? strrchr (open, ')') : NULL;
  char *equals = close ? close + 1 + strspn (close + 1, " \t") : NULL;

  if (!equals || *equals != '=')
    return FALSE;
  *open = *close = '\0';
  g_strstrip (line);
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_ascii_strcasecmp (line, words[i].word) == 0) {
      *type_r = words[i].type;
      *name_r = open + 1;
      *sum_r = g_strstrip (equals + 1);
      return TRUE;
    }
  return FALSE;
}

typedef struct {
  V2vArchive *archive;
  const V2vArchiveFile *file; /* the manifest */
  GHashTable *sums;           /* checksums computed so far, since a file may be named twice */
  guint told; /* lines that deserve a warning, with or without one of their own */
} Manifest;

static const char *
sum_of (Manifest *manifest, const V2vArchiveFile *file, GChecksumType type, GError **error)
{
  g_autofree char *key = g_strdup_printf ("%d %s", (int)type, file->name);
  char *sum = g_hash_table_lookup (manifest->sums, key);

  if (sum)
    return sum;
  v2v_step_detail (file->name);
  sum = v2v_archive_checksum (manifest->archive, file, type, error);
  v2v_step_detail (NULL);
  if (sum)
    g_hash_table_insert (manifest->sums, g_steal_pointer (&key), sum);
  return sum;
}

static gboolean
check_line (Manifest *manifest, const char *place, char *line, GError **error)
{
  g_autofree char *shown = v2v_printable (line, MIN ((gssize)strlen (line), 120), FALSE);
  g_autoptr (GError) local = NULL;
  const V2vArchiveFile *file;
  const char *found;
  GChecksumType type;
  char *name, *sum;

  if (!split_line (line, &type, &name, &sum)) {
    if (manifest->told++ < TOLD_MAX)
      v2v_warn ("%s: the line \"%s\" is not understood, so it checks nothing; expected a "
                "line such as SHA256(FILE)= SUM (with SHA1, SHA256, SHA384 or SHA512)",
                place, shown);
    return TRUE;
  }
  file = v2v_archive_find_beside (manifest->archive, manifest->file, name, &local);
  if (local) {
    g_autofree char *printable = v2v_printable (name, MIN ((gssize)strlen (name), 200), FALSE);

    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA, "%s: the manifest names the file %s: %s",
                 place, printable, local->message);
    return FALSE;
  }
  if (!file) {
    g_autofree char *printable = v2v_printable (name, MIN ((gssize)strlen (name), 200), FALSE);

    if (manifest->told++ < TOLD_MAX)
      v2v_warn ("%s: the manifest names the file %s, which does not exist", place, printable);
    return TRUE;
  }
  found = sum_of (manifest, file, type, error);
  if (!found)
    return FALSE;
  if (g_ascii_strcasecmp (found, sum) == 0)
    return TRUE;
  {
    g_autofree char *file_place = v2v_archive_place (manifest->archive, file);
    g_autofree char *printable = v2v_printable (sum, MIN ((gssize)strlen (sum), 200), FALSE);

    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s is not what its exporter wrote: its checksum is %s, but the manifest %s "
                 "says %s; copy or export it again",
                 file_place, found, place, printable);
  }
  return FALSE;
}

gboolean
v2v_manifest_check (V2vArchive *archive, const V2vArchiveFile *file, GError **error)
{
  Manifest manifest = {.archive = archive, .file = file};
  g_autofree char *place = v2v_archive_place (archive, file);
  gsize length;
  g_autofree char *text = v2v_archive_read (archive, file, MANIFEST_MAX, &length, error);
  g_auto (GStrv) lines = NULL;
  gboolean ok = TRUE;

  if (!text)
    return FALSE;
  if (strlen (text) != length) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s: the manifest is not a text file: get "
                 "it again",
                 place);
    return FALSE;
  }
  manifest.sums = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; ok && lines[i]; i++) {
    g_autofree char *at = g_strdup_printf ("%s:%u", place, i + 1);

    g_strstrip (lines[i]);
    ok = !*lines[i] || check_line (&manifest, at, lines[i], error);
  }
  if (ok && manifest.told > TOLD_MAX)
    v2v_warn ("%s: %u more of its lines check nothing", place, manifest.told - TOLD_MAX);
  g_hash_table_unref (manifest.sums);
  return ok;
}

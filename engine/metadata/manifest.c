/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Manifests: lines SHA256(FILE)= SUM, compared with the files.
 */
#include "config.h"

#include <string.h>

#include "base/log.h"
#include "metadata/manifest.h"

#define MANIFEST_MAX (1024 * 1024)

/* "SHA256(disk.vmdk)= 0123..." */
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
      return **sum_r && strspn (*sum_r, "0123456789abcdefABCDEF") == strlen (*sum_r);
    }
  return FALSE;
}

static gboolean
check_line (V2vArchive *archive, const V2vArchiveFile *manifest, const char *place, char *line,
            GError **error)
{
  g_autofree char *shown = v2v_printable (line, MIN ((gssize)strlen (line), 120), FALSE);
  g_autofree char *found = NULL;
  g_autoptr (GError) local = NULL;
  const V2vArchiveFile *file;
  GChecksumType type;
  char *name, *sum;

  if (!split_line (line, &type, &name, &sum)) {
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_DATA,
        "%s: the line \"%s\" is not understood, expected one such as SHA256(FILE)= SUM "
        "(SHA1, SHA256, SHA384 and SHA512 are known)",
        place, shown);
    return FALSE;
  }
  file = v2v_archive_find_beside (archive, manifest, name, &local);
  if (!file) {
    g_autofree char *printable = v2v_printable (name, -1, FALSE);

    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA, "%s: the manifest names the file %s%s%s",
                 place, printable, local ? ": " : "",
                 local ? local->message : ", which is not there: get the archive again");
    return FALSE;
  }
  v2v_step_detail (file->name);
  found = v2v_archive_checksum (archive, file, type, error);
  v2v_step_detail (NULL);
  if (!found)
    return FALSE;
  if (g_ascii_strcasecmp (found, sum) == 0)
    return TRUE;
  {
    g_autofree char *file_place = v2v_archive_place (archive, file);

    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA,
                 "%s is not what its exporter wrote: its checksum is %s, but the manifest %s "
                 "says %s; copy or export it again",
                 file_place, found, place, sum);
  }
  return FALSE;
}

gboolean
v2v_manifest_check (V2vArchive *archive, const V2vArchiveFile *manifest, GError **error)
{
  g_autofree char *place = v2v_archive_place (archive, manifest);
  gsize length;
  g_autofree char *text = v2v_archive_read (archive, manifest, MANIFEST_MAX, &length, error);
  g_auto (GStrv) lines = NULL;

  if (!text)
    return FALSE;
  if (strlen (text) != length) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_DATA, "%s: the manifest is no text: get it again",
                 place);
    return FALSE;
  }
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i]; i++) {
    g_autofree char *at = g_strdup_printf ("%s:%u", place, i + 1);

    g_strstrip (lines[i]);
    if (*lines[i] && !check_line (archive, manifest, at, lines[i], error))
      return FALSE;
  }
  return TRUE;
}

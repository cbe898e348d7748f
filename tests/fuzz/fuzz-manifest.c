/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fuzz target: the manifest of a guest in a directory. None is accepted that gives a file that is
 * there another checksum than it has.
 */
#include "config.h"

#include <string.h>

#include "metadata/archive.h"
#include "metadata/manifest.h"

#include "fuzz-guest.h"
#include "fuzz.h"

static const char *const names[] = {"disk.vmdk", "guest.ovf", NULL};
static GPtrArray *sums;

int
LLVMFuzzerInitialize (int *argc G_GNUC_UNUSED, char ***argv G_GNUC_UNUSED)
{
  static const GChecksumType types[] = {G_CHECKSUM_SHA1, G_CHECKSUM_SHA256, G_CHECKSUM_SHA384,
                                        G_CHECKSUM_SHA512};

  fuzz_guest_setup (names);
  sums = g_ptr_array_new ();
  for (guint i = 0; names[i]; i++)
    for (gsize t = 0; t < G_N_ELEMENTS (types); t++) {
      g_autofree char *text = g_strdup_printf ("%s\n", names[i]);

      g_ptr_array_add (sums, g_compute_checksum_for_string (types[t], text, -1));
    }
  return 0;
}

/* Does LINE, which was accepted, end in the checksum of a file that is there, if it has the
 * form that gives one? */
static gboolean
is_right (const char *line)
{
  static GRegex *form;

  if (!form)
    form = g_regex_new (
        "^(?i:SHA)-?(1|256|384|512)[ \\t]*\\((disk\\.vmdk|guest\\.ovf)\\)[ \\t]*=[^)]*$",
        G_REGEX_RAW, 0, NULL);
  if (!g_regex_match (form, line, 0, NULL))
    return TRUE;
  for (guint i = 0; i < sums->len; i++) {
    gsize length = strlen (line), end = strlen (sums->pdata[i]);

    if (length > end && g_ascii_strcasecmp (line + length - end, sums->pdata[i]) == 0)
      return TRUE;
  }
  return FALSE;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  V2vArchive *archive;
  const V2vArchiveFile *manifest;

  fuzz_guest_write ("guest.mf", data, size);
  archive = v2v_archive_open (fuzz_guest_directory (), fuzz_guest_work (), &error);
  g_assert_no_error (error);
  manifest = v2v_archive_find (archive, "guest.mf", NULL);
  if (v2v_manifest_check (archive, manifest, &error)) {
    g_autofree char *text = g_strndup ((const char *)data, size);
    g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

    g_assert_no_error (error);
    for (char **line = lines; *line; line++)
      g_assert_true (is_right (g_strstrip (*line)));
  } else {
    g_assert_error (error, V2V_ERROR, V2V_EXIT_DATA);
    g_assert_nonnull (strstr (error->message, fuzz_guest_directory ()));
  }
  v2v_archive_free (archive);
  fuzz_guest_clean ();
  return 0;
}

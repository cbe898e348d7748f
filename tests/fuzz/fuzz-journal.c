/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fuzz target: the journal of a conversion in place, and the report of a conversion. Nothing
 * that they name is touched.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "convert/undo.h"
#include "storage/journal.h"

#include "fuzz.h"

static char *directory, *path;

static void
remove_all (void)
{
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", directory);

  g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL);
}

int
LLVMFuzzerInitialize (int *argc G_GNUC_UNUSED, char ***argv G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;

  v2v_log_setup (V2V_QUIET, -1);
  directory = g_dir_make_tmp ("v2v-fuzz.XXXXXX", &error);
  g_assert_no_error (error);
  atexit (remove_all);
  path = g_build_filename (directory, V2V_JOURNAL_FILE, NULL);
  return 0;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (V2vDir) dir = v2v_dir_open (directory, &error);
  g_autoptr (V2vJournal) journal = NULL;
  g_autoptr (V2vJournal) again = NULL;

  g_assert_no_error (error);
  g_assert_true (g_file_set_contents_full (path, (const char *)data, (gssize)size,
                                           G_FILE_SET_CONTENTS_NONE, 0600, &error));
  v2v_undo_look (path);
  journal = v2v_journal_read (dir, &error);
  g_assert_true (!journal == !!error);
  if (!journal) {
    g_assert_true (v2v_is_failure (v2v_error_exit (error)));
    return 0;
  }
  g_assert_true (v2v_journal_write (journal, dir, &error));
  again = v2v_journal_read (dir, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (again->disks->len, ==, journal->disks->len);
  g_assert_cmpint (again->state, ==, journal->state);
  return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The command clean: removes what interrupted runs left, except what is needed to complete or
 * undo a conversion.
 */
#include "config.h"

#include <stdio.h>

#include "base/log.h"
#include "cli/commands.h"
#include "storage/leftovers.h"

static const V2vOptionDef options[] = {
    {"yes", NULL, "remove what is listed, instead of listing it only", FALSE},
    {NULL},
};

static gboolean
run (V2vCommandLine *line, GError **error)
{
  const char *word = line->words->pdata[0];
  const gboolean yes = v2v_option_is_set (line->values, "yes");
  g_autofree char *path = g_canonicalize_filename (word, NULL);
  g_autoptr (GPtrArray) left = NULL;
  guint removable = 0, failures;

  if (!g_file_test (path, G_FILE_TEST_IS_DIR)) {
    g_set_error (error, V2V_ERROR, V2V_EXIT_NOINPUT, "%s is no directory: name one", word);
    return FALSE;
  }
  left = v2v_leftovers (path);
  for (guint i = 0; i < left->len; i++) {
    const V2vLeft *one = left->pdata[i];
    g_autofree char *shown = v2v_printable (one->path, -1, FALSE);
    g_autofree char *what = v2v_printable (one->what, -1, FALSE);
    const gboolean remove = one->kind == V2V_LEFT_REMOVE;

    removable += remove;
    printf ("%s %s (%s)\n  %s\n", remove ? "remove" : "keep", shown, one->state, what);
  }
  if (!left->len)
    v2v_printf ("nothing is left in %s of an interrupted run that is known here\n", word);
  if (!removable)
    return TRUE;
  if (!yes) {
    printf ("add --yes to remove what is listed with \"remove\"\n");
    return TRUE;
  }
  failures = v2v_leftovers_remove (left);
  if (!failures)
    return TRUE;
  g_set_error (error, V2V_ERROR, V2V_EXIT_IOERR, "%u of %u could not be removed", failures,
               removable);
  return FALSE;
}

const V2vCommand v2v_command_clean = {
    .name = "clean",
    .arguments = "DIR",
    .help = "remove what interrupted runs left",
    .options = options,
    .own_rules = TRUE, /* this command needs none */
    .for_users = TRUE,
    .words_min = 1,
    .words_max = 1,
    .run = run,
};

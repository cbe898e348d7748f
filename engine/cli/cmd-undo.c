/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The command undo: restores the state before a conversion.
 */
#include "config.h"

#include "cli/commands.h"
#include "cli/worker.h"
#include "convert/undo.h"

static const V2vOptionDef options[] = {
    {"force", NULL, "take back also what has been used or touched since", FALSE},
    {"output-connect", "URI", "libvirt that has the guest, where it was reached in another way",
     FALSE},
    {NULL},
};

static void
committing (gboolean begin)
{
  if (begin)
    v2v_worker_begin_commit ();
  else
    v2v_worker_end_commit ();
}

static gboolean
run (V2vCommandLine *line, GError **error)
{
  return v2v_undo (line->words->pdata[0], line->values, committing, error);
}

const V2vCommand v2v_command_undo = {
    .name = "undo",
    .arguments = "REPORT|DIRECTORY",
    .help = "undo a conversion",
    .options = options,
    .own_rules = TRUE, /* this command needs none */
    .for_users = TRUE,
    .words_min = 1,
    .words_max = 1,
    .run = run,
};

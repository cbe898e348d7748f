/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The command verify: checks whether a guest boots.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/jsontext.h"
#include "base/log.h"
#include "base/tempfile.h"
#include "cli/commands.h"
#include "verify/verify.h"

static const V2vOptionDef options[] = {
    {"json", NULL, "print the verdict as JSON", FALSE},
    {"verify-timeout", "SECONDS",
     "how long the guest may take to come up (default: 300, where everything is emulated 1200)",
     FALSE},
    {"verify-memory", "MIB", "memory that the copy gets at most (default: 2048)", FALSE},
    {"verify-dir", "DIR", "keep a screenshot and the console's text in DIR", FALSE},
    {"no-probe", NULL, "put nothing into the copy: judge by what it shows alone", FALSE},
    {"allow-backing", "PATH",
     "allow this file, or the files in this directory, as backing files (repeatable)", TRUE},
    {"root", "DEVICE", "the root file system, if the guest has several systems (or \"first\")",
     FALSE},
    {"key", "ID:file:FILE", "key of an encrypted device, or ID:fd:N (repeatable)", TRUE},
    {"timeout", "SECONDS", "end what takes longer (default: no limit)", FALSE},
    {"step-timeout", "SECONDS", "abort a step after SECONDS without progress (default: 1800)",
     FALSE},
    {"progress-fd", "N", "write progress as JSON lines to this descriptor", FALSE},
    {NULL},
};

static const char *const steps[] = {"read",    "examine", "appliance", "inspect", "plan",
                                    "convert", "close",   "boot",      NULL};

static void
print (const V2vVerdict *verdict, gboolean as_json)
{
  if (as_json) {
    g_autoptr (JsonNode) json = v2v_verdict_to_json (verdict);
    g_autofree char *text = v2v_json_text (json, TRUE);

    printf ("%s\n", text);
  } else if (verdict->kind == V2V_VERDICT_USER_SPACE && v2v_log_verbosity () >= V2V_NORMAL) {
    printf ("it boots: the guest reached its user space in %.0f s\n", verdict->seconds);
  }
}

static gboolean
run (V2vCommandLine *line, GError **error)
{
  const char *domain = line->words->pdata[0];
  const char *dir = v2v_option_get (line->values, "verify-dir");
  g_autofree char *file = g_path_get_basename (domain);
  g_autofree char *name =
      g_str_has_suffix (file, ".xml") ? g_strndup (file, strlen (file) - 4) : g_strdup (file);
  g_autoptr (V2vVerdict) verdict = NULL;

  if (!v2v_verify_ready (line->values, dir, error))
    return FALSE;
  v2v_log_guest (domain);
  v2v_steps_expect (steps);
  verdict = v2v_verify (line->rules, line->values, domain, name, dir, error);
  if (!verdict)
    return FALSE;
  v2v_step_end ();
  print (verdict, v2v_option_is_set (line->values, "json"));
  return v2v_verdict_check (verdict, error);
}

const V2vCommand v2v_command_verify = {
    .name = "verify",
    .arguments = "DOMAIN.xml",
    .help = "boot a throw-away copy of a guest to check whether it comes up",
    .options = options,
    .for_users = TRUE,
    .words_min = 1,
    .words_max = 1,
    .run = run,
};

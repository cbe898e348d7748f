/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads the capture that --facts names, which takes the place of a guest.
 */
#include "config.h"

#include <errno.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "cli/job.h"
#include "load/load.h"

/* Options that have no effect on a capture, since it contains their result as facts. */
static gboolean
refuse_options (const V2vCommandLine *line, const char *file, GError **error)
{
  static const struct {
    const char *option, *fact;
  } told[] = {{"with", "with"},       {"network", "mapping"}, {"bridge", "mapping"},
              {"mac", "mapping"},     {"target", "target"},   {"domain-type", "target"},
              {"storage", "target"},  {"output", "target"},   {"source", "target"},
              {"root", "inspection"}, {"key", "inspection"}};

  for (guint i = 0; i < G_N_ELEMENTS (told); i++) {
    if (!v2v_option_is_set (line->values, told[i].option))
      continue;
    g_set_error (
        error, V2V_ERROR, V2V_EXIT_USAGE,
        "--%s has no effect on --facts %s, which holds what the guest was captured with: "
        "leave it out, and write \"given %s\" in the capture, or capture the guest with it",
        told[i].option, file, told[i].fact);
    return FALSE;
  }
  return TRUE;
}

V2vCapture *
v2v_cli_read_capture (V2vCommandLine *line, const char *file, GError **error)
{
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  V2vCapture *capture;

  if (!refuse_options (line, file, error))
    return NULL;
  if (g_access (file, R_OK) < 0) {
    v2v_error_set_errno (error, errno, "--facts %s: this capture cannot be read", file);
    return NULL;
  }
  capture = v2v_ruleset_read_capture (line->rules, file, diags);
  v2v_diags_print (diags, stderr);
  if (!capture)
    g_set_error (error, V2V_ERROR, V2V_EXIT_CONFIG, "--facts %s: this capture cannot be used",
                 file);
  return capture;
}

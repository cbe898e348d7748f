/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * --facts FILE: a capture in place of a guest.
 */
#include "config.h"

#include <errno.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "cli/job.h"

V2vCapture *
v2v_cli_read_capture (V2vCommandLine *line, const char *file, GError **error)
{
  g_autoptr (V2vDiags) diags = v2v_diags_new ();
  V2vCapture *capture;

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

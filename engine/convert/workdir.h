/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A directory for the temporary files of one run, and an appliance that is started in it.
 */
#pragma once

#include "guest/session.h"

/* Makes a directory for temporary files, below TMPDIR or /var/tmp. It is noted, so that it is
 * removed if the program ends (base/tempfile.h). NULL with V2V_EXIT_CANTCREAT. To be freed with
 * g_free. */
char *v2v_work_dir_new (GError **error);
/* Launches GUEST, which is to be freed with v2v_guest_free even if that fails. Whatever its
 * appliance leaves behind if it is killed is in DIRECTORY, a work directory. */
gboolean v2v_launch_below (V2vGuest *guest, const char *directory, GError **error);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the files of this directory share.
 */
#pragma once

#include "convert/job.h"

/* The first kind of fact with this origin, or NULL. */
const V2vFactDecl *v2v_find_origin (const V2vSchema *schema, V2vOrigin origin);

/* A directory of its own for temporary files, which is noted (base/tempfile.h). To be freed with
 * g_free. */
char *v2v_work_dir_new (GError **error);
/* Is the guest to discard what it does not use, for the storage and output at hand? */
gboolean v2v_job_trims (const V2vJob *job);
/* Launches GUEST. What its appliance leaves behind if it is killed is in DIRECTORY. */
gboolean v2v_launch_below (V2vGuest *guest, const char *directory, GError **error);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the files of this directory share.
 */
#pragma once

#include "convert/job.h"

/* Is the guest to discard what it does not use, for the storage and output at hand? */
gboolean v2v_job_trims (const V2vJob *job);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the files of this folder share.
 */
#pragma once

#include "convert/job.h"

/* The first kind of fact with this origin, or NULL. */
const V2vFactDecl *v2v_find_origin (const V2vSchema *schema, V2vOrigin origin);

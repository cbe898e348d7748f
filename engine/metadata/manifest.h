/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The manifest of a guest's files: a line with the checksum of each.
 */
#pragma once

#include "metadata/archive.h"

/* Are the files that MANIFEST names there, with the checksums that it says? */
gboolean v2v_manifest_check (V2vArchive *archive, const V2vArchiveFile *manifest,
                             GError **error);

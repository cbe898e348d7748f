/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The manifest of a guest's files: a line with the checksum of each.
 */
#pragma once

#include "metadata/archive.h"

/* Have the files that the manifest FILE names the checksums that it says? Warns of lines that
 * check nothing: remarks, other kinds of sums, files that are not there. */
gboolean v2v_manifest_check (V2vArchive *archive, const V2vArchiveFile *file, GError **error);

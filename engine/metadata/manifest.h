/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Checks a manifest, a file with the checksum of each file of a guest, one per line.
 */
#pragma once

#include "metadata/archive.h"

/* Checks that the files that the manifest FILE names have the checksums that it contains.
 * Warns of lines that check nothing: comments, unknown kinds of checksums, and files that do
 * not exist. */
gboolean v2v_manifest_check (V2vArchive *archive, const V2vArchiveFile *file, GError **error);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Checks that the file that the user wants, a report or a capture, is not one that the
 * conversion reads or makes, since that would be lost.
 */
#pragma once

#include "convert/settings.h"

/* Each function fails with V2V_EXIT_USAGE if the file must not be written; SETTINGS->written
 * has the state. This one checks the files that the command line names. */
gboolean v2v_written_check_words (const V2vJobSettings *settings, GError **error);
/* Checks what ORIGINAL, the source's document, names; before anything is done. */
gboolean v2v_written_check_document (const V2vJobSettings *settings, xmlDoc *original,
                                     GError **error);
/* Checks the files that are known only when the disks are opened, and the results. */
gboolean v2v_written_check_disks (const V2vJobSettings *settings, const V2vStorageJob *store,
                                  GError **error);
/* Checks the files that are about to be published. */
gboolean v2v_written_check_results (const V2vJobSettings *settings, GError **error);

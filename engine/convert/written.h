/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The file that the user wants written, a report or a capture, is none that the conversion reads
 * or makes: it would be lost.
 */
#pragma once

#include "convert/settings.h"

/* Each fails with V2V_EXIT_USAGE if SETTINGS name such a file, and then the file must not be
 * written: the state of SETTINGS->written tells. The first looks at what the command line
 * names. */
gboolean v2v_written_check_words (const V2vJobSettings *settings, GError **error);
/* The second looks at what ORIGINAL, the source's document, names; nothing has been done then. */
gboolean v2v_written_check_document (const V2vJobSettings *settings, xmlDoc *original,
                                     GError **error);
/* The third looks at what only the opened disks tell, and at the results. */
gboolean v2v_written_check_disks (const V2vJobSettings *settings, const V2vStorageJob *store,
                                  GError **error);
/* The last looks at what is ready to be published. */
gboolean v2v_written_check_results (const V2vJobSettings *settings, GError **error);

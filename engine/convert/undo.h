/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Undoing a successful conversion: what the report notes for it, and the undo itself.
 */
#pragma once

#include "convert/source-read.h"

/* What undo has to know about a finished conversion: the member "undo" of the report. READ
 * may be NULL: then the same conversion cannot be recognised later. */
JsonNode *v2v_undo_note (const V2vJobSettings *settings, const V2vSourceRead *read,
                         const V2vStorageJob *store);

/* What PATH is: nothing or an empty file, a report, or something else. */
typedef enum {
  V2V_REPORT_NONE,
  V2V_REPORT_OTHER,
  V2V_REPORT_FAILURE,
  V2V_REPORT_SUCCESS,
} V2vReportKind;
V2vReportKind v2v_undo_look (const char *path);
/* Is the report at PATH, which has to be this user's own, that of the conversion that
 * SETTINGS ask for again: the same guest (READ; NULL: no), the same options and the same
 * place, with source and result unchanged? If so, *RESULT_R gets the description of the
 * result. If something has changed since, *WHY_R says what. Both are to be freed with
 * g_free. */
gboolean v2v_undo_is_done (const char *path, const V2vJobSettings *settings,
                           const V2vSourceRead *read, char **result_r, char **why_r);

/* Undoes the conversion of WHAT: a report, which only this user or root may be able to write
 * (V2V_EXIT_NOPERM), or the work directory that a conversion in place kept. Everything is
 * checked before anything is changed. OPTIONS are those of the command "undo": force, and
 * those of outputs; see the manual. COMMITTING is called with TRUE before the first change
 * and with FALSE after the last. */
gboolean v2v_undo (const char *what, const V2vOptionValues *options,
                   void (*committing) (gboolean begin), GError **error);

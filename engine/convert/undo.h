/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Taking a conversion back that succeeded: what the report notes for that, and how it
 * is done.
 */
#pragma once

#include "convert/source-read.h"

/* What undo has to know of a conversion, which has finished: the report's member "undo". READ may
 * be NULL: then nobody can tell that it was this conversion. */
JsonNode *v2v_undo_note (const V2vJobSettings *settings, const V2vSourceRead *read,
                         const V2vStorageJob *store);

/* What is at PATH: nothing or an empty file, a report, or something else. */
typedef enum {
  V2V_REPORT_NONE,
  V2V_REPORT_OTHER,
  V2V_REPORT_FAILURE,
  V2V_REPORT_SUCCESS,
} V2vReportKind;
V2vReportKind v2v_undo_look (const char *path);
/* Does the report at PATH, which has to be this user's own, tell of the very conversion that
 * SETTINGS ask for again, whose guest is READ (or NULL: then it does not): the same guest, the same options, the same place,
 * and is all of it, source and result, as it was left? Then *RESULT_R gets what was told of the
 * result. If only something was changed since, *WHY_R gets that. Both are to be freed with
 * g_free. */
gboolean v2v_undo_is_done (const char *path, const V2vJobSettings *settings,
                           const V2vSourceRead *read, char **result_r, char **why_r);

/* Takes back the conversion that WHAT tells of: a report, which nobody but this user and root can
 * have written (V2V_EXIT_NOPERM), or the directory that a conversion in place kept. Everything is
 * checked before anything is touched. OPTIONS are those of the command "undo": force, and what
 * outputs look at; see the manual. COMMITTING is called with TRUE before the first thing is
 * touched and with FALSE after the last. */
gboolean v2v_undo (const char *what, const V2vOptionValues *options,
                   void (*committing) (gboolean begin), GError **error);

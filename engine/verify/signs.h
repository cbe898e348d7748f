/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Finds out what the text on a console means, by the patterns in the files rules/verify/NAME.signs
 * of the rule directories.
 */
#pragma once

#include "lang/ruleset.h"

typedef enum {
  V2V_VERDICT_NONE, /* nothing is known yet */
  V2V_VERDICT_USER_SPACE,
  V2V_VERDICT_KERNEL_PANIC,
  V2V_VERDICT_NO_ROOT_DEVICE,
  V2V_VERDICT_EMERGENCY_SHELL,
  V2V_VERDICT_NO_BOOT_LOADER,
  V2V_VERDICT_FIRMWARE_SHELL,
  V2V_VERDICT_RESTARTS, /* it restarts repeatedly, or powered itself off */
  V2V_VERDICT_TIMEOUT,
} V2vVerdictKind;

/* The name of a verdict ("kernel-panic"), and its text ("the kernel panicked"). */
const char *v2v_verdict_name (V2vVerdictKind kind);
const char *v2v_verdict_text (V2vVerdictKind kind);

typedef struct V2vSigns V2vSigns;

/* Reads all rules/verify/NAME.signs of RULE_DIRS (V2vRuleDir): those of higher rule
 * directories first, and those of one rule directory by their names. As with rules, a file
 * hides those of the same name in lower rule directories, and a link to /dev/null turns them
 * off. NULL: one is wrong, or there is no sign (78). */
V2vSigns *v2v_signs_load (const GPtrArray *rule_dirs, GError **error);
void v2v_signs_free (V2vSigns *signs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vSigns, v2v_signs_free)

/* The verdict for TEXT. A failure counts if no later line shows that the guest came up; of
 * several failures, the first in the order of the files counts. *FINAL_R: nothing can follow
 * it. *LINE_R gets the line (to be freed with g_free). */
V2vVerdictKind v2v_signs_match (const V2vSigns *signs, const char *text, gboolean *final_r,
                                char **line_r);
/* The verdict if TEXT is the end of the console: by signs that count only on the last line. */
V2vVerdictKind v2v_signs_match_end (const V2vSigns *signs, const char *text, char **line_r);

/* TEXT without the escape sequences of terminals and other control characters. To be freed with
 * g_free. */
char *v2v_console_plain (const char *text, gsize length);

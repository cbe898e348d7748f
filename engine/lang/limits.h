/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Limits on the size of rules, and the interface that this engine provides.
 */
#pragma once

#include <glib.h>

/* Limits against untrusted rules: bytes of a file, depth of nesting, length of a word and of a
 * string, and number of comparisons in a condition after replacing each "let" by its
 * condition. */
#define V2V_RULE_FILE_MAX (16 * 1024 * 1024)
#define V2V_RULE_DEPTH_MAX 100
#define V2V_RULE_WORD_MAX 200
#define V2V_RULE_STRING_MAX 65536
#define V2V_RULE_CONDITION_MAX 10000

/* The interface that this engine provides for language V2V_LANGUAGE (doc/interface.md). It is a
 * variable only so that tests can act as another engine. */
extern guint v2v_interface;

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How large rules may be, and which interface the engine has.
 */
#pragma once

#include <glib.h>

/* Limits, against rules of others: bytes of one file, depth of nesting, length of a word or
 * string, comparisons of a condition with every let in it written out. */
#define V2V_RULE_FILE_MAX (16 * 1024 * 1024)
#define V2V_RULE_DEPTH_MAX 100
#define V2V_RULE_WORD_MAX 200
#define V2V_RULE_STRING_MAX 65536
#define V2V_RULE_CONDITION_MAX 10000

/* The interface that this engine has, of language V2V_LANGUAGE: what there is of it
 * (doc/interface.md). A variable only so that tests can be another engine. */
extern guint v2v_interface;

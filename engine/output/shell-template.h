/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A script for the shell from a template, whose @NAME@s stand for words.
 *
 * A value is a word whatever is in it. So that this holds, @NAME@ stands where the shell expects
 * a word, never within quotes or in a comment.
 */
#pragma once

#include <glib.h>

/* Within a word, stands for what the script's variable "run" is: a character for private use,
 * which no name needs. */
#define V2V_SHELL_RUN "\xee\x80\x80"

/* TEXT with WORDS in it: for each name, a GPtrArray of char *. Where @NAME@ begins its line, each
 * word gets a line with the same indent. NULL: the template asks for a name that WORDS lacks
 * (78). To be freed with g_free. */
char *v2v_shell_fill (const char *text, GHashTable *words, GError **error);

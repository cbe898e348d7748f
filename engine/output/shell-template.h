/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Makes a shell script from a template by replacing each @NAME@ by words.
 *
 * Each value becomes one quoted word, whatever characters it contains. This requires that the
 * template has @NAME@ only where the shell expects a word, never within quotes or in a
 * comment.
 */
#pragma once

#include <glib.h>

/* A placeholder within a word for the value of the script's variable "run". It is a
 * private-use character, which does not occur in names. */
#define V2V_SHELL_RUN "\xee\x80\x80"

/* Replaces each @NAME@ in TEXT by its words. WORDS maps names to a GPtrArray of char *. If
 * @NAME@ begins a line, each word gets a line of its own with the same indentation. NULL with
 * an error (V2V_EXIT_CONFIG) if WORDS lacks a name. To be freed with g_free. */
char *v2v_shell_fill (const char *text, GHashTable *words, GError **error);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Makes untrusted text safe to print: the result contains nothing that a terminal or a log
 * viewer would interpret.
 *
 * Control characters (C0 and C1), invisible characters, characters that change the direction
 * of writing, and bytes that are not valid UTF-8 are escaped. Text from the guest, its disks
 * and domain, servers, rules and the appliance is untrusted.
 */
#pragma once

#include <glib.h>

/* May C be printed as it is? Tabs may; line feeds may not. */
gboolean v2v_is_printable (gunichar c);

/* Returns TEXT (LENGTH bytes; -1: up to its terminating zero byte) with each character that is
 * not printable as \xHH or \uHHHH. Tabs are kept, and line feeds if KEEP_LINES. To be freed
 * with g_free. */
char *v2v_printable (const char *text, gssize length, gboolean keep_lines);

/* Does the same for a message, and shortens it to what a user may read: if it is longer than
 * V2V_MESSAGE_MAX bytes, only the beginning and the last KiB remain, with "... (N more bytes)
 * ..." between them. */
#define V2V_MESSAGE_MAX (16 * 1024)
char *v2v_printable_message (const char *text, gboolean keep_lines);

/* Does the same for JSON and for XML (UTF-8): such characters become escapes of the format, so
 * the meaning of the document does not change. To be freed with g_free. */
char *v2v_printable_json (const char *text);
char *v2v_printable_xml (const char *text);

/* Writes TEXT to standard output, made printable; line feeds are kept. */
void v2v_print (const char *text);
/* Writes the text that FORMAT makes to standard output, as v2v_print does. */
void v2v_printf (const char *format, ...) G_GNUC_PRINTF (1, 2);

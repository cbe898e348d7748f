/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Text of strangers on its way to people: nothing of it that a terminal or a log would obey.
 *
 * Control characters (C0, C1), what turns the direction of writing or is not seen, and bytes
 * that are no UTF-8 are written out. The guest, its disks and its domain, servers, rules and
 * the appliance are strangers.
 */
#pragma once

#include <glib.h>

/* Is C a character, or a tab, that may be shown as it is? */
gboolean v2v_is_printable (gunichar c);

/* TEXT (LENGTH bytes; -1: to its end) with what is no printable character as \xHH or \uHHHH;
 * tabs stay, and newlines if KEEP_LINES. To be freed with g_free. */
char *v2v_printable (const char *text, gssize length, gboolean keep_lines);

/* The same of a message, of which no more is needed than what can be read: of what is longer
 * than V2V_MESSAGE_MAX, "... (N more bytes) ..." stands in the place of all but the beginning
 * and the last KiB. */
#define V2V_MESSAGE_MAX (16 * 1024)
char *v2v_printable_message (const char *text, gboolean keep_lines);

/* The same of JSON, and of XML, whose texts mean what they meant: such characters become
 * escapes of the format. TEXT is UTF-8. To be freed with g_free. */
char *v2v_printable_json (const char *text);
char *v2v_printable_xml (const char *text);

/* Writes TEXT to the standard output, printable, its lines kept. */
void v2v_print (const char *text);
/* The same of a text that is made of FORMAT. */
void v2v_printf (const char *format, ...) G_GNUC_PRINTF (1, 2);

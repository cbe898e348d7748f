/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One emulated machine that is watched: started, listened to, photographed, ended.
 */
#pragma once

#include <glib.h>

#include "base/error.h"

typedef struct V2vMachine V2vMachine;

/* Starts ARGV (char *, without a NULL at its end), to which ways to listen are added. The first
 * serial port goes to the file SERIAL already. Files are made in DIR. */
V2vMachine *v2v_machine_start (const GPtrArray *argv, const char *serial, const char *dir,
                               GError **error);
/* Ends it at once. */
void v2v_machine_free (V2vMachine *machine);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vMachine, v2v_machine_free)

/* Waits up to MILLISECONDS and takes in what was said. FALSE: it has ended by itself. */
gboolean v2v_machine_listen (V2vMachine *machine, guint milliseconds);
/* How often it was restarted, and whether it turned itself off. */
guint v2v_machine_restarts (const V2vMachine *machine);
gboolean v2v_machine_is_off (const V2vMachine *machine);
/* What was said on the serial ports, to the firmware's port, and what stands on the screen if
 * it shows text: plain. To be freed with g_free. */
char *v2v_machine_console (V2vMachine *machine);
char *v2v_machine_firmware (V2vMachine *machine);
char *v2v_machine_screen (V2vMachine *machine);
/* The port that is ours alone. */
char *v2v_machine_mark (V2vMachine *machine);
/* Writes a picture of the screen (PNG) to PATH. */
gboolean v2v_machine_photograph (V2vMachine *machine, const char *path);
/* What the emulator said, e.g. why it could not start. */
char *v2v_machine_messages (V2vMachine *machine);

/* Part of v2v_machine_listen: lets the file at PATH, to which somebody writes, take no more space than
 * 16 MiB. Its end stays. */
void v2v_machine_cut_log (const char *path);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One emulated machine: starts it, reads its consoles and screen, and ends it.
 */
#pragma once

#include <glib.h>

#include "base/error.h"

typedef struct V2vMachine V2vMachine;

/* Files that ARGV may write to: what the firmware says, and what the boot check sends to a serial
 * port of its own. If ARGV has no such ports, the files do not exist and nothing was said. */
#define V2V_MACHINE_FIRMWARE "firmware.log"
#define V2V_MACHINE_MARK "mark.log"

/* Starts ARGV (char *, without a NULL at its end) with additional arguments for the monitor.
 * ARGV already sends the first serial port to the file SERIAL, and may send others to the
 * files above in DIR. More files are made in DIR. */
V2vMachine *v2v_machine_start (const GPtrArray *argv, const char *serial, const char *dir,
                               GError **error);
/* Ends the machine at once. */
void v2v_machine_free (V2vMachine *machine);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (V2vMachine, v2v_machine_free)

/* Waits up to MILLISECONDS for events of the monitor. FALSE: the machine has ended by
 * itself. */
gboolean v2v_machine_listen (V2vMachine *machine, guint milliseconds);
/* How often the machine has restarted, and whether it has powered itself off. */
guint v2v_machine_restarts (const V2vMachine *machine);
gboolean v2v_machine_is_off (const V2vMachine *machine);
/* The output on the serial ports and on the firmware's port, and the text on the screen in
 * text mode, as plain text. To be freed with g_free. */
char *v2v_machine_console (V2vMachine *machine);
char *v2v_machine_firmware (V2vMachine *machine);
char *v2v_machine_screen (V2vMachine *machine);
/* The output on the port that only the boot check uses. To be freed with g_free. */
char *v2v_machine_mark (V2vMachine *machine);
/* Writes a picture of the screen (PNG) to PATH. */
gboolean v2v_machine_photograph (V2vMachine *machine, const char *path);
/* The emulator's messages, for instance why it could not start. To be freed with g_free. */
char *v2v_machine_messages (V2vMachine *machine);

/* Limits the space of the file at PATH, to which another process writes, to 16 MiB; the end
 * of the file is kept. A part of v2v_machine_listen. */
void v2v_machine_cut_log (const char *path);

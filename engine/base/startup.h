/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Makes the descriptors and the environment safe that the program was started with, before
 * anything else is done.
 */
#pragma once

/* Opens /dev/null for each of the descriptors 0 to 2 that is closed: the next file opened would
 * get that number, and a message could be written into a disk. Removes empty variables that
 * this program, its libraries and its tools read from the environment: they would take an empty
 * name of a directory for the current directory. */
void v2v_startup (void);

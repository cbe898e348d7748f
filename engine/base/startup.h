/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a program cannot count on when it is started, set right before anything else is done.
 */
#pragma once

/* Opens each of the descriptors 0 to 2 that is closed on /dev/null: what is opened next would
 * get its number, and a message would be written into a disk. Takes empty values of the
 * variables that this program, its libraries and its tools look at out of the environment: an
 * empty name of a directory would be the current one. */
void v2v_startup (void);

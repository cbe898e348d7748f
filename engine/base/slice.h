/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A part of a file.
 */
#pragma once

#include <glib.h>

/* A length of 0: all of it. */
typedef struct {
  gint64 offset, length;
} V2vSlice;

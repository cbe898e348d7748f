/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What fuzz targets are called by.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerInitialize (int *argc, char ***argv);
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The outputs, and what they share.
 */
#pragma once

#include "output/output.h"

extern const V2vOutput v2v_output_libvirt;
extern const V2vOutput v2v_output_local;
extern const V2vOutput v2v_output_null;
extern const V2vOutput v2v_output_qemu;

/* The value of --output-dir, or its default. */
const char *v2v_output_dir (const V2vOptionValues *values);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The outputs there are.
 */
#pragma once

#include "output/output.h"

extern const V2vOutput v2v_output_libvirt;
extern const V2vOutput v2v_output_local;
extern const V2vOutput v2v_output_null;
extern const V2vOutput v2v_output_qemu;

/* --output-dir, or where it is when it was not given. */
const char *v2v_output_dir (const V2vOptionValues *values);

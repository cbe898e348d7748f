/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The outputs there are.
 */
#pragma once

#include "output/output.h"

extern const V2vOutput v2v_output_local;
extern const V2vOutput v2v_output_null;

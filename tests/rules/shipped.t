#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The tests of the shipped rules, by the program itself, whose output is TAP.
V2V_ENGINE_DATA_DIR=$V2V_TEST_SRCDIR exec "$V2V_TEST_BUILDDIR/v2v-engine" test --quiet

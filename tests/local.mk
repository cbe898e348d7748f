# SPDX-License-Identifier: GPL-2.0-or-later
EXTRA_DIST += tests/run-one
unit_tests =
include tests/unit/metadata.mk
include tests/unit/core.mk
include tests/unit/guest.mk
include tests/unit/lang.mk
include tests/unit/plan.mk
include tests/unit/rules.mk
include tests/unit/sources.mk
include tests/unit/outputs.mk
include tests/unit/storage.mk
include tests/unit/undo.mk
include tests/unit/archives.mk
check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
include tests/crash/local.mk
include tests/bench/local.mk
include tests/faults/local.mk
include tests/fuzz/local.mk
include tests/cli.mk
include tests/gates.mk
include tests/convert.mk
include tests/guests.mk

# SPDX-License-Identifier: GPL-2.0-or-later
EXTRA_DIST += tests/run-one
unit_tests =
slow_tests =
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
include tests/crash/local.mk
include tests/bench/local.mk
include tests/faults/local.mk
include tests/fuzz/local.mk
include tests/cli.mk
include tests/gates.mk
include tests/convert.mk
include tests/guests.mk


# Tests that start no virtual machine and end within a minute each.
quick_tests = $(unit_tests) $(cli_tests) tests/crash/kill-storage tests/faults/test-faults
check_PROGRAMS += $(unit_tests)
if SLOW_TESTS
TESTS += $(slow_tests)
endif
TESTS += $(quick_tests)
check-quick: all
	$(MAKE) check TESTS='$(quick_tests)'
.PHONY: check-quick

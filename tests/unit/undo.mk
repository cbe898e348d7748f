# SPDX-License-Identifier: GPL-2.0-or-later
unit_tests += tests/unit/test-undo
tests_unit_test_undo_SOURCES = tests/unit/test-undo.c tests/unit/storage-case.h tests/unit/disk-util.h
unit_tests += tests/unit/test-signs
tests_unit_test_signs_SOURCES = tests/unit/test-signs.c
unit_tests += tests/unit/test-machine
tests_unit_test_machine_SOURCES = tests/unit/test-machine.c tests/unit/disk-util.h
EXTRA_DIST += tests/unit/emulator.py

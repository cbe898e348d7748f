# SPDX-License-Identifier: GPL-2.0-or-later
check_PROGRAMS += tests/unit/test-base
TESTS += tests/unit/test-base
tests_unit_test_base_SOURCES = tests/unit/test-base.c tests/unit/ends.h
check_PROGRAMS += tests/unit/test-limited
TESTS += tests/unit/test-limited
tests_unit_test_limited_SOURCES = tests/unit/test-limited.c
check_PROGRAMS += tests/unit/test-outfile
TESTS += tests/unit/test-outfile
tests_unit_test_outfile_SOURCES = tests/unit/test-outfile.c tests/unit/disk-util.h
check_PROGRAMS += tests/unit/test-held
TESTS += tests/unit/test-held
tests_unit_test_held_SOURCES = tests/unit/test-held.c tests/unit/disk-util.h

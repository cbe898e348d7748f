# SPDX-License-Identifier: GPL-2.0-or-later
unit_tests += tests/unit/test-base
tests_unit_test_base_SOURCES = tests/unit/test-base.c tests/unit/ends.h
unit_tests += tests/unit/test-limited
tests_unit_test_limited_SOURCES = tests/unit/test-limited.c
unit_tests += tests/unit/test-outfile
tests_unit_test_outfile_SOURCES = tests/unit/test-outfile.c tests/unit/disk-util.h
unit_tests += tests/unit/test-held
tests_unit_test_held_SOURCES = tests/unit/test-held.c tests/unit/disk-util.h
unit_tests += tests/unit/test-digraph
tests_unit_test_digraph_SOURCES = tests/unit/test-digraph.c

# SPDX-License-Identifier: GPL-2.0-or-later
unit_tests += tests/unit/test-storage
tests_unit_test_storage_SOURCES = tests/unit/test-storage.c tests/unit/storage-case.h tests/unit/disk-util.h
unit_tests += tests/unit/test-examine
tests_unit_test_examine_SOURCES = tests/unit/test-examine.c tests/unit/disk-util.h
unit_tests += tests/unit/test-output
tests_unit_test_output_SOURCES = tests/unit/test-output.c tests/unit/disk-util.h
unit_tests += tests/unit/test-in-place
tests_unit_test_in_place_SOURCES = tests/unit/test-in-place.c tests/unit/storage-case.h tests/unit/disk-util.h

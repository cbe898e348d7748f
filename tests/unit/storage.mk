# SPDX-License-Identifier: GPL-2.0-or-later
check_PROGRAMS += tests/unit/test-storage
TESTS += tests/unit/test-storage
tests_unit_test_storage_SOURCES = tests/unit/test-storage.c tests/unit/disk-util.h
tests_unit_test_storage_LDADD = $(V2V_LIBS)

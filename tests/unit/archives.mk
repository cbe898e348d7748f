# SPDX-License-Identifier: GPL-2.0-or-later
# Guests in archives, and disks that are a part of a file.
check_PROGRAMS += tests/unit/test-slices
TESTS += tests/unit/test-slices
tests_unit_test_slices_SOURCES = tests/unit/test-slices.c tests/unit/storage-case.h tests/unit/disk-util.h
tests_unit_test_slices_LDADD = $(V2V_LIBS)

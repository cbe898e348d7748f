# SPDX-License-Identifier: GPL-2.0-or-later
check_PROGRAMS += tests/unit/test-store
TESTS += tests/unit/test-store
tests_unit_test_store_SOURCES = tests/unit/test-store.c
tests_unit_test_store_LDADD = $(V2V_LIBS)

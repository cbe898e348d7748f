# SPDX-License-Identifier: GPL-2.0-or-later
check_PROGRAMS += tests/unit/test-base
TESTS += tests/unit/test-base
tests_unit_test_base_SOURCES = tests/unit/test-base.c
tests_unit_test_base_LDADD = $(V2V_LIBS)

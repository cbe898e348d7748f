# SPDX-License-Identifier: GPL-2.0-or-later
unit_tests += tests/unit/test-store
tests_unit_test_store_SOURCES = tests/unit/test-store.c

unit_tests += tests/unit/test-filetree
tests_unit_test_filetree_SOURCES = tests/unit/test-filetree.c

unit_tests += tests/unit/test-derive tests/unit/test-dispatch tests/unit/test-plan
tests_unit_test_derive_SOURCES = tests/unit/test-derive.c \
	tests/unit/plan-fixture.c tests/unit/plan-fixture.h
tests_unit_test_dispatch_SOURCES = tests/unit/test-dispatch.c \
	tests/unit/plan-fixture.c tests/unit/plan-fixture.h
tests_unit_test_plan_SOURCES = tests/unit/test-plan.c \
	tests/unit/plan-fixture.c tests/unit/plan-fixture.h
unit_tests += tests/unit/test-reasons
tests_unit_test_reasons_SOURCES = tests/unit/test-reasons.c \
	tests/unit/plan-fixture.c tests/unit/plan-fixture.h

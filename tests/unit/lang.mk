# SPDX-License-Identifier: GPL-2.0-or-later
# Values, kinds of facts, diagnostics, and the rule language.
lang_tests = \
	tests/unit/test-value \
	tests/unit/test-schema \
	tests/unit/test-diag \
	tests/unit/test-codes \
	tests/unit/test-check \
	tests/unit/test-rule-errors \
	tests/unit/test-format \
	tests/unit/test-strata \
	tests/unit/test-uses \
	tests/unit/test-trees \
	tests/unit/test-manual
unit_tests += $(lang_tests)
# Thousands of broken rule files.
check_PROGRAMS += tests/unit/test-mutations
slow_tests += tests/unit/test-mutations

tests_unit_test_value_SOURCES = tests/unit/test-value.c
tests_unit_test_schema_SOURCES = tests/unit/test-schema.c
tests_unit_test_diag_SOURCES = tests/unit/test-diag.c
tests_unit_test_codes_SOURCES = tests/unit/test-codes.c tests/unit/rules-fixture.h
tests_unit_test_check_SOURCES = tests/unit/test-check.c tests/unit/rules-fixture.h
tests_unit_test_rule_errors_SOURCES = tests/unit/test-rule-errors.c tests/unit/rules-fixture.h
tests_unit_test_mutations_SOURCES = tests/unit/test-mutations.c tests/unit/rule-references.c tests/unit/rule-references.h
tests_unit_test_format_SOURCES = tests/unit/test-format.c tests/unit/rules-fixture.h
tests_unit_test_strata_SOURCES = tests/unit/test-strata.c tests/unit/rules-fixture.h
tests_unit_test_uses_SOURCES = tests/unit/test-uses.c tests/unit/rules-fixture.h
tests_unit_test_trees_SOURCES = tests/unit/test-trees.c tests/unit/rules-fixture.h
tests_unit_test_manual_SOURCES = tests/unit/test-manual.c tests/unit/rules-fixture.h

# Cases of error messages, and what they build on.
EXTRA_DIST += tests/rules/errors tests/rules/format

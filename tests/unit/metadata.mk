# SPDX-License-Identifier: GPL-2.0-or-later
# Domain documents, stylesheets, packages, and the facts that are read from them.
metadata_tests = \
	tests/unit/test-xml \
	tests/unit/test-xslt \
	tests/unit/test-domain \
	tests/unit/test-docfacts \
	tests/unit/test-with
check_PROGRAMS += $(metadata_tests)
TESTS += $(metadata_tests)

tests_unit_test_xml_SOURCES = tests/unit/test-xml.c
tests_unit_test_xml_LDADD = $(V2V_LIBS)
tests_unit_test_domain_SOURCES = tests/unit/test-domain.c
tests_unit_test_domain_LDADD = $(V2V_LIBS)
tests_unit_test_xslt_SOURCES = tests/unit/test-xslt.c
tests_unit_test_xslt_LDADD = $(V2V_LIBS)
tests_unit_test_docfacts_SOURCES = tests/unit/test-docfacts.c
tests_unit_test_docfacts_LDADD = $(V2V_LIBS)
tests_unit_test_with_SOURCES = tests/unit/test-with.c
tests_unit_test_with_LDADD = $(V2V_LIBS)

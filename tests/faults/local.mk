# SPDX-License-Identifier: GPL-2.0-or-later
# Each call that writes fails once, by a library that stands before the C library's.
check_PROGRAMS += tests/faults/test-faults
tests_faults_test_faults_SOURCES = tests/faults/test-faults.c tests/faults/faults.h tests/unit/storage-case.h \
	tests/unit/disk-util.h
EXTRA_tests_faults_test_faults_DEPENDENCIES = tests/faults/faults.so
EXTRA_DIST += tests/faults/faults.c
CLEANFILES += tests/faults/faults.so
tests/faults/faults.so: tests/faults/faults.c tests/faults/faults.h
	$(AM_V_CC)$(MKDIR_P) tests/faults && $(CC) $(CPPFLAGS) $(CFLAGS) -shared -fPIC -o $@ $(srcdir)/tests/faults/faults.c -ldl

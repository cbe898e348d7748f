# SPDX-License-Identifier: GPL-2.0-or-later
# "make bench" prints figures and fails where they miss their bounds.
EXTRA_PROGRAMS += tests/bench/bench-rules
tests_bench_bench_rules_SOURCES = tests/bench/bench-rules.c
CLEANFILES += tests/bench/bench-rules$(EXEEXT)
EXTRA_DIST += tests/bench/convert.sh tests/bench/rules.awk tests/bench/rules.sh

bench-rules: tests/bench/bench-rules$(EXEEXT)
	AWK='$(AWK)' $(SHELL) $(srcdir)/tests/bench/rules.sh $(srcdir) tests/bench/bench-rules$(EXEEXT)
bench-convert: all
	$(AM_TESTS_ENVIRONMENT) bash $(srcdir)/tests/bench/convert.sh
bench: bench-rules bench-convert
.PHONY: bench bench-rules bench-convert

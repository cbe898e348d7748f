# SPDX-License-Identifier: GPL-2.0-or-later
# Parsers against a fuzzer (libFuzzer, so clang is needed). A target is fuzz-NAME.c here, a line
# in fuzzers, and its seeds: files in seeds/NAME, or made by run.
fuzzers = domain image
fuzz_programs = tests/fuzz/fuzz-domain tests/fuzz/fuzz-image
EXTRA_PROGRAMS += $(fuzz_programs)
fuzz_flags = -fsanitize=fuzzer

tests_fuzz_fuzz_domain_SOURCES = tests/fuzz/fuzz-domain.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_domain_LDADD = $(V2V_LIBS)
tests_fuzz_fuzz_domain_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
tests_fuzz_fuzz_image_SOURCES = tests/fuzz/fuzz-image.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_image_LDADD = $(V2V_LIBS)
tests_fuzz_fuzz_image_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)

EXTRA_DIST += tests/fuzz/run

# In a build of its own; see tests/fuzz/run.
check-fuzz:
	@command -v clang >/dev/null || { echo "check-fuzz: install the package clang"; exit 1; }
	$(MKDIR_P) fuzz
	cd fuzz && { test -f Makefile || CC=clang $(abs_top_srcdir)/configure --quiet \
	  CFLAGS='-O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined'; }
	cd fuzz && $(MAKE) $(fuzz_programs)
	cd fuzz && $(AM_TESTS_ENVIRONMENT) bash $(abs_srcdir)/tests/fuzz/run $${FUZZERS:-$(fuzzers)}

.PHONY: check-fuzz

# SPDX-License-Identifier: GPL-2.0-or-later
# Parsers against a fuzzer (libFuzzer, so clang is needed). A target is fuzz-NAME.c here, a line
# in fuzzers, and its seeds: files in seeds/NAME, or made by run.
fuzzers = domain image vmx ovf manifest archive package rules capture journal options text readers
fuzz_programs = tests/fuzz/fuzz-domain tests/fuzz/fuzz-image tests/fuzz/fuzz-vmx tests/fuzz/fuzz-ovf \
	tests/fuzz/fuzz-manifest tests/fuzz/fuzz-archive tests/fuzz/fuzz-package tests/fuzz/fuzz-rules \
	tests/fuzz/fuzz-capture tests/fuzz/fuzz-journal tests/fuzz/fuzz-options tests/fuzz/fuzz-text tests/fuzz/fuzz-readers
EXTRA_PROGRAMS += $(fuzz_programs)
fuzz_flags = -fsanitize=fuzzer
fuzz_cflags = -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined \
	-DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
fuzz_guest = tests/fuzz/fuzz-guest.c tests/fuzz/fuzz-guest.h

tests_fuzz_fuzz_domain_SOURCES = tests/fuzz/fuzz-domain.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_domain_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
tests_fuzz_fuzz_image_SOURCES = tests/fuzz/fuzz-image.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_image_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
tests_fuzz_fuzz_vmx_SOURCES = tests/fuzz/fuzz-vmx.c tests/fuzz/fuzz.h $(fuzz_guest)
tests_fuzz_fuzz_vmx_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
tests_fuzz_fuzz_ovf_SOURCES = tests/fuzz/fuzz-ovf.c tests/fuzz/fuzz.h $(fuzz_guest)
tests_fuzz_fuzz_ovf_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
tests_fuzz_fuzz_manifest_SOURCES = tests/fuzz/fuzz-manifest.c tests/fuzz/fuzz.h $(fuzz_guest)
tests_fuzz_fuzz_manifest_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
tests_fuzz_fuzz_archive_SOURCES = tests/fuzz/fuzz-archive.c tests/fuzz/fuzz.h $(fuzz_guest)
tests_fuzz_fuzz_archive_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
tests_fuzz_fuzz_package_SOURCES = tests/fuzz/fuzz-package.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_package_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
tests_fuzz_fuzz_rules_SOURCES = tests/fuzz/fuzz-rules.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_rules_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
tests_fuzz_fuzz_capture_SOURCES = tests/fuzz/fuzz-capture.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_capture_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
tests_fuzz_fuzz_journal_SOURCES = tests/fuzz/fuzz-journal.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_journal_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
tests_fuzz_fuzz_options_SOURCES = tests/fuzz/fuzz-options.c tests/fuzz/fuzz.h $(cli_sources)
tests_fuzz_fuzz_options_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
tests_fuzz_fuzz_text_SOURCES = tests/fuzz/fuzz-text.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_text_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)
tests_fuzz_fuzz_readers_SOURCES = tests/fuzz/fuzz-readers.c tests/fuzz/fuzz.h
tests_fuzz_fuzz_readers_LDFLAGS = $(AM_LDFLAGS) $(fuzz_flags)

EXTRA_DIST += tests/fuzz/run

# In a build of its own; see tests/fuzz/run. An hour for each target, which can be interrupted and goes on with what it
# found: nice make check-fuzz SECONDS_EACH=3600, or one after the other: FUZZERS=domain.
check-fuzz:
	@command -v clang >/dev/null || { echo "check-fuzz: install the package clang"; exit 1; }
	$(MKDIR_P) fuzz
	cd fuzz && { test -f Makefile || CC=clang $(abs_top_srcdir)/configure --quiet --disable-hardening \
	  CFLAGS='$(fuzz_cflags)'; }
	cd fuzz && $(MAKE) $(fuzz_programs)
	cd fuzz && $(AM_TESTS_ENVIRONMENT) bash $(abs_srcdir)/tests/fuzz/run $${FUZZERS:-$(fuzzers)}

.PHONY: check-fuzz

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Unit tests and some of the command line with AddressSanitizer and UBSan, which end a program at its first access outside of
# what it has, its first leak or its first undefined operation. The build is that of "make check-asan".
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1

# What was asked of the make that runs this test is not for the other build, nor is what tests find in their environment.
unset "${!MAKE@}" MFLAGS TESTS V2V_ENGINE_DATA_DIR V2V_ENGINE_STATE_DIR

# Tests send signals that stand for a crash of the program: it dies of them, as without sanitizers.
export ASAN_OPTIONS=handle_segv=0:handle_abort=0

run make -C "$builddir" --silent asan/Makefile
ok "it is configured" exits 0
run make -C "$builddir/asan" --silent -j2 all
ok "it compiles" exits 0
find "$builddir/asan/tests" -name '*.trs' -delete
run make -C "$builddir/asan" --silent -j2 -k check-sanitized
# passed RESULTS: all that one test has.
passed() {
	! grep -E '^:test-result: (FAIL|ERROR|XPASS)' "$1" || { grep -vE '^(ok|# took) ' "${1%.trs}.log" | tail -n 60; return 1; }
}
out='' err=''
mapfile -t results < <(find "$builddir/asan/tests" -name '*.trs' | sort)
ok "there are results" test "${#results[@]}" -gt 50
for result in "${results[@]}"; do
	name=${result#"$builddir/asan/"}
	ok "${name%.trs}" passed "$result"
done
ok "nothing else went wrong" exits 0

done_testing

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The C code as cppcheck sees it: values that are not set, pointers that are looked at too late.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1
cd "$srcdir" || exit 1

# Memory that a container of GLib takes over looks lost, an enumeration looks signed, a buffer that is read into looks unset, and a
# pointer that is compared with another looks as if it could be NULL: these kinds are left to the sanitizers.
look() {
	cppcheck --quiet --error-exitcode=1 --enable=warning,portability --library=gtk --suppress=memleak --suppress=unknownMacro \
		--suppress=legacyUninitvar --suppress=nullPointerRedundantCheck:engine/plan/derive.c --suppress=invalidPrintfArgType_uint --suppress=missingIncludeSystem --inline-suppr \
		-I "$srcdir/engine" -I "$builddir" --template='{file}:{line}: {id}: {message}' "$@" 2>&1
}
ok "cppcheck finds nothing" look -j 2 engine
printf 'int f(int *p) { int a = *p; if (p) return a; return 0; }\n' >"$tmp/bad.c"
ok "it would find a fault" is "$(look "$tmp/bad.c" >/dev/null; echo $?)" 1

done_testing

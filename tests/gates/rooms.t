#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The rooms of engine/: no file uses a room above its own, by what it includes and by what the linker sees, and no more than
# two files use each other in a circle.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1

faults() { perl "$srcdir/tests/gates/rooms.pl" check "$@"; }
# Only objects whose source is there: those of files that were renamed may be left in the build directory.
objects() {
	local object
	for object in "$builddir"/engine/*/*.o; do
		local source=${object#"$builddir"/}
		[[ -e $srcdir/${source%.o}.c ]] && printf '%s\0' "$object"
	done | xargs -0 nm -A --format=posix
}
objects >"$tmp/nm"
ok "there are objects" test "$(grep -c ' T ' "$tmp/nm")" -gt 500
ok "each room uses only those below it: $(faults "$srcdir/engine/rooms" "$srcdir" <"$tmp/nm")" is "$(faults "$srcdir/engine/rooms" "$srcdir" <"$tmp/nm")" ""
ok "CONTRIBUTING.md names the list" grep -q 'engine/rooms' "$srcdir/CONTRIBUTING.md"

# It would find each kind of fault.
mkdir -p "$tmp/src/engine/low" "$tmp/src/engine/high"
printf 'low\nhigh\n' >"$tmp/rooms"
echo '#include "high/a.h"' >"$tmp/src/engine/low/x.c"
echo '#include "low/x.h"' >"$tmp/src/engine/high/a.c"
ok "an include of a higher room" is "$(faults "$tmp/rooms" "$tmp/src" </dev/null)" "low/x.c:1: includes a header of high, which is above low"
uses() { printf 'b/%s.o: %s %s 0 0\n' "$@"; }
uses low/x up U high/a up T >"$tmp/up"
ok "a use of a higher room" has "$(faults "$tmp/rooms" "$tmp/none" <"$tmp/up")" "low/x uses up of high/a: high is above low"
uses low/x one T low/x two U low/y two T low/y three U low/z three T low/z one U >"$tmp/circle"
ok "a circle of three files" is "$(faults "$tmp/rooms" "$tmp/none" <"$tmp/circle")" "a circle of 3 files: low/x low/y low/z"
uses low/x one T low/x two U low/y two T low/y one U >"$tmp/pair"
ok "but two files may use each other" is "$(faults "$tmp/rooms" "$tmp/none" <"$tmp/pair")" ""
ok "the graph has the edges" has "$(perl "$srcdir/tests/gates/rooms.pl" dot "$tmp/rooms" "$tmp/none" <"$tmp/up")" "low -> high"

done_testing

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# fmt on files as people have them: standard input, links, modes, lines that end with CR LF. That comments
# survive wherever they stand, tests/unit/test-format.c shows.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1

unformatted=$'v2v-rules 1\nrule   a.b {fail "x\\t\\"#\\x41" # kept\n\n\n}\n'
formatted=$'v2v-rules 1\nrule a.b {\n  fail "x\\t\\"#\\x41" # kept\n}'
fed() {
	local text=$1
	shift
	timeout 60 "$builddir/v2v-engine" "$@" <<<"$text" >"$tmp/run.out" 2>"$tmp/run.err"
	status=$? out=$(<"$tmp/run.out") err=$(<"$tmp/run.err")
}

fed "$unformatted" fmt -
ok "fmt - prints what it read, formatted" is "$out" "$formatted"
ok "and succeeds" exits 0
fed "$unformatted" fmt --check -
ok "--check - fails where the text is not formatted" exits 78 "1 file is not formatted"
ok "and prints no text" is "$out" "standard input"
fed "$formatted" fmt --check -
ok "formatted text passes" exits 0
fed "rule {" fmt -
ok "an error in it is told with its place" exits 78 "standard input:1:1"
ok "and nothing is printed" is "$out" ""

mkdir "$tmp/a" "$tmp/b"
printf %s "$unformatted" | sed 's/$/\r/' >"$tmp/a/dos.v2v"
chmod 640 "$tmp/a/dos.v2v"
ln -s ../a/dos.v2v "$tmp/b/link.v2v"
ln -s /dev/null "$tmp/b/off.v2v"
engine fmt "$tmp"/b/*.v2v
ok "a file is formatted through a link, a link to /dev/null passed over" exits 0
ok "the link stays" test -L "$tmp/b/link.v2v"
ok "lines that end with CR LF do no longer" is "$(<"$tmp/a/dos.v2v")" "$formatted"
ok "the mode of the file stays" is "$(stat -c %a "$tmp/a/dos.v2v")" 640
printf 'v2v-rules 1\nrule b { fail' >"$tmp/a/broken.v2v"
printf %s "$unformatted" >"$tmp/a/other.v2v"
engine fmt "$tmp/a/broken.v2v" "$tmp/a/other.v2v"
ok "a file with an error is left as it is" exits 78 "broken.v2v:2"
ok "it is" is "$(<"$tmp/a/broken.v2v")" $'v2v-rules 1\nrule b { fail'
ok "the others are formatted" is "$(<"$tmp/a/other.v2v")" "$formatted"
done_testing

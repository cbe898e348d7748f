#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# undo: what it is given that is no report of a conversion that succeeded.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1

engine undo
ok "a report has to be named" exits 64 "REPORT|DIRECTORY"
engine undo "$tmp/none.json"
ok "a report that does not exist" exits 66 "none.json"
echo '{"name": ' >"$tmp/cut.json"
engine undo "$tmp/cut.json"
ok "a report that is cut short" exits 65 "cut.json" "--report"
printf '<domain type="xen"><name>g</name><devices><disk type="file"><source file="%s"/><target dev="xvda"/></disk></devices></domain>' \
	"$tmp/none.img" >"$tmp/guest.xml"
engine --report "$tmp/failed.json" "$tmp/guest.xml"
ok "a conversion fails" test "$status" != 0
engine undo "$tmp/failed.json"
ok "its report has nothing to take back" exits 65 "a conversion that failed"
mkdir "$tmp/directory"
engine undo "$tmp/directory"
ok "a directory that no conversion kept" exits 66 "no directory of an in-place conversion"

# What others may have written.
umask 022
report() {
	printf '{"name": "g", "status": 0, "undo": {"version": 1, "output": "%s", "files": [%s], "sources": [], "notes": {%s}}}\n' "$@"
}
printf '#!/bin/sh\n: >"%s/mark"\n' "$tmp" >"$tmp/program"
chmod 755 "$tmp/program"
for uri in "qemu+ext://host/system?command=$tmp/program" "qemu+ssh://host/system?netcat=$tmp/program"; do
	report libvirt '' '"uuid": "1b5cd8b1-90b5-4a3b-9a3f-0c5d4c4b0001", "uri": "'"$uri"'"' >"$tmp/uri.json"
	engine undo --force "$tmp/uri.json"
	ok "no program of a report is run: ${uri%%:*}" exits 77 "--output-connect"
	ok "it was not run: ${uri%%:*}" test ! -e "$tmp/mark"
done
engine undo --output-connect test:///default "$tmp/uri.json"
ok "the user's connection has to be the report's" exits 65 "test:///default" "but the report says"
report local '' '' >"$tmp/open.json"
chmod 666 "$tmp/open.json"
engine undo "$tmp/open.json"
ok "a report that others can write" exits 77 "another user may have written it" "0666"
chmod 644 "$tmp/open.json"
engine undo "$tmp/open.json"
ok "one that they cannot" exits 0 "nothing is left"
mkdir "$tmp/both"
mv "$tmp/open.json" "$tmp/both"
ln -s both "$tmp/both-link"
engine undo "$tmp/both-link/open.json"
ok "through a link of one's own" exits 0 "nothing is left"
mkdir -m 777 "$tmp/public"
ln -s "$tmp/both" "$tmp/public/link"
engine undo "$tmp/public/link/open.json"
ok "through a link that others could have put there" exits 77 "the link link on this path"
mkdir -m 700 "$tmp/in-place-1"
for file in "$tmp/deep.json" "$tmp/in-place-1/journal.json"; do
	head -c 100000 /dev/zero | tr '\0' '[' >"$file"
done
engine undo "$tmp/deep.json"
ok "a report without end" exits 65 "deep.json" "nested more than 64 deep"
engine undo "$tmp/in-place-1"
ok "a journal without end" exits 65 "journal.json" "nested more than 64 deep"
engine guest.xml --keep-undo
ok "--keep-undo belongs to in-place" exits 64 "--keep-undo belongs to --storage in-place"

done_testing

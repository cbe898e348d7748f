#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# undo: what it is given that is no report of a conversion that succeeded.
. "$V2V_TEST_SRCDIR/tests/lib.sh"

engine undo
ok "a report has to be named" exits 64 "REPORT|FOLDER"
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
mkdir "$tmp/folder"
engine undo "$tmp/folder"
ok "a folder that no conversion kept" exits 66 "no folder of an in-place conversion"
engine guest.xml --keep-undo
ok "--keep-undo belongs to in-place" exits 64 "--keep-undo belongs to --storage in-place"

done_testing

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The lines of --progress-fd, as far as a conversion gets without an appliance.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1

cd "$tmp" || exit 1
cat >guest.xml <<END
<domain type="xen"><name>g</name><memory>1048576</memory><devices>
<disk type="file"><driver name="qemu" type="raw"/><source file="$tmp/disk.img"/><target dev="xvda"/></disk></devices></domain>
END
truncate -s 1M disk.img

# A program that takes its time, longer than a step may be silent.
mkdir bin
printf '#!/bin/sh\nsleep 6.5\necho it does not work >&2\nexit 3\n' >bin/qemu-img
chmod +x bin/qemu-img
PATH=$tmp/bin:$PATH engine --progress-fd 9 --report "$tmp/report.json" guest.xml 9>progress
ok "a conversion whose tool is slow, and fails" exits 74 "it does not work"
ok "lines are JSON, one object each" is "$(jq -r type progress | sort -u)" object
ok "the steps that it began" is "$(jq -r 'select(.event == "begin").step' progress | tr '\n' ' ')" "read examine "
ok "with their number" is "$(jq -r 'select(.event == "begin") | "\(.number)/\(.of)"' progress | tr '\n' ' ')" "1/10 2/10 "
ok "every line has a time" is "$(jq -r .time progress | grep -cvE '^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$')" 0
ok "and the guest" is "$(jq -r .guest progress | sort -u)" guest.xml
ok "a step that lasts gives a sign" is "$(jq -r 'select(.event == "alive") | "\(.step) \(.elapsed >= 5 and .idle >= 5) \(.fraction)"' progress)" "examine true 0"
ok "the last line says why it ended" is "$(tail -n 1 progress | jq -r '"\(.event) \(.status) \(.step) \(.number)"')" "error 74 examine 2"
ok "numbers have at most three digits after the point" is "$(grep -cE '\.[0-9]{4}|[0-9]e-' progress report.json)" "$(printf 'progress:0\nreport.json:0')"

# Every member of a line is in the manual.
members() { jq -r 'keys[]' progress | sort -u; }
undocumented() {
	local member
	sed -n '/progress\\-fd/,/^\.B \\-\\-quiet/p' "$srcdir/doc/v2v-engine.1" >manual
	while read -r member; do grep -qE "\b$member\b" manual || echo "$member"; done < <(members)
}
ok "every member is in the manual" is "$(undocumented)" ""

done_testing

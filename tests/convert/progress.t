#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What a person, a pipe and a program see of a conversion.
. "$V2V_TEST_SRCDIR/tests/convert/lib.sh"

name=phony-debian-like
guest phony.sh $name --spec debian-like || exit 1

mkdir "$tmp/pipe"
engine --output-dir "$tmp/pipe" --progress-fd 9 --report "$tmp/report.json" "$made/$name.xml" converted 9>"$tmp/progress"
ok "a pipe: success" exits 0
ok "a pipe gets plain lines" has "$err" "v2v-engine: Looking into the guest"
ok "and nothing a terminal would obey" hasnt "$err" $'\033'
ok "standard output has the result alone" is "$out" "$tmp/pipe/converted.xml"
ok "JSON lines are JSON" jq -e . "$tmp/progress"
ok "each step begins and ends" is "$(jq -r 'select(.event == "begin").step' "$tmp/progress")" \
	"$(jq -r 'select(.event == "end").step' "$tmp/progress")"
ok "steps are named" is "$(jq -r 'select(.event == "begin").step' "$tmp/progress" | tr '\n' ' ')" \
	"read examine appliance inspect plan convert close store create "
ok "conversion tells how far it is" test "$(grep -c '"event":"progress","step":"convert"' "$tmp/progress")" -gt 2
ok "the report names rules" test "$(jq '.fired | length' "$tmp/report.json")" -gt 5
ok "the report names changes" jq -e '[.steps[].changes[]? | select(.path == "/etc/fstab")] | length > 0' "$tmp/report.json"
ok "the report gives each request its rule" jq -e '[.steps[].requests[] | select(.rules | length == 0)] | length == 0' "$tmp/report.json"

mkdir "$tmp/tty"
run script -qec "stty cols 100; '$builddir/v2v-engine' --output-dir '$tmp/tty' '$made/$name.xml' converted" "$tmp/typescript"
ok "a terminal: success" exits 0
ok "a terminal sees a bar" grep -q '\[#*-*\]' "$tmp/typescript"
ok "and named steps with their times" grep -qE 'Looking into the guest +[0-9.]+ s' "$tmp/typescript"

mkdir "$tmp/quiet"
engine --quiet --storage copy --output-dir "$tmp/quiet" "$made/$name.xml" converted
ok "--quiet: success" exits 0
ok "--quiet says nothing" is "$out$(grep -v warning <<<"$err")" ""

done_testing

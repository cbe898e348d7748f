#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What a person, a pipe and a program see of a conversion.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/convert/lib.sh" || exit 1

guest phony.sh phony-debian-like --spec debian-like || exit 1
# A guest of its own, with a large file that was deleted: its blocks still hold what it held.
source=$tmp/source.xml
deleted_mib=24
cp "$made/phony-debian-like.img" "$tmp/source.img" && sed "s|$made/phony-debian-like.img|$tmp/source.img|" "$made/phony-debian-like.xml" >"$source"
head -c "${deleted_mib}M" /dev/urandom >"$tmp/large"
for request in "write $tmp/large /large" "rm /large"; do
	debugfs -w -R "$request" "$tmp/source.img?offset=1048576" >"$tmp/debugfs.log" 2>&1
done
mib() { echo $(($(stat -c %b "$1") / 2048)); }

mkdir "$tmp/pipe"
engine --output-dir "$tmp/pipe" --progress-fd 9 --report "$tmp/report.json" "$source" converted 9>"$tmp/progress"
ok "a pipe: success" exits 0
ok "a pipe gets plain lines" has "$err" "v2v-engine: Looking into the guest"
ok "and nothing a terminal would obey" hasnt "$err" $'\033'
ok "and nothing that is only for --verbose" hasnt "$err" "debug"
ok "standard output has the result alone" is "$out" "$tmp/pipe/converted.xml"
ok "JSON lines are JSON" jq -e . "$tmp/progress"
ok "each step begins and ends" is "$(jq -r 'select(.event == "begin").step' "$tmp/progress")" \
	"$(jq -r 'select(.event == "end").step' "$tmp/progress")"
ok "steps are named" is "$(jq -r 'select(.event == "begin").step' "$tmp/progress" | tr '\n' ' ')" \
	"read examine appliance inspect plan convert trim close store create "
ok "conversion tells how far it is" test "$(jq -s '[.[] | select(.event == "progress" and .step == "convert")] | length' "$tmp/progress")" -gt 2
ok "fractions only grow" jq -es '[group_by(.step)[] | [.[].fraction] | . == sort] | all' "$tmp/progress"
ok "no event tells of a failure" hasnt "$(<"$tmp/progress")" '"error"'
ok "the report says that it worked" is "$(jq -r '"\(.status) \(.result) \(.error)"' "$tmp/report.json")" "0 $tmp/pipe/converted.xml null"
ok "the report names rules" test "$(jq '.fired | length' "$tmp/report.json")" -gt 5
ok "the report names changes" jq -e '[.steps[].changes[]? | select(.path == "/etc/fstab")] | length > 0' "$tmp/report.json"
ok "with length and checksum" jq -e '[.steps[].changes[]? | select(.path == "/etc/fstab" and .call == "write")
	| select(.length > 0 and (.sha256 | length) == 64)] | length > 0' "$tmp/report.json"
ok "the report gives each request its rule" jq -e '[.steps[].requests[] | select(.rules | length == 0)] | length == 0' "$tmp/report.json"
ok "the report has the facts" is "$(jq -r .facts.os.id "$tmp/report.json")" debian

ok "what was deleted is not copied" test "$(mib "$tmp/pipe/converted-sda")" -lt $(($(mib "$tmp/source.img") - deleted_mib + 8))

# What a scheduler does that does not know whether the first run ended.
cp "$tmp/report.json" "$tmp/report.was"
again() { engine --output-dir "$tmp/pipe" --report "$tmp/report.json" "$@" "$source" converted; }
again --timeout 600
ok "a second run has nothing to do" exits 0 "already converted: $tmp/report.json tells of this conversion"
ok "and names the result" is "$out" "$tmp/pipe/converted.xml"
ok "the report stays" cmp "$tmp/report.json" "$tmp/report.was"
again --no-virtio
ok "another conversion finds the result in its way" exits 73 "converted.xml exists" "$tmp/report.json.failed"
touch "$tmp/pipe/converted-sda"
again
ok "so does the same one, once the result was changed" exits 73 \
	"this conversion was done before, but $tmp/pipe/converted-sda has been written to since" "converted.xml exists"
ok "the report stays then, too" cmp "$tmp/report.json" "$tmp/report.was"
engine undo --force "$tmp/report.json"
ok "and undo can use it" exits 0 "removed $tmp/pipe/converted-sda"

# From here on it does not matter what is converted.
mkdir -p "$tmp/tree/rules" "$tmp/tty" "$tmp/quiet" "$tmp/failed"
cp "$srcdir/rules/prelude.v2v" "$tmp/tree/rules/"
cat >"$tmp/tree/rules/little.v2v" <<'END'
v2v-rules 1

rule little.warning {
  describe "has something to say"
  when source.name is set
  warn "look at this"
}
END
export V2V_ENGINE_DATA_DIR=$tmp/tree

"$builddir/v2v-engine" --quiet --no-trim --output-dir "$tmp/quiet" "$source" converted >"$tmp/quiet.out" 2>"$tmp/quiet.err" </dev/null &
run script -qec "stty cols 100; '$builddir/v2v-engine' --output-dir '$tmp/tty' '$source' converted" "$tmp/typescript"
ok "a terminal: success" exits 0
ok "a terminal sees a bar" grep -q '\[#*-*\]' "$tmp/typescript"
ok "and named steps with their times" grep -qE 'Looking into the guest +[0-9.]+ s' "$tmp/typescript"
ok "and warnings on lines of their own" grep -qE '(^|K)v2v-engine: warning: .*look at this' "$tmp/typescript"
ok "and the result" grep -q "^$tmp/tty/converted.xml" "$tmp/typescript"
wait $!
status=$? out=$(<"$tmp/quiet.out") err=$(<"$tmp/quiet.err")
ok "--quiet: success" exits 0
ok "--quiet: there is a result" is "$(ls -A "$tmp/quiet")" "$(printf 'converted-sda\nconverted.xml')"
ok "--no-trim copies it all the same" test "$(mib "$tmp/quiet/converted-sda")" -ge "$(mib "$tmp/tty/converted-sda")" -a \
	"$(mib "$tmp/quiet/converted-sda")" -gt "$deleted_mib"
ok "--quiet says what may be wrong, and nothing else" is "$(grep -vc 'warning: .*look at this' <<<"$out$err")" 0

# An appliance that does not start.
export LIBGUESTFS_HV=/bin/false
engine --verbose --output-dir "$tmp/failed" --progress-fd 9 --report "$tmp/failed.json" "$source" converted 9>"$tmp/progress"
ok "a failure" exits 69 "error: the appliance does not start"
ok "--verbose says which programs are run" has "$err" "v2v-engine: debug: running: qemu-img"
ok "the last event says what failed" is "$(tail -n 1 "$tmp/progress" | jq -r '"\(.event) \(.status) \(.message)"' | head -n 1)" \
	"error 69 $(jq -r .error "$tmp/failed.json" | head -n 1)"
ok "the step that failed has not ended" is "$(jq -r 'select(.event == "end").step' "$tmp/progress" | tr '\n' ' ')" "read examine "
ok "the report says what failed" is "$(jq -r .status "$tmp/failed.json")" 69
engine --quiet --output-dir "$tmp/failed" "$source" converted
ok "--quiet says what failed, and nothing else" is "$(grep -c 'v2v-engine: ' <<<"$err") $(head -n 1 <<<"$err" | cut -d: -f2)" "1  error"
ok "nothing is made" is "$(ls -A "$tmp/failed")" ""

done_testing

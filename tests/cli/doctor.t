#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# doctor: each thing that a conversion needs, and what would mend it. No appliance is started.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1

engine doctor
ok "this host can convert guests" exits 0
for what in rules KVM emulator "disk images" libguestfs libvirt "libvirt's schema" "firmware for guests with EFI" "room for temporary files" \
	"room for the appliance" memory appliance; do
	ok "it tells of: $what" has "$out" "$what: "
done
lines=$(grep -cE '^(ok|warning|fault) ' <<<"$out")
engine doctor --json
ok "as JSON" exits 0
ok "as JSON: the same" is "$(jq length <<<"$out")" "$lines"
ok "as JSON: what is wrong has a way to mend it" is "$(jq '[.[] | select(.verdict != "ok" and .do == null)] | length' <<<"$out")" 0

# faulty WHAT FOUND WAY: the last run told of one fault
faulty() {
	[[ $status == 69 ]] || { echo "status $status"; return 1; }
	grep -A 1 "^fault    $1: .*$2" <<<"$out" | grep -q "^         do: .*$3" || { printf '%s\n' "$out"; return 1; }
	has "$err" "mend the 1 fault above"
}
TMPDIR=$tmp/gone engine doctor
ok "a directory for temporary files that is not there" faulty "room for temporary files" "$tmp/gone: No such file" "TMPDIR"
LIBGUESTFS_HV=$tmp/gone engine doctor
ok "an emulator that is not there" faulty emulator "$tmp/gone" "LIBGUESTFS_HV"
mkdir "$tmp/rules"
echo wrong >"$tmp/rules/wrong.v2v"
engine doctor --rules-dir "$tmp"
ok "rules with errors" faulty rules "error" "v2v-engine check"
V2V_ENGINE_ACCEL=tcg engine doctor
ok "emulation is a warning" has "$out" "warning  KVM: V2V_ENGINE_ACCEL=tcg asks for emulation, so that the appliance is emulated"
ok "emulation is no fault" exits 0
engine doctor guest.xml
ok "it takes no guest" exits 64

done_testing

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A Debian 11 Xen PV guest, converted in place and booted before it is kept, though it powers itself off as
# soon as it is up; a second conversion writes no byte, and undo brings the former disk back.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/convert/lib.sh" || exit 1

name=debian-bullseye-nouuid
guest debian.sh $name --suite bullseye --no-uuid || exit 1
cp --sparse=always "$made/$name.img" "$tmp/disk.img"
sed "s,$made/$name.img,$tmp/disk.img," "$made/$name.xml" >"$tmp/guest.xml"
mkdir "$tmp/out" "$tmp/again" "$tmp/work"
report=/usr/local/lib/v2v-boot-report
printf '#!/bin/sh\nsystemctl poweroff --no-block\n' >"$tmp/off"
printf 'rm %s\nwrite %s %s\nsif %s mode 0100755\n' $report "$tmp/off" $report $report |
	debugfs -w -f - "$tmp/disk.img?offset=1048576" >/dev/null 2>&1

original=$(sha256sum <"$tmp/disk.img")

verify=(--verify --verify-timeout 400)
[[ -z ${V2V_TEST_NO_BOOT:-} ]] || verify=()
engine "${verify[@]}" --storage in-place --keep-undo --work-dir "$tmp/work" --output-dir "$tmp/out" --report "$tmp/report.json" \
	"$tmp/guest.xml" converted
ok "it is converted" exits 0
ok "only what undo needs is left" is "$(find "$tmp/work" -type f -printf '%f\n' | sort)" $'journal.json\nundo-0'
ok "the domain names the disk itself" is \
	"$(xmllint --xpath 'string(/domain/devices/disk/source/@file)' "$tmp/out/converted.xml")" "$tmp/disk.img"
if [[ -n ${V2V_TEST_NO_BOOT:-} ]]; then
	skip "it was booted before it was kept" "V2V_TEST_NO_BOOT is set"
else
	ok "it was booted before it was kept" is "$(jq -r '.verify | "\(.boots) \(.sign[:14])"' "$tmp/report.json")" "true V2V-VERIFY-UP-"
fi

before=$(sha256sum <"$tmp/disk.img")
stamp=$(stat -c %y "$tmp/disk.img")
engine --storage in-place --work-dir "$tmp/work" --output-dir "$tmp/again" "$tmp/out/converted.xml"
ok "it is converted again" exits 0
ok "that writes no byte" is "$(sha256sum <"$tmp/disk.img")" "$before"
ok "and does not touch the disk" is "$(stat -c %y "$tmp/disk.img")" "$stamp"
ok "the domain is equal" same_domain "$tmp/again/converted.xml" "$tmp/out/converted.xml"

engine undo "$tmp/report.json"
ok "it is taken back" exits 0
ok "the disk is as it was" is "$(sha256sum <"$tmp/disk.img")" "$original"
ok "nothing else is left" is "$(find "$tmp/out" "$tmp/work" -mindepth 1)" ""
engine undo "$tmp/report.json"
ok "taking it back again does nothing" exits 0 "was taken back already"

done_testing

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A Debian 12 Xen PV guest whose boot files name the disk (GRUB_DISABLE_LINUX_UUID):
# unconverted it does not boot on virtio, converted by copy it does, and converting
# the result changes nothing.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/convert/lib.sh" || exit 1

name=debian-bookworm-nouuid
guest debian.sh $name --suite bookworm --no-uuid || exit 1
before=$(sha256sum <"$made/$name.img")

unconverted() {
	! "$guests/boot.sh" "$made/$name.img" --format raw --timeout 300
}
if [[ -n ${V2V_TEST_NO_BOOT:-} ]]; then
	skip "unconverted it does not boot on virtio" "V2V_TEST_NO_BOOT is set"
else
	ok "unconverted it does not boot on virtio" unconverted
fi

mkdir "$tmp/out"
engine --output-dir "$tmp/out" --report "$tmp/report.json" "$made/$name.xml" converted
ok "it is converted" exits 0
ok "the result is named" is "$out" "$tmp/out/converted.xml"
ok "the source is as it was" is "$(sha256sum <"$made/$name.img")" "$before"
ok "only results are left" is "$(ls -A "$tmp/out")" "$(printf 'converted-sda\nconverted.xml')"
boot_ok "it boots on virtio with its disk renamed and its interface's name kept" \
	"$tmp/out/converted.xml" "$made/$name.expect"

mkdir "$tmp/again"
engine --output-dir "$tmp/again" --report "$tmp/again.json" "$tmp/out/converted.xml"
ok "the result is converted again" exits 0
ok "that changes nothing in the guest" is "$(step_results "$tmp/again.json" | grep -cv ' already$')" 0
cp "$tmp/again/converted.xml" "$tmp/again.xml"
sed -i "s,$tmp/again/,$tmp/out/,g" "$tmp/again.xml"
ok "nor in the domain" same_domain "$tmp/again.xml" "$tmp/out/converted.xml"

done_testing

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A real guest of VMware by its .vmx and a disk in pieces, on a storage stack of its own, with two interfaces of fixed
# addresses whose names depend on their slots; its file systems are examined. The commit chooses one of them, or V2V_TEST_LAYOUT does; check-long has them all.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/convert/lib.sh" || exit 1

layouts=(lvm btrfs uefi luks systemd-boot dracut)
layout=${V2V_TEST_LAYOUT:-${layouts[$(($(turn) % ${#layouts[@]}))]}}
layout_guest "$layout" || exit 1
sums() { (cd "$made" && sha256sum layout-"$layout"*.vm*); }
before=$(sums)
mkdir "$tmp/out"
layout_arguments "$layout"

engine --verbose --report "$tmp/report.json" --check-file-systems --network default --output-dir "$tmp/out" "${arguments[@]}" "$made/layout-$layout.vmx" converted
ok "$layout: it is converted" exits 0
ok "$layout: no passphrase is told" is "$(cat "$tmp/report.json" - <<<"$out$err" | grep -c kept-from-all)" 0
ok "$layout: the source is as it was" is "$(sums)" "$before"
ok "$layout: nothing temporary is left" is "$(find "$tmp" -maxdepth 1 -name 'v2v-engine.*')" ""
boot_ok "$layout: it boots on virtio, with its names and addresses" "$tmp/out/converted.xml" "$made/layout-$layout.expect" --passphrase kept-from-all

done_testing

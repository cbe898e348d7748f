#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A Debian 12 Xen PV guest that finds its root by UUID, converted into a snapshot.
. "$V2V_TEST_SRCDIR/tests/convert/lib.sh"

name=debian-bookworm
guest debian.sh $name --suite bookworm || exit 1
before=$(sha256sum <"$made/$name.img")

mkdir "$tmp/out" "$tmp/snapshots"
engine --storage snapshot --snapshot-dir "$tmp/snapshots" --output-dir "$tmp/out" "$made/$name.xml" converted
ok "it is converted" exits 0
ok "the source is as it was" is "$(sha256sum <"$made/$name.img")" "$before"
disk=$(xmllint --xpath 'string(/domain/devices/disk/source/@file)' "$tmp/out/converted.xml")
ok "the disk is in the snapshot folder" is "$(dirname "$disk")" "$tmp/snapshots"
ok "its backing file is the source, with its format" is \
	"$(qemu-img info --output=json "$disk" | jq -r '."backing-filename", ."backing-filename-format"')" \
	"$(printf '%s\nraw' "$made/$name.img")"
boot_ok "it boots on virtio" "$tmp/out/converted.xml" "$made/$name.expect"

done_testing

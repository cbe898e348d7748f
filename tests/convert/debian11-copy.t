#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A Debian 11 Xen PV guest that finds its root by UUID, copied to qcow2.
. "$V2V_TEST_SRCDIR/tests/convert/lib.sh"

name=debian-bullseye
guest debian.sh $name --suite bullseye || exit 1

mkdir "$tmp/out"
engine convert --output-dir "$tmp/out" --output-format qcow2 "$made/$name.xml"
ok "it is converted" exits 0
ok "it keeps its name" is "$(ls "$tmp/out")" "$(printf '%s-sda\n%s.xml' $name $name)"
ok "the disk stands alone" is "$(qemu-img info --output=json "$tmp/out/$name-sda" | jq -r '.format, ."backing-filename"')" \
	"$(printf 'qcow2\nnull')"
boot_ok "it boots on virtio" "$tmp/out/$name.xml" "$made/$name.expect"

done_testing

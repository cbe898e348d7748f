#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A guest as Xen's hosters made them: a disk xvda1 that is a file system, a kernel of the host, neither kernel nor boot loader
# inside. It gets a kernel and starts with it from outside.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/convert/lib.sh" || exit 1

name=debian-classic
guest debian.sh $name --suite bookworm --classic || exit 1
before=$(sha256sum <"$made/$name.img")
mkdir "$tmp/out"
# shellcheck disable=SC2190 # of its own: lib.sh has another
with=(--with "debian12.x86_64.linux-image=$made/$name.kernel.deb")

engine plan "${with[@]}" "$made/$name.xml"
ok "without --direct-boot it is refused, with the way out" exits 65 "--direct-boot"
engine --direct-boot "${with[@]}" --output-dir "$tmp/out" --report "$tmp/report.json" "$made/$name.xml" converted
ok "it is converted" exits 0 "after a kernel update in the guest, they have to be copied again"
ok "the source is as it was" is "$(sha256sum <"$made/$name.img")" "$before"
ok "kernel and initramfs are beside the domain" is "$(ls -A "$tmp/out")" "$(printf 'converted-%s\n' initrd kernel sda; echo converted.xml)"
of_os() { xmllint --xpath "string(/domain/os/$1)" "$tmp/out/converted.xml"; }
ok "the domain names them" is "$(of_os kernel) $(of_os initrd)" "$tmp/out/converted-kernel $tmp/out/converted-initrd"
ok "with what Xen gave the kernel, and the new names" is "$(of_os cmdline)" "root=/dev/vda ro console=ttyS0"
ok "nothing of the conversion is in the domain" is "$(grep -c urn:v2v-engine "$tmp/out/converted.xml")" 0
boot_ok "it boots on virtio from a disk without a partition table" "$tmp/out/converted.xml" "$made/$name.expect"
engine undo "$tmp/report.json"
ok "undo takes all of it back" exits 0
ok "nothing is left" is "$(ls -A "$tmp/out")" ""

done_testing

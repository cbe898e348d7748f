#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Guests of whom there are the disks alone: what metadata would say comes from the command line,
# from the disks' partitions, or from the guest.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/convert/lib.sh" || exit 1

guest phony.sh phony-efi-edit --spec efi-edit || exit 1
guest phony.sh phony-debian-like --spec debian-like || exit 1
before=$(sha256sum <"$made/phony-debian-like.img")

cp --sparse=always "$made/phony-efi-edit.img" "$tmp/efi.img"
sfdisk -q --part-type "$tmp/efi.img" 1 ef
engine facts --format json --input-format raw "$tmp/efi.img"
ok "facts of a disk alone" exits 0
fact() { jq -r "$1" <<<"$out"; }
ok "a partition for EFI says what starts the guest" is "$(fact .source.firmware)" efi
ok "nobody says who ran it" is "$(fact .source.hypervisor)" null
ok "it has a whole machine" is "$(fact .source.virt)" hvm
ok "and the memory that a guest gets" is "$(fact .source.memory)" 2147483648
ok "its system is looked for all the same" is "$(fact .os.id)" centos
ok "its disk may have any name" is "$(fact '[.disk_name[] | select(.new == "/dev/vda").old] | join(" ")')" \
	"/dev/sda /dev/hda /dev/xvda /dev/vda /dev/nvme0n1 /dev/cciss/c0d0"

mkdir "$tmp/out"
engine --hypervisor xen --input-format raw --memory 1GiB --output-dir "$tmp/out" --report "$tmp/report.json" "$made/phony-debian-like.img" converted
ok "a disk alone is converted" exits 0
ok "the source is as it was" is "$(sha256sum <"$made/phony-debian-like.img")" "$before"
ok "with its name in fstab" has "$(debugfs -R "cat /etc/fstab" "$tmp/out/converted-sda?offset=1048576" 2>/dev/null)" "/dev/vda1"
ok "and what was Xen's taken away" has "$(step_results "$tmp/report.json")" "set_console"
status=0
xpath() { xmllint --xpath "string($1)" "$tmp/out/converted.xml"; }
ok "the domain: type" is "$(xpath /domain/@type)" kvm
ok "the domain: memory" is "$(xpath /domain/memory)" 1048576
ok "the domain: architecture" is "$(xpath /domain/os/type/@arch)" x86_64
ok "the domain: disk" is "$(xpath /domain/devices/disk/target/@dev)" vda
ok "the domain: network" is "$(xpath /domain/devices/interface/source/@network)" default

done_testing

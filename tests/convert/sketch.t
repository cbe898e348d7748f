#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The command line that the program was sketched with, word for word: a Red Hat Enterprise
# Linux 5.3 Xen PV guest gets a kernel from a file and no virtio, in a snapshot.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/convert/lib.sh" || exit 1

guest phony.sh rhel53xen --spec rhel53xen || exit 1
before=$(sha256sum <"$made/rhel53xen.img")
mkdir "$tmp/here" "$tmp/snapshots"
cp "$made/rhel53xen.xml" "$made/rhel53xen.kernel.rpm" "$tmp/here/"
cd "$tmp/here" || exit 1
command_line=(--target kvm --no-virtio --with "rhel5.i386.kernel=$tmp/here/rhel53xen.kernel.rpm"
	--storage snapshot --snapshot-dir "$tmp/snapshots" --source libvirtxml --network default rhel53xen.xml rhel53kvm)

engine "${command_line[@]}"
ok "it is converted" exits 0
ok "the domain is in the current directory" is "$out" "$tmp/here/rhel53kvm.xml"
ok "nothing else is" is "$(ls -A)" "$(printf '%s\n' rhel53kvm.xml rhel53xen.kernel.rpm rhel53xen.xml)"
ok "the disk is in the directory of snapshots" is "$(ls -A "$tmp/snapshots")" rhel53kvm-sda
ok "the source is as it was" is "$(sha256sum <"$made/rhel53xen.img")" "$before"

# ---- the domain ----
xpath() { xmllint --xpath "string($1)" rhel53kvm.xml; }
ok "the domain is one of KVM" is "$(xpath /domain/@type) $(xpath /domain/os/type)" "kvm hvm"
ok "it has the new name" is "$(xpath /domain/name)" rhel53kvm
ok "nothing of Xen is left in it" is "$(grep -ic xen <(sed '/backingStore/,/<\/backingStore>/d; /urn:v2v-engine/d; /<v2v:/d; /uuid/d' rhel53kvm.xml))" 0
ok "its disk is the snapshot" is "$(xpath /domain/devices/disk/source/@file) $(xpath /domain/devices/disk/driver/@type)" \
	"$tmp/snapshots/rhel53kvm-sda qcow2"
ok "the disk is on IDE" is "$(xpath /domain/devices/disk/target/@bus) $(xpath /domain/devices/disk/target/@dev)" "ide hda"
ok "the interface is an e1000" is "$(xpath /domain/devices/interface/model/@type)" e1000
ok "it is connected to the network" is "$(xpath /domain/devices/interface/@type) $(xpath /domain/devices/interface/source/@network)" \
	"network default"
ok "it has its address still" is "$(xpath /domain/devices/interface/mac/@address)" \
	"$(xmllint --xpath 'string(/domain/devices/interface/mac/@address)' rhel53xen.xml)"

# ---- the guest's files ----
ok "the snapshot is built on the source, in its format" is \
	"$(qemu-img info --output=json "$tmp/snapshots/rhel53kvm-sda" | jq -r '."backing-filename", ."backing-filename-format"')" \
	"$(printf '%s\nraw' "$made/rhel53xen.img")"
qemu-img convert -f qcow2 -O raw "$tmp/snapshots/rhel53kvm-sda" "$tmp/disk.raw"
# The file system begins with the first partition, at 1 MiB.
in_guest() { debugfs -R "$1" "$tmp/disk.raw?offset=1048576" 2>/dev/null; }
menu=$(in_guest "cat /boot/grub/grub.conf" | grep -v '^#')
ok "the root is on the new disk" has "$(in_guest 'cat /etc/fstab')" "/dev/hda1"
ok "fstab has no old name" is "$(in_guest 'cat /etc/fstab' | grep -v '^#' | grep -c dev/xvd)" 0
ok "GRUB knows the new disk" has "$(in_guest 'cat /boot/grub/device.map')" "/dev/hda"
ok "GRUB has an entry for the new kernel" has "$menu" "kernel /boot/vmlinuz-2.6.18-128.el5 ro root=/dev/hda1"
default=$(sed -n 's/^default=//p' <<<"$menu")
ok "and starts it" has "$(grep ^title <<<"$menu" | sed -n "$((default + 1))p")" "(2.6.18-128.el5)"
ok "no old name is in the menu" is "$(grep -cE 'xvd|xvc' <<<"$menu")" 0
ok "the new kernel is there" has "$(in_guest 'ls -p /boot')" "/vmlinuz-2.6.18-128.el5/"
ok "with its initrd" has "$(in_guest 'ls -p /boot')" "/initrd-2.6.18-128.el5.img/"
ok "the guest's own rpm has installed it" grep -q '^rpm .*-i.*kernel' <(in_guest 'cat /var/log/phony.log')
ok "no driver of Xen is configured" hasnt "$(in_guest 'cat /etc/modprobe.conf')" xen

# With "convert" the same is meant: so much so that now the result is in its way.
engine convert "${command_line[@]}"
ok "with the word convert it is the same" exits 73 "rhel53kvm.xml exists"

done_testing

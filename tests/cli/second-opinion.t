#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What explains the blocks in which a converted disk differs from its source's (tests/convert/blocks.py): it finds one that nothing explains.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1

PATH=$PATH:/usr/sbin:/sbin
for tool in sfdisk debugfs dumpe2fs blkid mkfs.ext4 python3; do
	command -v "$tool" >/dev/null || skip_all "there is no $tool"
done
cd "$tmp" || exit 1

# ---- a disk with a gap, a system and swap ----
mkdir -p tree/{etc,boot,srv}
echo here >tree/etc/hostname
echo "/dev/xvda1 / ext4" >tree/etc/fstab
for name in srv/data boot/initrd.img; do head -c 40960 /dev/urandom >"tree/$name"; done
mkfs.ext4 -q -F -b 1024 -d tree part.img 8M 2>/dev/null
truncate -s 12M before.img
sfdisk -q before.img >/dev/null 2>&1 <<-'END'
	label: dos
	2048 16384 L
	18432 2048 S
END
dd if=part.img of=before.img bs=512 seek=2048 conv=notrunc status=none
dd if=/dev/urandom of=before.img bs=512 seek=18432 count=100 conv=notrunc status=none
mkswap -q -o 9437184 before.img 1024 >/dev/null 2>&1 || :

changed() { debugfs -w -f - "after.img?offset=1048576" >/dev/null 2>&1; }
# begin PATH ...: an untouched copy, and a report that has these paths and programs ("!grub-install ...") on record
begin() {
	local changes=()
	cp before.img after.img
	for one; do
		if [[ $one == !* ]]; then changes+=("{\"call\": \"command\", \"detail\": \"${one#!}\"}")
		else changes+=("{\"call\": \"write\", \"path\": \"$one\"}"); fi
	done
	printf '{"steps": [{"operation": "x"}, {"changes": [%s]}]}\n' "$(IFS=,; echo "${changes[*]}")" >report.json
}
explain() { run python3 "$srcdir/tests/convert/blocks.py" report.json before.img after.img; }
# flip OFFSET: changes one byte of the copy
flip() {
	local byte
	byte=$(od -An -tu1 -j "$1" -N 1 after.img)
	printf "%b" "\\x$(printf %x $((byte ^ 1)))" | dd of=after.img bs=1 seek="$1" conv=notrunc status=none
}
# place PATH: where the first byte of a file of the system is on the disk
place() { echo $((1048576 + 1024 * $(debugfs -R "bmap $1 0" "before.img?offset=1048576" 2>/dev/null))); }
# unexplained TEXT: exactly that is, and the status says so
unexplained() {
	[[ $status == 1 && $(grep -c ^unexplained: <<<"$out") == 1 ]] && has "$out" "$1"
}

begin
explain
ok "a disk that is the same needs no explanation" is "$status $out" "0 "

begin /etc/fstab
echo "/dev/vda1 / ext4" >new
changed <<-'END'
	rm /etc/fstab
	write new /etc/fstab
END
explain
ok "a file on record is explained" is "$status" 0
ok "by name" has "$out" "inode table: "
head -c 3000000 /dev/urandom >large
begin /srv/large
changed <<-'END'
	write large /srv/large
END
explain
ok "a file of thousands of blocks is explained" is "$status" 0
ok "each of them" has "$out" "files on record: 29"
begin /etc/hosts
changed <<-'END'
	rm /etc/hostname
	write new /etc/hostname
END
explain
ok "one without a record is not" is "$status" 1

begin /etc/fstab
flip "$(place /srv/data)"
explain
ok "one byte of a file without a record is found" unexplained /srv/data
begin /srv/data
flip "$(place /srv/data)"
explain
ok "and explained by its record" is "$status $out" "0 files on record: 1"
begin /srv/data2 /srv/dat
flip "$(place /srv/data)"
explain
ok "but not by a name like it" unexplained /srv/data
begin "!update-initramfs -u"
flip "$(place /boot/initrd.img)"
explain
ok "a program explains what it is for" is "$status $out" "0 files that programs on record wrote: 1"
flip "$(place /srv/data)"
explain
ok "and nothing else" unexplained /srv/data
begin
flip "$(place /boot/initrd.img)"
explain
ok "where none ran it explains nothing" unexplained /boot/initrd.img
begin /etc/passwd
flip "$(place /etc)"
explain
ok "a directory is explained by what is on record in it" is "$status $out" "0 directories of what is on record: 1"
begin /srv/data
flip "$(place /etc)"
explain
ok "but not by anything else" unexplained "/etc"

for offset in 100 700000; do
	begin /etc/fstab
	flip $offset
	explain
	ok "byte $offset, before the first partition, is found" unexplained "outside of all partitions"
	begin "!grub-install /dev/sda"
	flip $offset
	explain
	ok "byte $offset: a boot loader explains it" is "$status $out" "0 sectors outside of partitions, for: grub-install /dev/sda: 1"
done
begin /etc/fstab "!grub-install /dev/sda"
flip 9440000
explain
ok "swap is explained by nothing" unexplained "which hold"
begin
flip 12582000
explain
ok "what lies behind the last partition is found" unexplained "outside of all partitions"
begin "!grub-install /dev/sda"
sfdisk -q after.img >/dev/null 2>&1 <<<'2048 16000 L'
explain
ok "other partitions are found" is "$status" 1
ok "and named" has "$out" "the partitions were"

done_testing

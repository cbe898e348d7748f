#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What phony.sh puts on disks: partition tables, volume groups and file systems are where a guest.sh wants them, and
# nothing of this host is left in use.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1
((EUID == 0)) || skip_all "phony.sh mounts, which needs root"
for command in losetup sfdisk blkid lvm mkfs.xfs mkfs.btrfs mkfs.vfat mdir; do
	command -v $command >/dev/null || skip_all "$command is missing"
done

mkdir -p "$tmp/gpt" "$tmp/dos" "$tmp/out"
cat >"$tmp/gpt/guest.sh" <<'END'
about="GPT with partitions of given numbers, an EFI system partition, and a volume group whose name has a dash"
label_a=gpt size_a=320
disk_a=("15:esp 16 efi UEFI" "16:xfs 64 boot bootfs" "1:lvm rest web-vg")
volumes=("web-vg/root ext4 60 root" "web-vg/swap_1 swap 10 -" "web-vg/data btrfs rest data")
fill_root() { write "$1/etc/name" "$(volume_dm_name web-vg/root) $(volume_dm_uuid web-vg/root)"; }
fill_boot() { write "$1/kernel" x; }
fill_efi() { write "$1/EFI/BOOT/BOOTX64.EFI" x; }
fill_data() { write "$1/in" x; }
layout_data() {
  btrfs -q subvolume create "$1/@"
  cp -a "$2/." "$1/@/"
}
END
cat >"$tmp/dos/guest.sh" <<'END'
about="the old kind of table, with logical partitions"
disk_a=("ext4 20 root top" "5:swap 4 -" "6:ext2 rest -")
END
run "$srcdir/tests/guests/phony.sh" --spec "$tmp/gpt" --spec "$tmp/dos" --output "$tmp/out"
ok "the guests are made" exits 0
used() { losetup --list --noheadings --output BACK-FILE | grep "^$tmp/" || :; }
ok "no loop device is left" is "$(used)" ""

gpt=$tmp/out/gpt.img
table() { sfdisk -d "$1" | sed -nE 's/^.*img([0-9]+) : start= *([0-9]+), size= *([0-9]+), type=([^,]*).*/\1 \2 \4/p'; }
ok "partitions have their numbers and types" is "$(table "$gpt")" "1 165888 E6D6D379-F507-44C2-A23C-238F2A3DF928
15 2048 C12A7328-F81F-11D2-BA4B-00A0C93EC93B
16 34816 0FC63DAF-8483-4772-8E79-3D69D8477DE4"
ok "the second copy of the table is whole" is "$(sfdisk --verify "$gpt" 2>&1 | grep -c 'No errors')" 1
ok "logical partitions are in an extended one" is "$(table "$tmp/out/dos.img" | cut -d' ' -f1,3)" $'1 83\n2 5\n5 82\n6 83'
at() { blkid -p -O "$2" -o value -s "$3" "$1"; }
ok "FAT with its label" is "$(at "$gpt" $((2048 * 512)) TYPE) $(at "$gpt" $((2048 * 512)) LABEL)" "vfat UEFI"
ok "and its files" has "$(mdir -b -/ -i "$gpt@@$((2048 * 512))" ::/)" "::/EFI/BOOT/BOOTX64.EFI"
ok "XFS with its label" is "$(at "$gpt" $((34816 * 512)) TYPE) $(at "$gpt" $((34816 * 512)) LABEL)" "xfs bootfs"
group=$((165888 * 512))
ok "a physical volume" is "$(at "$gpt" $group TYPE)" LVM2_member
loop=$(losetup -f --show -r -o $group "$gpt")
volumes=$(LVM_SUPPRESS_FD_WARNINGS=1 lvm lvs --readonly --driverloaded n --devices "$loop" --noheadings -o vg_name,lv_name,seg_pe_ranges 2>/dev/null | sed -E "s,$loop:,,; s/^ +//; s/ +/ /g; s/ $//")
losetup -d "$loop"
ok "its volumes" is "$volumes" "web-vg data 18-57
web-vg root 0-14
web-vg swap_1 15-17"
first=$((group + 1048576))
ok "a file system is where its volume is" is "$(at "$gpt" $first TYPE) $(at "$gpt" $((first + 15 * 4194304)) TYPE) $(at "$gpt" $((first + 18 * 4194304)) TYPE)" "ext4 swap btrfs"
name=$(debugfs -R 'cat /etc/name' "$gpt?offset=$first" 2>/dev/null)
ok "device mapper doubles the dash" is "${name% *}" web--vg-root
ok "udev's name has both identifiers" is "$(wc -c <<<"${name#* }")" 69
run "$srcdir/tests/guests/phony.sh" --spec "$tmp/gpt" --name again --output "$tmp/out"
ok "another name gives other identifiers" hasnt "$(debugfs -R 'cat /etc/name' "$tmp/out/again.img?offset=$first" 2>/dev/null)" "${name#* }"

done_testing

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# The real guests, and how each is converted: what check-long goes through, and make check takes three of. To be sourced
# after lib.sh.

# The guests: name, builder and its arguments.
declare -A build=(
	[debian-bookworm]="debian.sh --suite bookworm"
	[debian-bookworm-nouuid]="debian.sh --suite bookworm --no-uuid"
	[debian-bullseye]="debian.sh --suite bullseye"
	[debian-bullseye-nouuid]="debian.sh --suite bullseye --no-uuid"
	[debian-bookworm-hvm]="debian.sh --suite bookworm --no-uuid --virt hvm --target hda"
	[debian-pygrub]="debian.sh --suite bookworm --no-uuid --no-boot-code"
	[debian-bookworm-second]="debian.sh --suite bookworm --no-uuid --mixed --data-first"
	[debian-bookworm-stacked]="debian.sh --suite bookworm --stacked"
	[debian-bullseye-stacked]="debian.sh --suite bullseye --stacked"
	[debian-selinux]="debian.sh --suite bookworm --no-uuid --selinux"
	[rpm-legacy-pygrub]="rpm.sh --grub legacy --no-boot-code"
	[rpm-xen]="rpm.sh"
	[rpm-legacy]="rpm.sh --grub legacy"
	[rpm-bls]="rpm.sh --grub bls"
	[layout-lvm]="layout.sh lvm"
	[layout-btrfs]="layout.sh btrfs"
	[layout-uefi]="layout.sh uefi"
	[layout-luks]="layout.sh luks"
	[layout-systemd-boot]="layout.sh systemd-boot"
	[layout-inferred]="layout.sh inferred"
	[layout-counted]="layout.sh counted"
	[layout-by-driver]="layout.sh by-driver"
	[layout-dracut]="layout.sh dracut"
)
# "user" is copy-raw by an ordinary user.
storages=(copy-raw copy-qcow2 snapshot in-place user)

# real_items: every item, NAME/STORAGE, one a line
real_items() {
	local name storage
	for name in $(printf '%s\n' "${!build[@]}" | sort); do
		for storage in "${storages[@]}"; do
			# VMDK is not written to, and of several disks only copies are told apart from the source's. What a user may do depends
			# on no guest.
			[[ $name == layout-* && $storage == in-place || $name == *-second && $storage != copy-* || $storage == user && $name != debian-bookworm ]] || echo "$name/$storage"
		done
	done
}

# real_guest NAME: has it made
real_guest() {
	local arguments
	read -ra arguments <<<"${build[$1]}"
	if [[ $1 == layout-* ]]; then layout_guest "${arguments[1]}"
	else guest "${arguments[0]}" "$1" "${arguments[@]:1}"; fi
}

# real_convert NAME STORAGE: leaves the result's domain in $tmp/out/converted.xml.
real_convert() {
	local name=$1 storage=$2 arguments=() cache source=$tmp/guest.xml
	rm -rf "$tmp/out" "$tmp/work" "$tmp/disk.img"
	mkdir "$tmp/out" "$tmp/work"
	if [[ $name == layout-* ]]; then
		source=$made/$name.vmx
		layout_arguments "${name#layout-}"
	else
		cp "$made/$name.xml" "$source"
	fi
	case $storage in
	copy-*) arguments+=(--output-format "${storage#copy-}") ;;
	snapshot) arguments+=(--storage snapshot --snapshot-dir "$tmp/out") ;;
	in-place)
		arguments+=(--storage in-place --work-dir "$tmp/work")
		cp --sparse=always "$made/$name.img" "$tmp/disk.img"
		sed -i "s,$made/$name.img,$tmp/disk.img," "$tmp/guest.xml"
		;;
	esac
	engine_as='' cache=$LIBGUESTFS_CACHEDIR
	[[ $storage != user ]] || real_user
	case $name in
	rpm-xen) arguments+=(--with "centos7.x86_64.kernel=$made/$name.kernel.rpm") ;;
	rpm-bls) arguments+=(--with "centos8.x86_64.kernel=$made/$name.kernel.rpm") ;;
	rpm-legacy*) arguments+=(--with "centos6.x86_64.kernel=$made/$name.kernel.rpm") ;;
	esac
	engine --output-dir "$tmp/out" --report "$tmp/out/report.json" "${arguments[@]}" "$source" converted
	engine_as='' LIBGUESTFS_CACHEDIR=$cache
	[[ $status == 0 ]]
}

# real_user: the next run of the program is that of an ordinary user, who has the guest's files, an appliance to build and nothing else
real_user() {
	LIBGUESTFS_CACHEDIR=$tmp/cache
	mkdir -p "$LIBGUESTFS_CACHEDIR"
	chmod 755 "$tmp"
	chown 12345:12345 "$LIBGUESTFS_CACHEDIR" "$tmp/out" "$tmp/work"
	engine_as="setpriv --reuid 12345 --regid 12345 --clear-groups --bounding-set -all --no-new-privs env TMPDIR=$tmp/work"
}

# real_disks DOMAIN.xml: its disks, one a line
real_disks() {
	xmllint --xpath '//disk[not(@device) or @device="disk"]/source/@file' "$1" | grep -oP 'file="\K[^"]*'
}

# real_opinion NAME: what other programs say of the guest that was converted last; fails if they find a fault
real_opinion() {
	local sources disks
	if [[ $1 == layout-* ]]; then mapfile -t sources < <(grep -oP 'fileName = "\K[^"]*\.vmdk' "$made/$1.vmx" | sed "s,^,$made/,")
	else mapfile -t sources < <(real_disks "$made/$1.xml"); fi
	mapfile -t disks < <(real_disks "$tmp/out/converted.xml")
	opinion "$tmp/out/report.json" "${sources[@]}" -- "${disks[@]}"
}

# real_again NAME STORAGE: converts the guest once more, and prints what differs from the result that opinion has listed; fails if anything
# does
real_again() {
	local disks
	mv "$tmp/out/converted.xml" "$tmp/first.xml"
	real_convert "$1" "$2" || { echo "the second conversion ended with $status: $err"; return 1; }
	mapfile -t disks < <(real_disks "$tmp/out/converted.xml")
	opinion_open "${disks[@]}" || { echo "the second result cannot be opened"; return 1; }
	opinion_list >"$tmp/again.list"
	opinion_close
	diff "$tmp/first.xml" "$tmp/out/converted.xml" && diff "$tmp/after.list" "$tmp/again.list" | cut -c1-300 | tee "$tmp/again.diff" && [[ ! -s $tmp/again.diff ]]
}

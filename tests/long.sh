#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Converts every real guest through every storage and boots the result. Takes
# about an hour under emulation, so it can be ended at any time: started again from
# the same build folder it goes on with the next item. Each result is one line, with its
# date, in tests/long-results.
# All the small guests of phony.t come at the end, or for the item "phony".
# usage: make check-long [ITEMS="GUEST/STORAGE ..."]
set -uo pipefail

export V2V_TEST_TMPDIR
V2V_TEST_TMPDIR=$(mktemp -d "${TMPDIR:-/var/tmp}/v2v-long.XXXXXX")
trap 'rm -rf "$V2V_TEST_TMPDIR"' EXIT
. "$V2V_TEST_SRCDIR/tests/convert/lib.sh"

results=$srcdir/tests/long-results
state=$builddir/tests/long-state
mkdir -p "$state"

# The guests: name, builder and its arguments, arguments of the conversion.
declare -A build=(
	[debian-bookworm]="debian.sh --suite bookworm"
	[debian-bookworm-nouuid]="debian.sh --suite bookworm --no-uuid"
	[debian-bullseye]="debian.sh --suite bullseye"
	[debian-bullseye-nouuid]="debian.sh --suite bullseye --no-uuid"
	[debian-bookworm-hvm]="debian.sh --suite bookworm --no-uuid --virt hvm --target hda"
	[debian-pygrub]="debian.sh --suite bookworm --no-uuid --no-boot-code"
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
	[debian-bookworm-stacked]="debian.sh --suite bookworm --stacked"
	[debian-bullseye-stacked]="debian.sh --suite bullseye --stacked"
)
storages=(copy-raw copy-qcow2 snapshot in-place)

items=()
if [[ -n ${ITEMS:-} ]]; then
	read -ra items <<<"${ITEMS//phony/}"
else
	for name in $(printf '%s\n' "${!build[@]}" | sort); do
		for storage in "${storages[@]}"; do
			# VMDK is not written to.
			[[ $name == layout-* && $storage == in-place ]] || items+=("$name/$storage")
		done
	done
fi

# convert NAME STORAGE: leaves the result's domain in $tmp/out/converted.xml.
convert() {
	local name=$1 storage=$2 arguments=() source=$tmp/guest.xml
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
	case $name in
	rpm-xen) arguments+=(--with "centos7.x86_64.kernel=$made/$name.kernel.rpm") ;;
	rpm-bls) arguments+=(--with "centos8.x86_64.kernel=$made/$name.kernel.rpm") ;;
	rpm-legacy*) arguments+=(--with "centos6.x86_64.kernel=$made/$name.kernel.rpm") ;;
	esac
	engine --output-dir "$tmp/out" "${arguments[@]}" "$source" converted
	[[ $status == 0 ]]
}

failed=0
for item in "${items[@]}"; do
	name=${item%/*}
	storage=${item#*/}
	[[ -n ${build[$name]:-} ]] || { echo "no such guest: $name; known: ${!build[*]}" >&2; exit 64; }
	[[ -e $state/$name.$storage ]] && continue
	read -ra arguments <<<"${build[$name]}"
	verdict=ok
	began=$SECONDS
	if [[ $name == layout-* ]]; then
		built() { layout_guest "${arguments[1]}"; }
	else
		built() { guest "${arguments[0]}" "$name" "${arguments[@]:1}"; }
	fi
	if ! built; then
		verdict="not ok: the guest could not be made"
	elif ! convert "$name" "$storage"; then
		verdict="not ok: status $status: $(tail -n 1 <<<"$err")"
	else
		converted=$((SECONDS - began))
		if line=$(boots "$tmp/out/converted.xml" "$made/$name.expect" --passphrase v2v | head -n 1); then
			verdict="ok: converted in $converted s; $line"
		else
			verdict="not ok: $line"
		fi
	fi
	printf '%s %s %s\n' "$(date -u +%Y-%m-%d)" "$item" "$verdict" | tee -a "$results"
	if [[ $verdict == ok* ]]; then
		touch "$state/$name.$storage"
	else
		failed=$((failed + 1))
	fi
done
if [[ -z ${ITEMS:-} || " $ITEMS " == *" phony "* ]]; then
	V2V_TEST_GUESTS=all V2V_TEST_TIMEOUT=7200 bash "$srcdir/tests/run-one" "$srcdir/tests/convert/phony.t" >"$V2V_TEST_TMPDIR/phony.log" 2>&1
	passed=$(grep -c '^ok ' "$V2V_TEST_TMPDIR/phony.log")
	verdict="ok: $passed passed"
	if ! grep -q '^1\.\.' "$V2V_TEST_TMPDIR/phony.log" || grep -q '^not ok ' "$V2V_TEST_TMPDIR/phony.log"; then
		verdict="not ok: $(grep -m 1 '^not ok ' "$V2V_TEST_TMPDIR/phony.log" || echo "it did not end")"
		failed=$((failed + 1))
	fi
	printf '%s phony %s\n' "$(date -u +%Y-%m-%d)" "$verdict" | tee -a "$results"
fi
((failed)) && exit 1
[[ -n ${ITEMS:-} ]] || rm -rf "$state"

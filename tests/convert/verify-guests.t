#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# verify: guests that are really broken, each in its own way, and what convert --verify does with one.
# The small guests have a kernel of the host, an initramfs of initramfs-tools, GRUB, and a root
# file system with busybox.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/convert/lib.sh" || exit 1
[[ -z ${V2V_TEST_NO_BOOT:-} ]] || skip_all "V2V_TEST_NO_BOOT is set"

# Only what is asked for in VERIFY_GUESTS, else all.
read -ra wanted <<<"${VERIFY_GUESTS:-up panic root noinit menu wiped hang survives uefi convert}"
wants() { [[ " ${wanted[*]} " == *" $1 "* ]]; }

# ---- the small guest

modules=
for modules in /lib/modules/*; do [[ -e /boot/vmlinuz-${modules##*/} ]] && break; done
kernel=${modules##*/}
small() {
	local conf=$tmp/initramfs root=$tmp/root start=1048576 name
	mkdir -p "$conf"/{conf.d,hooks,scripts} "$root"/{bin,boot/grub,dev,etc,proc,run,sbin,sys,tmp} || return
	printf '%s\n' MODULES=list BUSYBOX=y COMPRESS=gzip RESUME=none FSTYPE=ext4 >"$conf/initramfs.conf"
	: >"$conf/update-initramfs.conf"
	printf '%s\n' virtio_pci virtio_blk ext4 >"$conf/modules"
	mkinitramfs -d "$conf" -o "$root/boot/initrd.img" "$kernel" >"$tmp/initramfs.log" 2>&1 || { cat "$tmp/initramfs.log"; return 1; }
	cp "/boot/vmlinuz-$kernel" "$root/boot/vmlinuz" || return
	cp "$(command -v busybox)" "$root/bin/busybox" || return
	for name in sh sleep mount false; do ln -s busybox "$root/bin/$name"; done
	ln -s ../bin/busybox "$root/sbin/init"
	printf '%s\n' '::sysinit:/bin/mount -t proc proc /proc' '::respawn:/bin/busybox getty 115200 ttyS0 vt100' >"$root/etc/inittab"
	# A device that comes late: what is said before a boot goes on after all.
	printf '%s\n' '#!/bin/sh' 'echo "[ TIME ] Timed out waiting for device dev-vdz1.device."' \
		'echo "You are in emergency mode. After logging in, type \"journalctl -xb\""' 'sleep 15' 'exec /sbin/init' >"$root/sbin/late"
	printf '%s\n' '#!/bin/sh' 'echo "nothing more will come"' 'while :; do sleep 1000; done' >"$root/sbin/stuck"
	chmod 755 "$root"/sbin/{late,stuck}
	cat >"$root/boot/grub/grub.cfg" <<-'END'
	serial --unit=0 --speed=115200
	terminal_output serial
	linux /boot/vmlinuz console=ttyS0 @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
	initrd /boot/initrd.img
	boot
	END
	truncate -s 96M "$tmp/small.img"
	printf 'label: dos\n2048,,83,*\n' | sfdisk -q "$tmp/small.img" || return
	mkfs.ext4 -q -F -d "$root" -E "offset=$start,lazy_itable_init=0,lazy_journal_init=0,root_owner=0:0" "$tmp/small.img" 95M || return
	grub-mkimage -O i386-pc -p '(hd0,msdos1)/boot/grub' -o "$tmp/core.img" biosdisk part_msdos ext2 normal linux serial terminal echo || return
	dd if=/usr/lib/grub/i386-pc/boot.img of="$tmp/small.img" bs=440 count=1 conv=notrunc status=none
	dd if="$tmp/core.img" of="$tmp/small.img" bs=512 seek=1 conv=notrunc status=none
}

# domain NAME [ATTRIBUTE-OF-OS]
domain() {
	cat >"$tmp/$1.xml" <<-END
	<domain type='kvm'><name>$1</name><memory unit='MiB'>256</memory><vcpu>1</vcpu>
	<os ${2:-}><type arch='x86_64' machine='${3:-pc}'>hvm</type></os><features><acpi/></features><devices>
	<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='$tmp/$1.img'/><target dev='vda' bus='virtio'/></disk>
	<video><model type='vga'/></video></devices></domain>
	END
}

# a_small NAME KERNEL-ARGUMENTS: a copy of the small guest; what stands in its grub.cfg keeps its length.
a_small() {
	cp --sparse=always "$tmp/small.img" "$tmp/$1.img"
	local at
	at=$(grep -abo '@@@@@@@@@*' "$tmp/$1.img" | head -n 1)
	at=${at%%:*}
	printf '%-46s' "$2" | dd of="$tmp/$1.img" bs=1 seek="$at" conv=notrunc status=none
	domain "$1"
}
edit() { debugfs -w -f - "$1?offset=1048576" >/dev/null 2>&1; }

if wants uefi && ! compgen -G '/usr/share/qemu/firmware/*x86_64*.json' >/dev/null; then
	skip "a UEFI guest with an empty disk" "no firmware is installed"
	wanted=("${wanted[@]/uefi/}")
fi
small || { skip_all "the small guest could not be made"; }

a_small up root=/dev/vda1
a_small panic 'root=/dev/vda1 init=/bin/false'
a_small root root=/dev/vdz1
a_small noinit root=/dev/vda1
printf 'rm /sbin/init\nrm /bin/sh\n' | edit "$tmp/noinit.img"
a_small menu root=/dev/vda1
printf 'rm /boot/grub/grub.cfg\n' | edit "$tmp/menu.img"
a_small wiped root=/dev/vda1
dd if=/dev/zero of="$tmp/wiped.img" bs=440 count=1 conv=notrunc status=none
a_small hang 'root=/dev/vda1 init=/sbin/stuck'
a_small survives 'root=/dev/vda1 init=/sbin/late'
truncate -s 64M "$tmp/uefi.img"
echo 'label: gpt' | sfdisk -q "$tmp/uefi.img"
domain uefi "firmware='efi'" q35

# A conversion whose result ends in an emergency shell: fstab names a file system that is not there.
convert() {
	timeout 900 "$builddir/v2v-engine" --verify --verify-dir "$tmp/seen" --output-dir "$tmp/out" \
		--report "$tmp/report.json" "$tmp/guest.xml" converted >"$tmp/converted.out" 2>"$tmp/converted.err" </dev/null
	echo $? >"$tmp/converted.status"
}
if wants convert; then
	name=debian-bookworm-nouuid
	guest debian.sh $name --suite bookworm --no-uuid || exit 1
	cp --sparse=always "$made/$name.img" "$tmp/guest.raw"
	sed "s,$made/$name.img,$tmp/guest.raw," "$made/$name.xml" >"$tmp/guest.xml"
	debugfs -R 'cat /etc/fstab' "$tmp/guest.raw?offset=1048576" >"$tmp/fstab" 2>/dev/null
	echo 'LABEL=gone /srv ext4 defaults,x-systemd.device-timeout=5s 0 2' >>"$tmp/fstab"
	printf 'rm /etc/fstab\nwrite %s /etc/fstab\n' "$tmp/fstab" | edit "$tmp/guest.raw"
	source_before=$(sha256sum <"$tmp/guest.raw")
	mkdir "$tmp/out" "$tmp/seen"
	convert &
fi

before=$(cat "$tmp"/*.img | sha256sum)
mkdir "$tmp/kept"
verify() {
	local name=$1
	shift
	timeout 600 "$builddir/v2v-engine" verify --quiet --no-probe --json --verify-dir "$tmp/kept" "$@" "$tmp/$name.xml" \
		>"$tmp/$name.json" 2>"$tmp/$name.err" </dev/null
	echo $? >"$tmp/$name.status"
}
# Two at a time.
for line in up panic root noinit menu "wiped --verify-timeout 30" "hang --verify-timeout 45" survives uefi; do
	read -ra arguments <<<"$line"
	wants "${arguments[0]}" || continue
	while (($(jobs -rp | wc -l) >= 2)); do wait -n; done
	verify "${arguments[@]}" &
done
wait

# verdict NAME STATUS VERDICT TEXT: and the line that decided
verdict() {
	is "$(<"$tmp/$1.status") $(jq -r .verdict "$tmp/$1.json")" "$2 $3" && has "$(jq -r .sign "$tmp/$1.json")" "$4" && return
	cat "$tmp/$1.err" "$tmp/$1.json" "$tmp/kept/$1.verify.log"
	return 1
}
# told WHAT NAME STATUS VERDICT TEXT
told() {
	wants "$2" || return
	ok "$1" verdict "${@:2}"
	echo "# $2: $(jq -r '"\(.seconds) s: \(.sign)"' "$tmp/$2.json")"
}
status=0 out='' err=''
told "one that boots" up 0 user-space 'login:'
told "a kernel whose init ends" panic 65 kernel-panic 'Attempted to kill init'
told "a root device that is not there" root 65 no-root-device '/dev/vdz1 does not exist'
told "a root file system without init" noinit 65 emergency-shell '(initramfs)'
told "a boot loader that finds no menu" menu 65 no-boot-loader 'grub>'
# What its zeros lead to is not sure: to nothing, or back to the BIOS, which finds no other device.
told "a boot sector whose code was wiped" wiped 65 no-boot-loader \
	"$(jq -r .sign "$tmp/wiped.json" 2>/dev/null | grep -oE 'Booting from Hard Disk|No bootable device' || echo 'Booting from Hard Disk')"
told "one that hangs" hang 75 timeout ''
told "one that complains and comes up later" survives 0 user-space 'login:'
told "UEFI and a disk with nothing on it" uefi 65 firmware-shell ''
! wants panic || ok "the last lines are told" has "$(<"$tmp/panic.err")" 'end Kernel panic'
ok "no disk was written to" is "$(cat "$tmp"/*.img | sha256sum)" "$before"
ok "nothing is left behind" is "$(find "$tmp" -maxdepth 1 -name 'v2v-engine.*')" ""

if wants convert; then
	ok "a conversion whose result does not come up fails" is "$(<"$tmp/converted.status")" 65
	ok "it says why" has "$(<"$tmp/converted.err")" "emergency shell"
	ok "so does the report" is "$(jq -r '.verify | "\(.verdict) \(.boots)"' "$tmp/report.json")" "emergency-shell false"
	ok "its source is as it was" is "$(sha256sum <"$tmp/guest.raw")" "$source_before"
	ok "no result is left" is "$(ls -A "$tmp/out")" ""
	ok "what it said is kept" grep -rqs 'emergency mode' "$tmp/seen"
	echo "# converted: $(jq -r '.verify | "\(.seconds) s: \(.sign)"' "$tmp/report.json")"
fi

done_testing

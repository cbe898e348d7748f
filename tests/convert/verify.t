#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# verify: guests that do not boot, each in its own way. They are boot sectors that print on the screen
# what a broken guest prints there, so that a boot takes seconds.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/convert/lib.sh" || exit 1
[[ -z ${V2V_TEST_NO_BOOT:-} ]] || skip_all "V2V_TEST_NO_BOOT is set"

# sector NAME TEXT: a disk that prints TEXT and stops; its domain is $tmp/NAME.xml.
sector() {
	local name=$1 text=$2
	# The screen is cleared; mov si, text; next: lodsb; or al,al; jz stop; mov ah,0eh; int 10h; jmp next; stop: hlt; jmp stop
	printf '\xb8\x03\x00\xcd\x10\x31\xc0\x8e\xd8\xbe\x1b\x7c\xfc\xac\x08\xc0\x74\x06\xb4\x0e\xcd\x10\xeb\xf5\xf4\xeb\xfd%s\0' \
		"$text" >"$tmp/$name.img"
	truncate -s 510 "$tmp/$name.img"
	printf '\x55\xaa' >>"$tmp/$name.img"
	truncate -s 1M "$tmp/$name.img"
	domain "$name"
}
# mark NAME TEXT: one that says TEXT on its first serial port, where a probe would speak.
mark() {
	# xor ax, ax; mov ds, ax; mov si, text; cld; mov dx, 3f8h; next: lodsb; or al,al; jz stop; out dx,al; jmp next; stop: hlt; jmp stop
	printf '\x31\xc0\x8e\xd8\xbe\x16\x7c\xfc\xba\xf8\x03\xac\x08\xc0\x74\x03\xee\xeb\xf8\xf4\xeb\xfd%s\0' "$2" >"$tmp/$1.img"
	truncate -s 510 "$tmp/$1.img"
	printf '\x55\xaa' >>"$tmp/$1.img"
	truncate -s 1M "$tmp/$1.img"
	domain "$1"
}
domain() {
	cat >"$tmp/$1.xml" <<-END
	<domain type='kvm'><name>$1</name><memory unit='MiB'>128</memory><vcpu>1</vcpu>
	<os><type arch='x86_64' machine='pc'>hvm</type></os><devices>
	<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='$tmp/$1.img'/><target dev='vda' bus='virtio'/></disk>
	<interface type='network'><source network='default'/><model type='virtio'/></interface>
	<video><model type='vga'/></video></devices></domain>
	END
}

sector panic 'Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)'
sector root $'ALERT!  /dev/xvda1 does not exist.  Dropping to a shell!\r\n(initramfs) '
sector shell 'You are in emergency mode. After logging in, type exit.'
sector grub $'error: unknown filesystem.\r\nEntering rescue mode...\r\ngrub rescue> '
sector up 'phony login: '
sector hang ''
mark mark $'V2V-VERIFY-UP\r\nV2V-VERIFY-UP-\r\nV2V-VERIFY-UP-00000000-0000-0000-0000-000000000000\r\n'
truncate -s 1M "$tmp/blank.img"
domain blank

before=$(cat "$tmp"/*.img | sha256sum)
mkdir "$tmp/kept"
verify() {
	local name=$1
	shift
	timeout 300 "$builddir/v2v-engine" verify --quiet --no-probe --json --verify-dir "$tmp/kept" "$@" "$tmp/$name.xml" \
		>"$tmp/$name.json" 2>"$tmp/$name.err" </dev/null
	echo $? >"$tmp/$name.status"
}
# Two at a time.
for name in panic root "shell --verify-timeout 20" grub up blank "hang --verify-timeout 12" "mark --verify-timeout 12"; do
	while (($(jobs -rp | wc -l) >= 2)); do wait -n; done
	# shellcheck disable=SC2086 # they are several
	verify $name &
done
wait

# verdict NAME STATUS VERDICT
verdict() {
	is "$(<"$tmp/$1.status") $(jq -r .verdict "$tmp/$1.json")" "$2 $3"
}
status=0 out='' err=''
for line in "panic 65 kernel-panic" "root 65 no-root-device" "shell 65 emergency-shell" "grub 65 no-boot-loader" \
	"blank 65 no-boot-loader" "hang 75 timeout" "mark 65 no-boot-loader" "up 0 user-space"; do
	# shellcheck disable=SC2086 # they are three
	ok "$line" verdict $line
done
ok "the last lines are told" has "$(<"$tmp/panic.err")" "Unable to mount root fs"
ok "what to do when time is up" has "$(<"$tmp/hang.err")" "--verify-timeout"
ok "what is no mark of this run was said" grep -q 'V2V-VERIFY-UP-0000' "$tmp/kept/mark.verify.log"
ok "there is a screenshot" is "$(head -c 4 "$tmp/kept/panic.verify.png" | tail -c 3)" PNG
ok "and what the console said" grep -q 'Kernel panic' "$tmp/kept/panic.verify.log"
ok "no disk was written to" is "$(cat "$tmp"/*.img | sha256sum)" "$before"
ok "nothing is left behind" is "$(find "$tmp" -maxdepth 1 -name 'v2v-engine.*')" ""

# A snapshot over a file that changed since.
cat >"$tmp/snapshot.xml" <<END
<domain type='kvm'><name>snapshot</name><metadata><v2v:snapshot xmlns:v2v='urn:v2v-engine:snapshot'>
<v2v:disk file='$tmp/up.img'><v2v:backing file='$tmp/hang.img' format='raw' size='1048576' mtime='1.000000000'/></v2v:disk>
</v2v:snapshot></metadata><memory unit='MiB'>128</memory><os><type arch='x86_64' machine='pc'>hvm</type></os><devices>
<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='$tmp/up.img'/><target dev='vda' bus='virtio'/></disk>
</devices></domain>
END
engine verify --no-probe "$tmp/snapshot.xml"
ok "a backing file that has changed is told of" exits 65 "hang.img, which a snapshot is built on"
engine verify "$tmp/none.xml"
ok "a domain that does not exist" exits 66 "none.xml"
engine verify --verify-timeout soon "$tmp/up.xml"
ok "a time that is none" exits 64 "--verify-timeout soon"

done_testing

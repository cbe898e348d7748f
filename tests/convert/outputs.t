#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A converted Debian 12 guest is started by the script that the output qemu writes, from a
# directory whose name the shell could stumble on; then it is defined in a real libvirtd, which
# starts it emulated; and what libvirt refuses leaves nothing behind.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/convert/libvirtd.sh" || exit 1
. "${V2V_TEST_SRCDIR:?run by make check}/tests/convert/lib.sh" || exit 1

name=debian-bookworm
guest debian.sh $name --suite bookworm || exit 1

# waits_for TEXT FILE SECONDS PROCESS: until FILE has TEXT.
waits_for() {
	local i
	for ((i = 0; i < $3 * 2; i++)); do
		grep -aqF "$1" "$2" && return 0
		kill -0 "$4" 2>/dev/null || { echo "it ended"; break; }
		sleep 0.5
	done
	tail -n 15 "$2"
	return 1
}

# --- qemu
dir="$tmp/it's, \$HOME \"dir\""
mkdir "$dir"
engine --output qemu --output-dir "$dir" "$made/$name.xml" converted
ok "it is converted" exits 0
ok "the script is named" is "$out" "$dir/converted.sh"
ok "only results are there" is "$(ls -A "$dir")" "$(printf 'converted-sda\nconverted.sh\nconverted.xml')"
ok "the script can be run" test -x "$dir/converted.sh"
ok "it is good bash" bash -n "$dir/converted.sh"
engine --output qemu --output-dir "$dir" "$made/$name.xml" converted
ok "what is there is not replaced" exits 73 "converted.sh exists"

script_boots() {
	local script result
	"$dir/converted.sh" -no-reboot </dev/null >"$tmp/script.log" 2>&1 &
	script=$!
	waits_for V2V-BOOT-OK "$tmp/script.log" 250 "$script"
	result=$?
	kill "$script"
	wait "$script"
	return $result
}
script_env() {
	V2V_ENGINE_ACCEL=fast "$dir/converted.sh" </dev/null >"$tmp/script.out" 2>&1
	[[ $? == 69 ]] && grep -q "expected kvm or tcg" "$tmp/script.out"
}
ok "an accelerator that is none is refused" script_env
if [[ -n ${V2V_TEST_NO_BOOT:-} ]]; then
	skip "the script starts the guest, to multi-user" "V2V_TEST_NO_BOOT is set"
else
	ok "the script starts the guest, to multi-user" script_boots
	ok "it leaves no machine behind" test -z "$(pgrep -f "guest=converted .*$tmp")"
fi

# --- libvirt
uri=qemu:///system
v() { timeout 60 virsh -q -c $uri "$@"; }
if ! libvirtd_start >"$tmp/why"; then
	skip "libvirt starts the guest" "$(<"$tmp/why")"
	done_testing
	exit 0
fi

# --- what libvirt says to every document that the stylesheets make
# defines FILE: libvirt takes it, validated by its schema.
defines() {
	local name said status
	name=$(basename "$1" .after.xml)
	# This host may be unable to run guests without emulation.
	sed 's/^<domain type="kvm">/<domain type="qemu">/' "$1" >"$tmp/$name.xml"
	said=$(v define --validate "$tmp/$name.xml" 2>&1)
	status=$?
	# Whether there can be a TPM is the host's business.
	[[ $said == *"TPM version"*"not supported"* ]] && return 0
	((status == 0)) || { echo "$said"; return 1; }
	v undefine --nvram "$(v domuuid "$(sed -n 's,^  <name>\(.*\)</name>$,\1,p' "$1")")" >/dev/null
}
for file in "$srcdir"/tests/metadata/*.after.xml; do
	ok "libvirt defines ${file##*/}" defines "$file"
done

mkdir "$tmp/pool" "$tmp/empty"
v pool-define-as default dir --target "$tmp/pool" >/dev/null
# This host has no bridge of the source's name.
sed 's,type="bridge",type="user",; /<source bridge=/d' "$dir/converted.xml" >"$tmp/user.xml"
libvirt=(--output libvirt --output-connect "$uri" --domain-type qemu)

engine "${libvirt[@]}" "$tmp/user.xml" guest
ok "a pool that is not active" exits 69 "default" "virsh pool-start"
v pool-start default >/dev/null
engine "${libvirt[@]}" --output-pool nowhere "$tmp/user.xml" guest
ok "a pool that is not there" exits 66 "nowhere" "--output-pool"
engine "${libvirt[@]}" --output-pool default --output-dir "$tmp/empty" "$tmp/user.xml" guest
ok "pool and directory" exits 64 "--output-pool and --output-dir"

engine "${libvirt[@]}" --report "$tmp/report.json" "$tmp/user.xml" guest
ok "it is defined" exits 0
ok "its name is said" is "$out" "guest in libvirt at $uri"
ok "libvirt has it" is "$(v domstate guest)" "shut off"
ok "the pool shows its disk" has "$(v vol-list default)" "guest-sda"
ok "its type is what was asked for" has "$(v dumpxml guest)" "<domain type='qemu'>"

engine "${libvirt[@]}" "$tmp/user.xml" guest
ok "an existing name is refused first" exits 73 "has a guest guest already"
uuid=$(v domuuid guest)
engine "${libvirt[@]}" --output-dir "$tmp/empty" "$tmp/user.xml" other
ok "so is its UUID under another name" exits 73 "$uuid" "the guest guest"
ok "neither left anything" is "$(ls -A "$tmp/empty")$(ls -A "$tmp/pool")" "guest-sda"

libvirt_boots() {
	local reader result
	v start guest || return 1
	: >"$tmp/libvirt.log"
	cat "$(v ttyconsole guest)" >"$tmp/libvirt.log" &
	reader=$!
	waits_for V2V-BOOT-OK "$tmp/libvirt.log" 250 "$reader"
	result=$?
	kill "$reader" 2>/dev/null
	v destroy guest >/dev/null
	return $result
}
if [[ -n ${V2V_TEST_NO_BOOT:-} ]]; then
	skip "libvirt starts it, to multi-user" "V2V_TEST_NO_BOOT is set"
else
	ok "libvirt starts it, to multi-user" libvirt_boots
fi

done_testing

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Whether the appliance is emulated, seen at the emulator's command line: it is asked
# what it can do, and said to have KVM, but never started, so that a KVM that hangs does no harm.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/convert/lib.sh" || exit 1

real=$(command -v qemu-system-x86_64) || skip_all "there is no qemu-system-x86_64"
mkdir "$tmp/cache" "$tmp/out"
export LIBGUESTFS_HV=$tmp/emulator LIBGUESTFS_CACHEDIR=$tmp/cache
unset LIBGUESTFS_BACKEND_SETTINGS V2V_ENGINE_ACCEL
# The appliance that others have made is used, but not what they found out about the emulator.
cp -al /var/tmp/.guestfs-"$(id -u)" "$tmp/cache/" 2>/dev/null && rm -f "$tmp/cache/.guestfs-$(id -u)"/qemu-*
cat >"$tmp/emulator" <<END
#!/bin/bash
for word; do
	if [[ \$word == -kernel ]]; then
		echo "\$*" >>"$tmp/started"
		exit 1
	fi
done
set -o pipefail
$real "\${@//accel=kvm:tcg/accel=tcg}" | sed '/"present"/ s/"enabled": false/"enabled": true/'
END
chmod 755 "$tmp/emulator"

guest phony.sh phony-debian-like --spec debian-like || exit 1

# plan: tries to start the appliance, and leaves the command line in $started.
plan() {
	rm -f "$tmp/started"
	engine plan "$made/phony-debian-like.xml"
	started=$(cat "$tmp/started" 2>/dev/null)
}
lines() { grep -c 'by emulation, which is slow' <<<"$err"; }

# Where a processor has neither, KVM hangs or is not there.
if grep -qwE 'vmx|svm' /proc/cpuinfo && [[ -w /dev/kvm ]]; then
	skip "a host without KVM" "this host has it"
else
	plan
	ok "a host without KVM: one line says so" is "$(lines)" 1
	ok "a host without KVM: emulation is used" has "$started" "accel=tcg"
	ok "an appliance that does not start says what to do" exits 69 "the appliance does not start" "libguestfs-test-tool"
fi

export V2V_ENGINE_ACCEL=tcg
plan
ok "V2V_ENGINE_ACCEL=tcg: one line says so" is "$(lines) $(grep -c 'V2V_ENGINE_ACCEL=tcg' <<<"$err")" "1 1"
ok "V2V_ENGINE_ACCEL=tcg: emulation is used" has "$started" "accel=tcg"

export V2V_ENGINE_ACCEL=kvm
plan
ok "V2V_ENGINE_ACCEL=kvm: nothing is said" is "$(lines)" 0
ok "V2V_ENGINE_ACCEL=kvm: KVM it is, and nothing else" has "$started" "accel=kvm"
ok "V2V_ENGINE_ACCEL=kvm: there is no way back to emulation" hasnt "$started" "tcg"
export LIBGUESTFS_BACKEND_SETTINGS=force_tcg
plan
ok "V2V_ENGINE_ACCEL=kvm: whatever the library is told" has "$started" "accel=kvm"
unset LIBGUESTFS_BACKEND_SETTINGS

export V2V_ENGINE_ACCEL=fast
plan
ok "another word is an error" exits 64 'V2V_ENGINE_ACCEL is "fast"' "kvm or tcg"
ok "another word is refused before anything is done" is "$(grep -c . <<<"$err") $started" "1 "

done_testing

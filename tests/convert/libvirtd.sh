# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# For tests: a libvirtd of the test's own, with the usual URI qemu:///system. The test runs in a
# mount namespace where all the daemon's directories are its own; nobody else sees it.
# Source it first of all, in a script of tests/convert: it begins the script anew inside.

if [[ -z ${V2V_TEST_INSIDE:-} ]]; then
	if unshare -m --propagation private true 2>/dev/null; then
		V2V_TEST_INSIDE=1 exec unshare -m --propagation private bash "$0" "$@"
	fi
fi

# libvirtd_start: status 0 if it answers; else says why not, in one line.
libvirtd_start() {
	local place program
	[[ -n ${V2V_TEST_INSIDE:-} ]] || { echo "no mount namespace can be made here"; return 1; }
	for program in libvirtd virtlogd virsh; do
		type -P "$program" >/dev/null || { echo "$program is not installed"; return 1; }
	done
	for place in /run/libvirt /etc/libvirt /var/lib/libvirt /var/log/libvirt /var/cache/libvirt; do
		mkdir -p "$place" && mount -t tmpfs -o mode=0755 v2v-test "$place" ||
			{ echo "nothing can be mounted on $place"; return 1; }
	done
	cat >/etc/libvirt/qemu.conf <<-'CONF'
		user = "root"
		group = "root"
		security_driver = "none"
		cgroup_controllers = [ ]
		namespaces = [ ]
		remember_owner = 0
	CONF
	echo 'auth_unix_rw = "none"' >/etc/libvirt/libvirtd.conf
	virtlogd -p "$tmp/virtlogd.pid" </dev/null >"$tmp/virtlogd.log" 2>&1 &
	libvirtd_pids=($!)
	libvirtd -f /etc/libvirt/libvirtd.conf -p "$tmp/libvirtd.pid" </dev/null >"$tmp/libvirtd.log" 2>&1 &
	libvirtd_pids+=($!)
	trap libvirtd_stop EXIT
	for _ in {1..120}; do
		timeout 5 virsh -c qemu:///system version >/dev/null 2>&1 && return 0
		kill -0 "${libvirtd_pids[1]}" 2>/dev/null || break
		sleep 0.5
	done
	echo "libvirtd does not answer: $(tail -n 1 "$tmp/libvirtd.log")"
	return 1
}

libvirtd_stop() {
	local name
	for name in $(timeout 10 virsh -c qemu:///system list --name 2>/dev/null); do
		timeout 10 virsh -c qemu:///system destroy "$name" >/dev/null 2>&1
	done
	kill "${libvirtd_pids[@]}" 2>/dev/null
	wait "${libvirtd_pids[@]}" 2>/dev/null
}

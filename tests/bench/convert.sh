#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Converts the Debian 12 guest with v2v-engine and with virt-v2v, in turn, and
# compares wall time and peak memory. Fails if v2v-engine takes more than 0.35 of the
# other's time. RUNS says how often each (default 1; the best time counts).
set -euo pipefail

srcdir=${V2V_TEST_SRCDIR:?run by make bench}
builddir=${V2V_TEST_BUILDDIR:?run by make bench}
export V2V_ENGINE_DATA_DIR=$srcdir
export LIBGUESTFS_BACKEND=direct
# virt-v2v does not notice a KVM that hangs.
grep -qwE 'vmx|svm' /proc/cpuinfo || export LIBGUESTFS_BACKEND_SETTINGS=force_tcg

for tool in virt-v2v nbdcopy /usr/bin/time; do
	command -v "$tool" >/dev/null || {
		echo "bench: $tool is not installed (packages virt-v2v, libnbd-bin and time): conversion is not measured"
		exit 0
	}
done

made=$builddir/tests/guests-made
name=debian-bookworm
mkdir -p "$made"
[[ -e $made/$name.made ]] || {
	"$srcdir/tests/guests/debian.sh" --suite bookworm --name $name --output "$made"
	touch "$made/$name.made"
}
tmp=$(mktemp -d "${TMPDIR:-/var/tmp}/v2v-bench.XXXXXX")
trap 'rm -rf "$tmp"' EXIT

# measure NAME COMMAND ...: prints the best wall time and the highest peak memory (MiB).
measure() {
	local name=$1 best='' peak=0 i seconds kib
	shift
	for ((i = 0; i < ${RUNS:-1}; i++)); do
		rm -rf "$tmp/out"
		mkdir "$tmp/out"
		/usr/bin/time -f '%e %M' -o "$tmp/time" timeout 600 "$@" >"$tmp/$name.log" 2>&1 || {
			tail -n 20 "$tmp/$name.log" >&2
			echo "bench: $name failed" >&2
			exit 1
		}
		read -r seconds kib <"$tmp/time"
		[[ -n $best ]] && awk "BEGIN { exit !($best < $seconds) }" || best=$seconds
		((kib > peak)) && peak=$kib
	done
	echo "$best $((peak / 1024))"
}

ours=$(measure v2v-engine "$builddir/v2v-engine" --output-dir "$tmp/out" "$made/$name.xml" converted)
peers=$(measure virt-v2v virt-v2v -i libvirtxml "$made/$name.xml" -o local -os "$tmp/out")
ratio=$(awk "BEGIN { printf \"%.2f\", ${ours% *} / ${peers% *} }")

printf '%-12s %10s %12s\n' "" "seconds" "peak MiB"
printf '%-12s %10s %12s\n' v2v-engine "${ours% *}" "${ours#* }"
printf '%-12s %10s %12s\n' virt-v2v "${peers% *}" "${peers#* }"
echo "v2v-engine takes $ratio of virt-v2v's time (at most 0.35)"
awk "BEGIN { exit !($ratio <= 0.35) }"

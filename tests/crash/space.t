#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# An appliance that can write no more waits for ever, and does not say so: a work directory that is full ends the run
# with 73 and the directory's name. No appliance runs here: one that never comes up will do.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/convert/lib.sh" || exit 1

mkdir "$tmp/full" "$tmp/out"
mount -t tmpfs -o size=4m tmpfs "$tmp/full" 2>/dev/null || skip_all "no small file system can be mounted here"
trap 'umount "$tmp/full"' EXIT
real=${LIBGUESTFS_HV:-$(command -v "qemu-system-$(uname -m)")} || skip_all "there is no emulator"
# It answers what libguestfs asks it, and then only waits.
cat >"$tmp/hv" <<END
#!/bin/bash
case "\$*" in
*-help* | *-version* | *-machine\ none* | *-qmp*) exec $real "\$@" ;;
esac
: >"$tmp/waits"
exec sleep 600
END
chmod 755 "$tmp/hv"
qemu-img create -q -f qcow2 "$tmp/disk.img" 4M
export LIBGUESTFS_HV=$tmp/hv

# full OPTION ...: converts, and fills the file system once the appliance is waited for.
full() {
	local pid
	rm -f "$tmp/waits"
	timeout 600 "$builddir/v2v-engine" --source disk "$@" "$tmp/disk.img" new \
		>"$tmp/full.out" 2>"$tmp/full.err" </dev/null &
	pid=$!
	for ((i = 0; i < 3000; i++)); do
		[[ ! -e $tmp/waits && -d /proc/$pid ]] || break
		sleep 0.1
	done
	head -c 4M /dev/zero >"$tmp/full/filler" 2>/dev/null
	wait $pid
	status=$? out=$(<"$tmp/full.out") err=$(<"$tmp/full.err")
	rm -f "$tmp/full/filler"
}

TMPDIR=$tmp/full full --output-dir "$tmp/out"
ok "the appliance was waited for" test -e "$tmp/waits"
ok "a full work directory ends the run" exits 73 "no space left in the file system of $tmp/full/v2v-engine." "where the changes to the guest are kept" "TMPDIR"
ok "with one error" is "$(grep -c error: <<<"$err")" 1
ok "nothing is left" is "$(find "$tmp/full" "$tmp/out" -mindepth 1)" ""
full --output-dir "$tmp/out" --storage snapshot --snapshot-dir "$tmp/full"
ok "so does the directory of snapshots" exits 73 "no space left in the file system of $tmp/full," "--snapshot-dir"
full --storage in-place --work-dir "$tmp/full" --output null
ok "and that of conversions in place" exits 73 "no space left in the file system of $tmp/full/in-place-" "--work-dir"
ok "nothing is left of these either" is "$(find "$tmp/full" "$tmp/out" -mindepth 1)" ""

done_testing

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A disk that a conversion in place, or its undo, was killed at while it wrote to it: it is half one guest and half another, and so
# nobody takes it for a source. What the kill leaves is made by tests/crash/kill-storage; no appliance is started.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1

# left SCENARIO: in $dir is what a run that was killed leaves of one disk, and a guest that has it.
left() {
	dir=$("$builddir/tests/crash/kill-storage" --leave "$1") || return 1
	disk=$dir/source/a.img
	sum=$(sha256sum <"$disk")
	mkdir -p "$dir/new"
	export V2V_ENGINE_STATE_DIR=$dir/keep
	cat >"$dir/guest.xml" <<-XML
		<domain type="xen"><name>g</name><memory>65536</memory><os><type>hvm</type></os><devices><disk type="file">
		<driver name="qemu" type="raw"/><source file="$disk"/><target dev="xvda"/></disk></devices></domain>
	XML
}
# refused NAME TEXT: the last run was, which has changed nothing.
refused() {
	ok "$1" exits 75 "$2" "do not start the guest until you have run"
	ok "$1: the disk is as it was" is "$(sha256sum <"$disk")" "$sum"
	ok "$1: the journal too" test "$(find "$dir/keep" -name journal.json | wc -l)" = 1
	ok "$1: nothing is made" is "$(ls -A "$dir/new")" ""
}

ok "a conversion in place is killed" left in-place
engine status "$disk"
ok "status tells of the disk" has "$out" interrupted-in-commit
# Of another guest that has the same disk, too, under another name.
ln -s a.img "$dir/source/link.img"
sed "s,a\.img,link.img,; s,<name>g,<name>other," "$dir/guest.xml" >"$dir/other.xml"
for guest in guest other; do
	for asked in plan "plan --diff" facts "plan --storage in-place" "convert --storage copy --output-dir $dir/new" \
		"convert --storage snapshot --output-dir $dir/new --snapshot-dir $dir/new" "convert --allow-in-use --output-dir $dir/new"; do
		# shellcheck disable=SC2086 # they are several
		engine $asked "$dir/$guest.xml"
		refused "$guest: $asked" "an in-place conversion was interrupted while it wrote to the disks"
	done
done
qemu-img create -q -f raw "$dir/source/z.img" 1M
sed "s,a\.img,z.img," "$dir/guest.xml" >"$dir/free.xml"
engine --storage copy --output-dir "$dir/none" "$dir/free.xml"
ok "a guest with other disks is not concerned" hasnt "$err" interrupted
engine convert --storage in-place "$dir/guest.xml" guest
ok "the same conversion completes it, without an appliance" exits 0 "completed the in-place conversion of guest" "$disk"
ok "then nothing is left" is "$(find "$dir/keep" -mindepth 1 ! -name runs)" ""
engine plan "$dir/guest.xml"
ok "and nobody is refused for it" hasnt "$err" interrupted

ok "an undo is killed" left "undo of in-place"
for asked in plan "convert --storage copy --output-dir $dir/new" "convert --storage in-place"; do
	# shellcheck disable=SC2086 # they are several
	engine $asked "$dir/guest.xml"
	refused "undone: $asked" "an undo of a conversion was interrupted while it wrote the disks back"
done
engine undo "$dir/report.json"
ok "the same undo completes it" exits 0

done_testing

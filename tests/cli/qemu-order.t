#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A guest that the script of the output "qemu" starts finds its cards and disks in the order in which libvirt would give them
# to it, and boots from the same: names like eth0 and sda depend on it. libvirt says how it would start each of the converted
# domains in tests/metadata; a driver of its own, below a directory of this test, and no daemon is asked.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1

connection="qemu:///embed?root=$tmp/embedded"
mkdir "$tmp/embedded"
timeout 60 virsh -q -c "$connection" version >/dev/null 2>&1 || skip_all "libvirt has no driver to be embedded here"

order() { python3 "$srcdir/tests/cli/qemu-order.py" "$tmp/domain.xml"; }
compared=0
for domain in "$srcdir"/tests/metadata/*.after.xml; do
	name=$(basename "$domain" .after.xml)
	# Neither KVM nor the host's processor decides about an order.
	sed "s/type=[\"']kvm[\"']/type=\"qemu\"/; s/<cpu mode=[\"']host-[a-z]*[\"'][^>]*\/>//" "$domain" >"$tmp/domain.xml"
	run timeout 60 virsh -q -c "$connection" domxml-to-native qemu-argv "$tmp/domain.xml"
	if ((status)); then
		skip "$name" "libvirt starts no such domain here: $(head -n 1 <<<"$err")"
		continue
	fi
	theirs=$(xargs -n 1 printf '%s\n' <<<"$out" | order)
	run "$builddir/tests/qemu-args" "$tmp/domain.xml"
	ok "$name: it has a command line" exits 0
	ok "$name: the order is libvirt's" diff -u --label libvirt --label v2v-engine <(echo "$theirs") <(order <<<"$out")
	compared=$((compared + $(wc -l <<<"$theirs")))
done
ok "there was something to compare" test "$compared" -gt 40

done_testing

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# An RPM guest under Xen PV whose only kernel is kernel-xen: refused without another
# kernel, converted with --with, and booting the kernel that was installed.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/convert/lib.sh" || exit 1

name=rpm-xen
guest rpm.sh $name || exit 1
kernel=$made/$name.kernel.rpm

mkdir "$tmp/out"
engine --output-dir "$tmp/out" "$made/$name.xml" converted
ok "without a kernel it is refused" exits 65 "--with"
ok "and nothing is left behind" is "$(ls -A "$tmp/out")" ""

engine --output-dir "$tmp/out" --output-format qcow2 --with "centos7.x86_64.kernel=$kernel" \
	--report "$tmp/report.json" "$made/$name.xml" converted
ok "with a kernel it is converted" exits 0
boot_ok "it boots the kernel that was installed" "$tmp/out/converted.xml" "$made/$name.expect"

mkdir "$tmp/again"
engine --output-dir "$tmp/again" --output-format qcow2 --report "$tmp/again.json" "$tmp/out/converted.xml"
ok "the result is converted again" exits 0
ok "that changes nothing in the guest" is "$(step_results "$tmp/again.json" | grep -cv ' already$')" 0

done_testing

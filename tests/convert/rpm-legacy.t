#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# An RPM guest with GRUB legacy under Xen PV, whose only kernel is kernel-xen: the kernel
# given with --with gets an initramfs and a menu entry, and boots, from a snapshot.
. "$V2V_TEST_SRCDIR/tests/convert/lib.sh"

name=rpm-legacy
guest rpm.sh $name --grub legacy || exit 1

mkdir "$tmp/out"
engine --storage snapshot --snapshot-dir "$tmp/out" --output-dir "$tmp/out" \
	--with "centos6.x86_64.kernel=$made/$name.kernel.rpm" --report "$tmp/report.json" "$made/$name.xml" converted
ok "it is converted" exits 0
boot_ok "it boots the kernel that was installed" "$tmp/out/converted.xml" "$made/$name.expect"

done_testing

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A Debian 12 guest on two controllers: libvirt's test driver knows it (its root is a volume of a
# pool), and says that it runs. In the guest the SCSI disk that the domain calls sda is sdb, since
# the one on IDE comes first.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/convert/lib.sh" || exit 1

name=debian-bookworm-mixed
guest debian.sh $name --suite bookworm --no-uuid --mixed || exit 1
before=$(sha256sum "$made/$name.img" "$made/$name-data.img")

{
	echo "<node>"
	perl -0pe "s,<disk type='file'( device='disk'>\\s*<driver [^>]*>\\s*)<source file='[^']*$name.img'/>,<disk type='volume'\$1<source pool='guests' volume='root'/>," \
		"$made/$name.xml"
	cat <<END
<pool type='dir'><name>guests</name><target><path>$made</path></target>
<volume type='file'><name>root</name><capacity>2147483648</capacity><target><path>$made/$name.img</path><format type='raw'/></target></volume>
</pool>
</node>
END
} >"$tmp/node.xml"

mkdir "$tmp/out"
engine --connect "test://$tmp/node.xml" --output-dir "$tmp/out" $name
ok "a guest that runs is refused" exits 75 "'$name' at test://$tmp/node.xml runs" "--allow-in-use"
ok "before anything is made" is "$(ls -A "$tmp/out")" ""

engine --connect "test://$tmp/node.xml" --allow-in-use --output-dir "$tmp/out" --report "$tmp/report.json" $name converted
ok "it is converted when told so" exits 0
ok "the source is as it was" is "$(sha256sum "$made/$name.img" "$made/$name-data.img")" "$before"
ok "both disks are there" is "$(ls -A "$tmp/out")" "$(printf '%s\n' converted-sda converted-sdb converted.xml)"
fstab=$(debugfs -R "cat /etc/fstab" "$tmp/out/converted-sda?offset=1048576" 2>/dev/null | grep -v '^#' | awk '{ print $1, $2 }')
ok "each file system is on its disk" is "$fstab" "$(printf '%s\n' '/dev/vda1 /' '/dev/vdb1 /srv')"
boot_ok "it boots on virtio, with both disks" "$tmp/out/converted.xml" "$made/$name.expect"

done_testing

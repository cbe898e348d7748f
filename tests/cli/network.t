#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What --network, --bridge and --mac refuse before anything starts.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1

truncate -s 1M "$tmp/disk.img"
cat >"$tmp/guest.xml" <<END
<domain type='kvm'><name>guest</name><memory>65536</memory><os><type>hvm</type></os><devices>
<disk type='file'><source file='$tmp/disk.img'/><target dev='vda'/></disk>
<interface type='bridge'><mac address='52:54:00:AA:00:01'/><source bridge='lan'/></interface>
<interface type='network'><mac address='52:54:00:aa:00:02'/><source network='dmz'/></interface>
</devices></domain>
END

engine --print-source --network wan:new "$tmp/guest.xml"
ok "an unknown network lists those that are there" exits 64 "--network wan:new" "connected to wan" "there are: lan, dmz"
engine --print-source --mac 52:54:00:aa:00:03:bridge:x "$tmp/guest.xml"
ok "so does an unknown address" exits 64 "52:54:00:aa:00:03" "52:54:00:AA:00:01, 52:54:00:aa:00:02"
engine --print-source --mac 52:54:00:aa:00:01:bridge:x --network lan:a --bridge dmz:b --network c "$tmp/guest.xml"
ok "those that are there, in any case of letters, are taken" exits 0
engine --print-source --network a --bridge b "$tmp/guest.xml"
ok "two for all interfaces" exits 64 "--network a and --bridge b are about the same interfaces"
engine --print-source --network lan:a --bridge lan:b "$tmp/guest.xml"
ok "two for one network" exits 64 "about the same interfaces"
engine --print-source --network lan: "$tmp/guest.xml"
ok "nothing after the colon" exits 64 "--network lan:: expected NAME or OLD:NEW"
engine --print-source --mac 52:54:00:aa:00:01:tunnel:x "$tmp/guest.xml"
ok "a kind that is none" exits 64 "expected MAC:network:NAME"
for value in 192.0.2.7 192.0.2.7/33 192.0.2.7/0 192.0.2/24 example.org/24 192.0.2.7/24,2001:db8::1 192.0.2.7/24,192.0.2.1,ns 2001:db8::7/129 \
	"192.0.2.7/24,192.0.2.1," 192.0.2.7/+24; do
	engine --print-source --mac "52:54:00:aa:00:01:ip:$value" "$tmp/guest.xml"
	ok "no fixed address: $value" exits 64 "ip:$value: expected" "MAC:ip:ADDRESS/LENGTH"
done
for value in 192.0.2.7/24 192.0.2.7/24,192.0.2.1,192.0.2.53,2001:db8::53 192.0.2.7/24,,192.0.2.53 2001:db8::7/64,2001:db8::1; do
	engine --print-source --mac "52:54:00:aa:00:01:ip:$value" --mac 52:54:00:aa:00:01:name:lan0 --mac 52:54:00:aa:00:01:network:x "$tmp/guest.xml"
	ok "a fixed address: $value" exits 0
	engine --print-source --mac "52:54:00:aa:00:01=ip,$value" "$tmp/guest.xml"
	ok "written the other way: $value" exits 0
done
engine --print-source --mac 52:54:00:aa:00:01:name:a --mac 52:54:00:AA:00:01:name:b "$tmp/guest.xml"
ok "two names for one interface" exits 64 "about the same interfaces"
engine --print-source --mac lan:network:x "$tmp/guest.xml"
ok "an address that is none" exits 64 "expected MAC:network:NAME"

sed "s,type='network'>\(.*\)<source network='dmz'/>,type='vds'>\1<source switchid='50342602-94e9-3b16-1d68-87bfff4a5440' portid='5' portgroupid='dvportgroup-12' connectionid='4'/>," \
	"$tmp/guest.xml" >"$tmp/switch.xml"
engine --print-source --network dvportgroup-12:lan "$tmp/switch.xml"
ok "a port group of a distributed switch" exits 0
engine --print-source --network dmz:lan "$tmp/switch.xml"
ok "which is one of those that are there" exits 64 "there are: lan, dvportgroup-12"

done_testing

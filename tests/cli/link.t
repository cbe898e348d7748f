#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The udev of this host: a .link file for a network card fits no bridge, macvlan or VLAN that has the card's hardware address. In a network
# namespace of its own, whose interfaces are named by nobody.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/lib.sh" || exit 1

((UID == 0)) || skip_all "only root can make a network namespace"
for program in udevadm unshare ip; do command -v $program >/dev/null || skip_all "there is no $program"; done
[[ -d /etc/systemd/network ]] || skip_all "this host has no /etc/systemd/network"
unshare --net --mount ip link add name try type bridge 2>/dev/null || skip_all "no bridge can be made in a network namespace"

address=02:50:56:00:00:0a
card=$(sed -n 's/^M\.CARD = "\(.*\)"$/\1/p' "$srcdir/lua/network/match.lua")
ok "the module says what is beside an address" [ -n "$card" ]

# fits LINE KIND: which file udev takes for an interface of this kind, where a .link file has LINE beside the address
fits() {
	mkdir -p "$tmp/links"
	printf '[Match]\nMACAddress=%s\n%s\n\n[Link]\nName=lan0\n' "$address" "$1" >"$tmp/links/10-v2v-lan0.link"
	# shellcheck disable=SC2016 # the inner shell's
	unshare --net --mount sh -ec '
		mount -t sysfs sysfs /sys
		mount --bind "$1" /etc/systemd/network
		ip link add name below address "$2" type bridge
		case $3 in
		bridge) name=below ;;
		vlan) ip link add link below name other type vlan id 5; name=other ;;
		*) ip link add link below name other address "$2" type "$3"; name=other ;;
		esac
		udevadm test-builtin net_setup_link "/sys/class/net/$name" 2>&1 | sed -n "s/^ID_NET_LINK_FILE=//p"' sh "$tmp/links" "$address" "$2" 2>&1
}

for kind in bridge macvlan vlan; do
	alone=$(fits '' $kind)
	if [[ $alone == */10-v2v-lan0.link ]]; then
		ok "not the $kind, which the address alone fits" is "$(fits "$card" $kind | grep -c 10-v2v)" 0
	else
		skip "not the $kind, which the address alone fits" "this host makes none: ${alone:0:60}"
	fi
done

done_testing

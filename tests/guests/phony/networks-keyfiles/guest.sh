# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../networks/guest.sh
. "$here/phony/networks/guest.sh"
about="Ubuntu 22.04 of VMware with three network cards in keyfiles of NetworkManager: by address, by name, and both"

networks() {
  local directory=$1/etc/NetworkManager/system-connections
  rm "$1/etc/network/interfaces"
  mkdir -p "$directory" "$1/etc/systemd/network"
  printf '[connection]\nid=a\ntype=ethernet\n\n[ethernet]\nmac-address=00:50:56:00:00:0A\n\n[ipv4]\nmethod=auto\n' >"$directory/a.nmconnection"
  printf '[connection]\nid=b\ntype=ethernet\ninterface-name=ens192\n\n[ipv4]\naddress1=192.0.2.99/24,192.0.2.1\nmethod=manual\n' >"$directory/b.nmconnection"
  printf '[connection]\nid=c\ntype=802-3-ethernet\ninterface-name=dmz\n\n[802-3-ethernet]\nmac-address=00:50:56:00:00:0C\n' >"$directory/c"
  printf '[Match]\nMACAddress=00:50:56:00:00:0c\n\n[Link]\nName=dmz\n' >"$1/etc/systemd/network/10-dmz.link"
  chmod 600 "$directory"/*
}

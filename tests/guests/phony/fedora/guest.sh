# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../rpm-bls/guest.sh
. "$here/phony/rpm-bls/guest.sh"
about="Fedora 40: boot loader entries with the arguments in them, and keyfiles of NetworkManager"

eval "rocky_root() $(declare -f fill_root | tail -n +2)"
eval "rocky_boot() $(declare -f fill_boot | tail -n +2)"
fill_root() {
  cp -r "$here/phony/rpm-bls/root/." "$1/"
  rocky_root "$1"
  newer "$1" 'NAME="Fedora Linux"\nVERSION="40 (Server Edition)"\nID=fedora\nVERSION_ID=40\nPRETTY_NAME="Fedora Linux 40 (Server Edition)"\n' \
    'Fedora release 40 (Forty)'
}
fill_boot() {
  tree root >/dev/null
  cp -r "$here/phony/rpm-bls/boot/." "$1/"
  rocky_boot "$1"
  sed -i 's,^options .*,options root=/dev/xvda2 ro console=hvc0 resume=/dev/xvda3,' "$1"/loader/entries/*.conf
}

# newer DIR OS-RELEASE RELEASE: what takes the place of the system that it is made from
newer() {
  rm -rf "$1"/etc/{rocky-release,sysconfig/network-scripts}
  # shellcheck disable=SC2059 # lines are meant
  printf "$2" >"$1/etc/os-release"
  echo "$3" >"$1/etc/redhat-release"
  mkdir -p "$1/etc/NetworkManager/system-connections"
  printf '[connection]\nid=lan\ntype=ethernet\n\n[ethernet]\nmac-address=%s\n\n[ipv4]\nmethod=auto\n' "$(mac_of "$guest" | tr a-f A-F)" \
    >"$1/etc/NetworkManager/system-connections/lan.nmconnection"
  chmod 600 "$1/etc/NetworkManager/system-connections/lan.nmconnection"
}

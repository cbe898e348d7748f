# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../debian-like/guest.sh
. "$here/phony/debian-like/guest.sh"
about="Debian 12 whose file system has noted errors"

fill_root() {
  cp -r "$here/phony/debian-like/root/." "$1/"
  debian_userland "$1"
  systemd "$1"
  dpkg_package "$1" initramfs-tools 0.142 utils <<</usr/sbin/update-initramfs
  debian_kernel "$1" 6.1.0-18-amd64 6.1.76-1 xen-blkfront
}

# The state of the file system: clean (1), with errors (2).
extra() {
  debugfs -w -R 'set_super_value state 3' "$1/$2.img?offset=$((first_sector * 512))" 2>/dev/null
}

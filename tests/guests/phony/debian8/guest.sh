# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../debian-like/guest.sh
. "$here/phony/debian-like/guest.sh"
about="Debian 8 under Xen: systemd before interfaces had names by their places"

fill_root() {
  cp -r "$here/phony/debian-like/root/." "$1/"
  rm "$1/etc/crypttab"
  printf 'PRETTY_NAME="Debian GNU/Linux 8 (jessie)"\nNAME="Debian GNU/Linux"\nVERSION_ID="8"\nID=debian\n' >"$1/etc/os-release"
  echo 8.11 >"$1/etc/debian_version"
  sed -i "/6\\.1\\.0-13/,/^}/d; s/6\\.1\\.0-18-amd64/3.16.0-11-amd64/g" "$1/boot/grub/grub.cfg"
  printf '/dev/xvda1 / ext4 errors=remount-ro 0 1\n/dev/xvda2 none swap sw 0 0\n' >"$1/etc/fstab"
  debian_userland "$1"
  systemd "$1"
  dpkg_package "$1" initramfs-tools 0.120+deb8u3 utils <<</usr/sbin/update-initramfs
  debian_kernel "$1" 3.16.0-11-amd64 3.16.84-1 xen-blkfront
}

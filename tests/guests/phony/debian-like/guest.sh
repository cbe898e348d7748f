# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="Debian 12 with two kernels, old disk names in every place they may stand"
disk_a=("ext4 56 root" "swap rest -")

fill_root() {
  debian_userland "$1"
  systemd "$1"
  dpkg_package "$1" base-files 12.4+deb12u5 admin </dev/null
  dpkg_package "$1" initramfs-tools 0.142 utils <<</usr/sbin/update-initramfs
  dpkg_package "$1" grub-pc 2.06-13+deb12u1 admin <<</usr/sbin/update-grub
  dpkg_package "$1" xe-guest-utilities 7.20.0-1 admin </dev/null
  debian_kernel "$1" 6.1.0-13-amd64 6.1.55-1 xen-blkfront
  debian_kernel "$1" 6.1.0-18-amd64 6.1.76-1 xen-blkfront
}

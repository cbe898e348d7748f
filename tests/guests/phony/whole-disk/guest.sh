# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../debian-like/guest.sh
. "$here/phony/debian-like/guest.sh"
about="Debian 12 on a file system that Xen shows as xvda1, without a partition table"
disk_a=("whole-ext4 rest root")
disk_b=("whole-swap rest -")
size_b=8
target_a=xvda1 target_b=xvda2

fill_root() {
  cp -r "$here/phony/debian-like/root/." "$1/"
  rm "$1/etc/crypttab" "$1/boot/grub/device.map"
  sed -i 's,^/dev/mapper/cryptswap,/dev/xvda2,' "$1/etc/fstab"
  debian_userland "$1"
  debian_kernel "$1" 6.1.0-13-amd64 6.1.55-1 xen-blkfront
  debian_kernel "$1" 6.1.0-18-amd64 6.1.76-1 xen-blkfront
}

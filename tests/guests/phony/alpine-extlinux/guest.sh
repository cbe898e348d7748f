# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="Alpine Linux with mkinitfs, modules compressed by gzip, and extlinux"
disk_a=("ext4 60 root" "swap rest -")

fill_root() {
  local version=6.6.7-0-virt
  userland "$1"
  mkinitfs_stub "$1"
  stub "$1" /sbin/update-extlinux 'exit 1'
  stub "$1" /sbin/openrc-run
  mkdir -p "$1/lib/apk/db" "$1/usr/share/kernel/virt" "$1/etc/mkinitfs/features.d" "$1/etc/init.d"
  printf 'P:linux-virt\nV:6.6.7-r0\nA:x86_64\n\n' >"$1/lib/apk/db/installed"
  echo "$version" >"$1/usr/share/kernel/virt/kernel.release"
  echo 'kernel/fs/ext4/*.ko*' >"$1/etc/mkinitfs/features.d/ext4.modules"
  printf '::sysinit:/sbin/openrc sysinit\nhvc0::respawn:/sbin/getty -L hvc0 115200 vt100\n' >"$1/etc/inittab"
  loose_kernel "$1" "$version" /boot/vmlinuz-virt -g
  initramfs "$1" /boot/initramfs-virt "$version" mkinitfs xen-blkfront
}

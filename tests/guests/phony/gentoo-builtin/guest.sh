# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="Gentoo with two kernels of its owner's own that have virtio built in, no initramfs, GRUB 2"
disk_a=("ext4 60 root" "swap rest -")

fill_root() {
  local version
  userland "$1"
  mkdir -p "$1/var/db/pkg" "$1/etc/init.d"
  stub "$1" /sbin/openrc-run
  echo 'id:3:initdefault:' >"$1/etc/inittab"
  for version in 6.1.67-gentoo 6.6.13-gentoo; do
    kernel_image "$1/boot/vmlinuz-$version" "$version"
    kernel_modules "$1" "$version" -b drivers/virtio/virtio -b drivers/virtio/virtio_ring \
      -b drivers/virtio/virtio_pci -b drivers/block/virtio_blk -b drivers/net/virtio_net e1000 xen-blkfront
  done
}

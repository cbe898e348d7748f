# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="Arch Linux with two kernels whose images are called after flavours, mkinitcpio, GRUB 2"
disk_a=("ext4 60 root" "swap rest -")

fill_root() {
  userland "$1"
  systemd "$1"
  mkinitcpio_stub "$1"
  mkdir -p "$1/var/lib/pacman/local" "$1/etc/mkinitcpio.conf.d"
  arch_kernel "$1" linux 6.6.7-arch1-1
  arch_kernel "$1" linux-lts 6.1.68-1-lts
}

# arch_kernel DIR PKGBASE VERSION
arch_kernel() {
  loose_kernel "$1" "$3" "/boot/vmlinuz-$2" -x
  cp "$1/boot/vmlinuz-$2" "$1/lib/modules/$3/vmlinuz"
  echo "$2" >"$1/lib/modules/$3/pkgbase"
  initramfs "$1" "/boot/initramfs-$2.img" "$3" mkinitcpio xen-blkfront
}

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="Arch Linux as Xen HVM under EFI with systemd-boot; the kernel that it starts cannot boot, another can"
disk_a=("ext2 12 boot" "ext4 rest root")
domain_virt=hvm

fill_root() {
  userland "$1"
  systemd "$1"
  mkinitcpio_stub "$1"
  mkdir -p "$1/var/lib/pacman/local"
  loose_kernel "$1" 6.6.7-arch1-1 /boot/vmlinuz-linux -z
  echo linux >"$1/lib/modules/6.6.7-arch1-1/pkgbase"
  initramfs "$1" /boot/initramfs-linux.img 6.6.7-arch1-1 mkinitcpio xen-blkfront
  kernel_image "$1/boot/vmlinuz-linux-own" 6.1.68-1-own
  kernel_modules "$1" 6.1.68-1-own xen-blkfront e1000
  echo linux-own >"$1/lib/modules/6.1.68-1-own/pkgbase"
  initramfs "$1" /boot/initramfs-linux-own.img 6.1.68-1-own mkinitcpio xen-blkfront
  # what is on the partition of /boot
  mv "$1/boot" "$work/boot"
  mkdir "$1/boot"
}

fill_boot() {
  tree root >/dev/null
  cp -a "$work/boot/." "$1/"
}

extra() {
  sed -i "s,<loader .*,<loader readonly='yes' type='pflash'>/usr/lib/xen/boot/ovmf.bin</loader>," "$1/$2.xml"
}

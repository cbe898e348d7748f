# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="CentOS 5 with GRUB legacy and mkinitrd: kernel-xen is the default, a plain kernel is there"
disk_a=("ext3 60 root" "swap rest -")

# the modules that RHEL 5's kernels have
el5_modules=(virtio virtio_ring virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci virtio_blk
  failover net_failover virtio_net virtio_balloon libata ata_piix ahci e1000 8139cp)

fill_root() {
  el5_root "$1"
  mkinitrd_stub "$1" /sbin/mkinitrd
  rpm_package "$1" mkinitrd 5.1.19.6 82.el5 /sbin/mkinitrd
  el5_kernel_xen "$1" mkinitrd
  el5_plain_kernel "$1" mkinitrd
}

# el5_root DIR: what it has beside kernels
el5_root() {
  rpm_userland "$1"
  mkdir -p "$1"/etc/rc.d/{init.d,rc3.d,rc5.d}
  ln -s rc.d/init.d "$1/etc/init.d"
  ln -s grub.conf "$1/boot/grub/menu.lst"
  ln -s ../boot/grub/grub.conf "$1/etc/grub.conf"
  sed -i "s/@MAC@/$(mac_of "$guest" | tr a-f A-F)/" "$1/etc/sysconfig/network-scripts/ifcfg-eth0"
  stub "$1" /sbin/depmod
  stub "$1" /sbin/new-kernel-pkg
  rpm_package "$1" centos-release 5 11.el5.centos /etc/redhat-release
  rpm_package "$1" grub 0.97 13.14.el5_10 /sbin/grub
  rpm_package "$1" kmod-xenpv 0.1 10.el5 /etc/depmod.d/xenpv.conf
}

# el5_kernel_xen DIR TOOL, el5_plain_kernel DIR TOOL: a kernel with its initrd
el5_kernel_xen() {
  local version=2.6.18-398.el5xen
  rpm_kernel_payload "$work/xen" "$version" initrd $'CONFIG_XEN=y\nCONFIG_X86_64_XEN=y' xenblk xennet
  rpm_install "$1" "$(rpm_build "$work" kernel-xen 2.6.18 398.el5 "$work/xen")"
  initramfs "$1" "/boot/initrd-$version.img" "$version" "$2" xenblk
}

el5_plain_kernel() {
  local version=2.6.18-398.el5
  rpm_kernel_payload "$work/plain" "$version" initrd '# CONFIG_XEN is not set' "${el5_modules[@]}"
  rpm_install "$1" "$(rpm_build "$work" kernel 2.6.18 398.el5 "$work/plain")"
  initramfs "$1" "/boot/initrd-$version.img" "$version" "$2" libata ata_piix
}

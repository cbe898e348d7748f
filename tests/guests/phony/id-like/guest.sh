# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about='an RPM system with ID=mylinux and ID_LIKE="rhel fedora", dracut, GRUB 2; NAME.kernel.rpm is one to install'
disk_a=("ext4 60 root" "swap rest -")

fill_root() { my_linux "$1"; }

# my_linux DIR: the system, beside its plain files
my_linux() {
  local version=3.10.0-1160.el7.x86_64 payload=$work/kernel
  rpm_userland "$1"
  systemd "$1"
  sed -i "s/@MAC@/$(mac_of "$guest")/" "$1/etc/sysconfig/network-scripts/ifcfg-eth0"
  mkdir -p "$1/etc/dracut.conf.d"
  dracut_stub "$1" /sbin/dracut
  grub2_mkconfig_stub "$1" /sbin/grub2-mkconfig /boot/grub2/grub.cfg initramfs
  rpm_kernel_payload "$payload" "$version" initramfs CONFIG_XEN=y \
    "${virtio_modules[@]}" "${hardware_modules[@]}" xen-blkfront xen-netfront
  rpm_install "$1" "$(rpm_build "$work" kernel 3.10.0 1160.el7 "$payload")"
  rpm_package "$1" mylinux-release 7 2 /etc/mylinux-release
  rpm_package "$1" dracut 033 572.el7 /sbin/dracut
  rpm_package "$1" grub2-tools 2.02 0.87.el7 /sbin/grub2-mkconfig
  initramfs "$1" "/boot/initramfs-$version.img" "$version" dracut xen-blkfront
}

extra() {
  rpm_kernel_payload "$work/newer" 3.10.0-1160.119.1.el7.x86_64 initramfs CONFIG_XEN=y \
    "${virtio_modules[@]}" "${hardware_modules[@]}" xen-blkfront xen-netfront
  mv "$(rpm_build "$work" kernel 3.10.0 1160.119.1.el7 "$work/newer")" "$1/$2.kernel.rpm"
}

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="ALT with make-initrd and GRUB 2"
disk_a=("ext4 60 root" "swap rest -")

fill_root() {
  local version=5.10.82-std-def-alt1 payload=$work/kernel
  rpm_userland "$1"
  systemd "$1"
  make_initrd_stub "$1"
  rpm_kernel_payload "$payload" "$version" initrd CONFIG_XEN=y \
    "${virtio_modules[@]}" "${hardware_modules[@]}" xen-blkfront xen-netfront
  rpm_install "$1" "$(rpm_build "$work" kernel-image-std-def 5.10.82 alt1 "$payload")"
  rpm_package "$1" altlinux-release-p10 20210912 alt1 /etc/altlinux-release
  initramfs "$1" "/boot/initrd-$version.img" "$version" make-initrd xen-blkfront
}

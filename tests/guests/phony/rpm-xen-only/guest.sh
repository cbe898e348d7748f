# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../rpm-grub-legacy/guest.sh
. "$here/phony/rpm-grub-legacy/guest.sh"
about="CentOS 5 whose only kernel is kernel-xen; NAME.kernel.rpm is one to install"

fill_root() {
  cp -r "$here/phony/rpm-grub-legacy/root/." "$1/"
  sed -i '/^title CentOS (2.6.18-398.el5)$/,$d' "$1/boot/grub/grub.conf"
  el5_root "$1"
  mkinitrd_stub "$1" /sbin/mkinitrd
  rpm_package "$1" mkinitrd 5.1.19.6 82.el5 /sbin/mkinitrd
  el5_kernel_xen "$1" mkinitrd
}

extra() {
  rpm_kernel_payload "$work/plain" 2.6.18-419.el5 initrd '# CONFIG_XEN is not set' "${el5_modules[@]}"
  mv "$(rpm_build "$work" kernel 2.6.18 419.el5 "$work/plain")" "$1/$2.kernel.rpm"
}

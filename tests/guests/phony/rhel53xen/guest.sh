# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../rpm-grub-legacy/guest.sh
. "$here/phony/rpm-grub-legacy/guest.sh"
about="Red Hat Enterprise Linux 5.3 for i386 whose only kernel is kernel-xen; NAME.kernel.rpm is one to install"
rpm_target=i686

fill_root() {
  local release='Red Hat Enterprise Linux Server release 5.3 (Tikanga)'
  cp -r "$here/phony/rpm-grub-legacy/root/." "$1/"
  sed -i '/^title CentOS (2.6.18-398.el5)$/,$d; s/CentOS/Red Hat Enterprise Linux Server/; s/398/128/' \
    "$1/boot/grub/grub.conf"
  echo "$release" >"$1/etc/redhat-release"
  el5_root "$1"
  echo "$release" >"$1/etc/redhat-release"
  rpm --root "$1" --dbpath /var/lib/rpm -e --nodeps --noscripts --force-debian centos-release kmod-xenpv
  echo "$release" >"$1/etc/redhat-release"
  rpm_package "$1" redhat-release 5Server 5.3.0.3 /etc/redhat-release
  # by this program inspection knows the architecture; nothing runs it
  printf '\177ELF\001\001\001\0\0\0\0\0\0\0\0\0\002\0\003\0\001\0\0\0' >"$1/bin/bash"
  head -c 28 /dev/zero >>"$1/bin/bash"
  chmod 755 "$1/bin/bash"
  mkinitrd_stub "$1" /sbin/mkinitrd
  rpm_package "$1" mkinitrd 5.1.19.6 44.el5 /sbin/mkinitrd
  rpm_kernel_payload "$work/xen" 2.6.18-128.el5xen initrd CONFIG_XEN=y xenblk xennet
  rpm_install "$1" "$(rpm_build "$work" kernel-xen 2.6.18 128.el5 "$work/xen")"
  initramfs "$1" /boot/initrd-2.6.18-128.el5xen.img 2.6.18-128.el5xen mkinitrd xenblk
}

extra() {
  sed -i "s/arch='x86_64'/arch='i686'/" "$1/$2.xml"
  rpm_kernel_payload "$work/plain" 2.6.18-128.el5 initrd '# CONFIG_XEN is not set' "${el5_modules[@]}"
  mv "$(rpm_build "$work" kernel 2.6.18 128.el5 "$work/plain")" "$1/$2.kernel.rpm"
}

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../rpm-grub-legacy/guest.sh
. "$here/phony/rpm-grub-legacy/guest.sh"
about="Red Hat Enterprise Linux 4 with kudzu, GRUB legacy and mkinitrd; its kernel runs anywhere"

fill_root() {
  local version=2.6.9-103.EL
  cp -r "$here/phony/rpm-grub-legacy/root/." "$1/"
  echo 'Red Hat Enterprise Linux AS release 4 (Nahant Update 9)' >"$1/etc/redhat-release"
  cat >"$1/boot/grub/grub.conf" <<END
default=0
timeout=5
title Red Hat Enterprise Linux AS ($version)
	root (hd0,0)
	kernel /boot/vmlinuz-$version ro root=/dev/xvda1 console=xvc0
	initrd /boot/initrd-$version.img
END
  el5_root "$1"
  mkinitrd_stub "$1" /sbin/mkinitrd
  rpm_package "$1" mkinitrd 4.2.1.13 1 /sbin/mkinitrd
  printf '#!/bin/sh\n# chkconfig: 345 05 95\n' >"$1/etc/rc.d/init.d/kudzu"
  ln -s ../init.d/kudzu "$1/etc/rc.d/rc3.d/S05kudzu"
  ln -s ../init.d/kudzu "$1/etc/rc.d/rc5.d/S05kudzu"
  rpm_kernel_payload "$work/plain" "$version" initrd '# CONFIG_XEN is not set' "${el5_modules[@]}"
  rpm_install "$1" "$(rpm_build "$work" kernel 2.6.9 103.EL "$work/plain")"
  initramfs "$1" "/boot/initrd-$version.img" "$version" mkinitrd libata ata_piix
}

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="Devuan 4 of VMware: sysvinit in a system of today, tools that init starts"
domain_virt=hvm target_a=sda

fill_root() {
  local version=5.10.0-32-amd64 root
  root=$(partition_uuid 1)
  debian_system "$1" 'PRETTY_NAME="Devuan GNU/Linux 4 (chimaera)"|NAME="Devuan GNU/Linux"|VERSION_ID="4"|VERSION="4 (chimaera)"|VERSION_CODENAME="chimaera"|ID=devuan|ID_LIKE=debian' \
    11.1+devuan2 0.140 2.06-3~deb11u6
  echo chimaera >"$1/etc/devuan_version"
  printf 'id:2:initdefault:\nsi::sysinit:/etc/init.d/rcS\n1:2345:respawn:/sbin/getty --noclear 38400 tty1\n' >"$1/etc/inittab"
  printf 'UUID=%s / ext4 errors=remount-ro 0 1\n' "$root" >"$1/etc/fstab"
  printf 'auto lo\niface lo inet loopback\nallow-hotplug eth0\niface eth0 inet dhcp\n' >"$1/etc/network/interfaces"
  printf 'GRUB_DEFAULT=0\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX=""\n' >"$1/etc/default/grub"
  debian_kernel "$1" $version 5.10.223-1 ata_piix libata
  grub2_menu "$1" 'Devuan GNU/Linux' "UUID=$root" quiet $version
  mkdir -p "$1"/etc/{init.d,rc0.d,rc2.d,rc3.d,udev/rules.d}
  stub "$1" /usr/bin/vmtoolsd
  echo '#!/bin/sh' >"$1/etc/init.d/open-vm-tools"
  ln -s ../init.d/open-vm-tools "$1/etc/rc0.d/K01open-vm-tools"
  ln -s ../init.d/open-vm-tools "$1/etc/rc2.d/S01open-vm-tools"
  ln -s ../init.d/open-vm-tools "$1/etc/rc3.d/S01open-vm-tools"
  dpkg_package "$1" open-vm-tools 2:11.2.5-2+deb11u3 admin <<<$'/usr/bin/vmtoolsd\n/etc/init.d/open-vm-tools'
}

extra() { foreign_domain "$1/$2.xml" vmware vmxnet3 vmvga; }

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="Debian of today under VMware, whose initramfs is dracut's: other packages bring hooks for initramfs-tools all the same"
domain_virt=hvm target_a=sda
disk_a=("ext4 rest root") size_a=96
debian_modules=(-z "${debian_modules[@]}")

fill_root() {
  local d=$1 v=6.17.8+deb14-amd64 root
  root=$(partition_uuid 1)
  debian_system "$d" 'PRETTY_NAME="Debian GNU/Linux forky/sid"|NAME="Debian GNU/Linux"|VERSION_CODENAME=forky|ID=debian' forky/sid 0 2.14
  rm -r "$d/etc/initramfs-tools"
  sed -i '/^Package: initramfs-tools$/,/^$/d' "$d/var/lib/dpkg/status"
  rm "$d/var/lib/dpkg/info/initramfs-tools.list"
  mkdir -p "$d"/usr/share/initramfs-tools/hooks "$d"/usr/lib/dracut/{dracut.conf.d,modules.d} "$d/etc/dracut.conf.d"
  printf '#!/bin/sh\n' >"$d/usr/share/initramfs-tools/hooks/udev"
  # shellcheck disable=SC2016
  printf 'initrdname="initrd.img-${kernel}"\nhostonly="yes"\n' >"$d/usr/lib/dracut/dracut.conf.d/01-debian.conf"
  dracut_stub "$d" /usr/bin/dracut
  # shellcheck disable=SC2016
  stub "$d" /usr/sbin/update-initramfs 'while [ $# -gt 0 ]; do case $1 in -k) k=$2; shift ;; esac; shift; done; exec dracut --force /boot/initrd.img-$k $k'
  dpkg_package "$d" dracut 109-4 utils <<</usr/sbin/update-initramfs
  dpkg_package "$d" dracut-core 109-4 utils <<</usr/bin/dracut
  dpkg_package "$d" udev 259-1 admin <<</usr/share/initramfs-tools/hooks/udev
  stub "$d" /usr/lib/systemd/systemd
  printf 'UUID=%s / ext4 defaults 0 1\n' "$root" >"$d/etc/fstab"
  printf 'auto ens192\niface ens192 inet dhcp\n' >"$d/etc/network/interfaces"
  printf 'GRUB_DEFAULT=0\nGRUB_DISTRIBUTOR=Debian\nGRUB_CMDLINE_LINUX=""\n' >"$d/etc/default/grub"
  debian_kernel "$d" $v 6.17.8-1 libata ata_piix
  initramfs "$d" /boot/initrd.img-$v $v dracut libata ata_piix
  grub2_menu "$d" 'Debian GNU/Linux' "UUID=$root" '' $v
}

extra() { foreign_domain "$1/$2.xml" vmware vmxnet3 vmvga; }

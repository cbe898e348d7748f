# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="Debian 12 of Hyper-V with an initramfs of one program and no udev, by a tool that nobody knows: refused for that"
domain_virt=hvm target_a=sda
disk_a=("ext4 rest root") size_a=96

fill_root() {
  local d=$1 v=6.1.0-28-amd64 directory
  debian_system "$d" 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"|NAME="Debian GNU/Linux"|VERSION_ID="12"|ID=debian' 12.8 0 2.06
  rm -r "$d/etc/initramfs-tools" "$d/usr/sbin/update-initramfs"
  sed -i '/^Package: initramfs-tools$/,/^$/d' "$d/var/lib/dpkg/status"
  rm "$d/var/lib/dpkg/info/initramfs-tools.list"
  mkdir -p "$d/usr/share/initramfs-tools/hooks"
  printf '#!/bin/sh\n' >"$d/usr/share/initramfs-tools/hooks/udev"
  stub "$d" /usr/lib/systemd/systemd
  stub "$d" /usr/sbin/update-tirfs
  dpkg_package "$d" tiny-initramfs 0.1-5 utils <<</usr/sbin/update-tirfs
  printf 'UUID=%s / ext4 defaults 0 1\n' "$(partition_uuid 1)" >"$d/etc/fstab"
  printf 'auto eth0\niface eth0 inet dhcp\n' >"$d/etc/network/interfaces"
  printf 'GRUB_DEFAULT=0\nGRUB_DISTRIBUTOR=Debian\nGRUB_CMDLINE_LINUX="net.ifnames=0"\n' >"$d/etc/default/grub"
  debian_kernel "$d" $v 6.1.119-1 ata_piix
  directory=$work/tiny
  mkdir -p "$directory"/{target,dev,proc}
  cp /bin/true "$directory/init"
  (cd "$directory" && find . | cpio --quiet -o -H newc -R 0:0 | gzip -9n) >"$d/boot/initrd.img-$v"
  grub2_menu "$d" 'Debian GNU/Linux' "UUID=$(partition_uuid 1)" net.ifnames=0 $v
}

extra() { foreign_domain "$1/$2.xml" hyperv netvsc vga; }

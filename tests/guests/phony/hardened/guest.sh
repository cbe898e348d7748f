# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# After https://github.com/libguestfs/libguestfs/issues/141 (immutable files) and
# https://github.com/kubev2v/forklift/issues/8562 (allow-hotplug).
about="Debian 12 of VMware whose administrator has made files immutable"
domain_virt=hvm target_a=sda

# bookworm DIR ROOT: Debian 12 with a fixed address; ROOT is the device in its fstab
bookworm() {
  local version=6.1.0-28-amd64 root
  root=$(partition_uuid 1)
  debian_system "$1" 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"|NAME="Debian GNU/Linux"|VERSION_ID="12"|VERSION="12 (bookworm)"|ID=debian' \
    12.4+deb12u8 0.142 2.06-13
  systemd "$1"
  rm -r "$1/etc/systemd/system/getty.target.wants"
  printf '%s / ext4 errors=remount-ro 0 1\n' "$2" >"$1/etc/fstab"
  printf 'auto lo\niface lo inet loopback\n\nallow-hotplug ens192\niface ens192 inet static\n\taddress 192.0.2.10/24\n\tgateway 192.0.2.1\n' \
    >"$1/etc/network/interfaces"
  printf 'GRUB_DEFAULT=0\nGRUB_DISTRIBUTOR="Debian"\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX=""\n' >"$1/etc/default/grub"
  debian_kernel "$1" $version 6.1.119-1 ata_piix
  grub2_menu "$1" 'Debian GNU/Linux' "UUID=$root" quiet $version
}

fill_root() {
  bookworm "$1" /dev/sda1
  echo 'nameserver 192.0.2.53' >"$1/etc/resolv.conf"
}

extra() {
  local path
  foreign_domain "$1/$2.xml" vmware vmxnet3 vmvga
  # the flags of an inode: it has extents (0x80000) and is immutable (0x10)
  for path in /etc/fstab /etc/resolv.conf /boot/grub/grub.cfg; do
    debugfs -w -R "set_inode_field $path flags 0x80010" "$1/$2.img?offset=$((first_sector * 512))" 2>/dev/null
  done
}

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../debian-like/guest.sh
. "$here/phony/debian-like/guest.sh"
about="Debian 12 of Hyper-V, first generation, with its daemons and drivers in lists"
disk_a=("ext4 48 root" "swap rest -")
domain_virt=hvm target_a=hda

fill_root() {
  cp -r "$here/phony/debian-like/root/." "$1/"
  rm "$1/etc/crypttab"
  # its drivers call the disk sda, whatever the document says
  foreign_names "$1" sda etc/fstab etc/default/grub boot/grub/grub.cfg boot/grub/device.map etc/initramfs-tools/conf.d/resume
  debian_userland "$1"
  stub "$1" /usr/lib/systemd/systemd
  dpkg_package "$1" base-files 12.4+deb12u5 admin </dev/null
  dpkg_package "$1" initramfs-tools 0.142 utils <<</usr/sbin/update-initramfs
  dpkg_package "$1" hyperv-daemons 6.1.76-1 admin </dev/null
  debian_kernel "$1" 6.1.0-18-amd64 6.1.76-1 ata_piix
  mkdir -p "$1/etc/systemd/system/multi-user.target.wants" "$1/etc/modules-load.d"
  ln -s /lib/systemd/system/hyperv-daemons.hv-kvp-daemon.service "$1/etc/systemd/system/multi-user.target.wants/hyperv-daemons.hv-kvp-daemon.service"
  printf 'hv_vmbus\nhv_storvsc\nhv_netvsc\nraid1\n' >"$1/etc/initramfs-tools/modules"
  printf 'hv_utils\nnbd\n' >"$1/etc/modules-load.d/local.conf"
}

extra() { foreign_domain "$1/$2.xml" hyperv netvsc vga; }

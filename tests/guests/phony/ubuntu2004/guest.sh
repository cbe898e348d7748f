# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="Ubuntu 20.04 of XCP-ng as its installer leaves it: /dev/disk/by-uuid, netplan, guest utilities of the distribution"
disk_a=("ext4 rest root")
domain_virt=hvm target_a=hda
debian_modules=("${ubuntu_modules[@]}")

fill_root() {
  local version=5.4.0-186-generic root
  root=$(partition_uuid 1)
  debian_system "$1" 'NAME="Ubuntu"|VERSION="20.04.6 LTS (Focal Fossa)"|ID=ubuntu|ID_LIKE=debian|PRETTY_NAME="Ubuntu 20.04.6 LTS"|VERSION_ID="20.04"|VERSION_CODENAME=focal' \
    11ubuntu5.8 0.136ubuntu6.7 2.04-1ubuntu26.17
  echo bullseye/sid >"$1/etc/debian_version"
  stub "$1" /usr/lib/systemd/systemd
  stub "$1" /usr/sbin/netplan
  printf '# / was on /dev/xvda1 during curtin installation\n/dev/disk/by-uuid/%s / ext4 defaults 0 1\n/swap.img\tnone\tswap\tsw\t0\t0\n' "$root" >"$1/etc/fstab"
  mkdir -p "$1"/etc/netplan "$1"/etc/systemd/system/multi-user.target.wants
  printf "# This is the network config written by 'subiquity'\nnetwork:\n  ethernets:\n    eth0:\n      dhcp4: true\n  version: 2\n" >"$1/etc/netplan/00-installer-config.yaml"
  printf 'GRUB_DEFAULT=0\nGRUB_TIMEOUT_STYLE=hidden\nGRUB_TIMEOUT=0\nGRUB_CMDLINE_LINUX_DEFAULT=""\nGRUB_CMDLINE_LINUX=""\n' >"$1/etc/default/grub"
  debian_kernel "$1" $version 5.4.0-186.206 xen-netfront
  grub2_menu "$1" Ubuntu "UUID=$root" '' $version
  stub "$1" /usr/sbin/xe-daemon
  dpkg_package "$1" xe-guest-utilities 7.10.0-0ubuntu1 admin <<<$'/usr/sbin/xe-daemon\n/lib/systemd/system/xe-daemon.service'
  ln -s /lib/systemd/system/xe-daemon.service "$1/etc/systemd/system/multi-user.target.wants/xe-daemon.service"
}

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="Linux Mint 21 of VirtualBox: NetworkManager by way of netplan and of a keyfile without a name, packages of guest additions"
disk_a=("ext4 rest root")
domain_virt=hvm target_a=sda

fill_root() {
  local version=5.15.0-91-generic root directory=$1/etc/NetworkManager/system-connections
  root=$(partition_uuid 1)
  debian_system "$1" 'NAME="Linux Mint"|VERSION="21.3 (Virginia)"|ID=linuxmint|ID_LIKE="ubuntu debian"|PRETTY_NAME="Linux Mint 21.3"|VERSION_ID="21.3"|VERSION_CODENAME=virginia|UBUNTU_CODENAME=jammy' \
    12ubuntu4.4 0.140ubuntu13.4 2.06-2ubuntu7.2
  echo bookworm/sid >"$1/etc/debian_version"
  stub "$1" /usr/lib/systemd/systemd
  stub "$1" /usr/sbin/NetworkManager
  mkdir -p "$1"/etc/{linuxmint,netplan} "$directory"
  printf 'RELEASE=21.3\nCODENAME=virginia\nEDITION="Cinnamon"\n' >"$1/etc/linuxmint/info"
  printf '# / was on /dev/sda1 during installation\nUUID=%s / ext4 errors=remount-ro 0 1\n/swapfile none swap sw 0 0\n' "$root" >"$1/etc/fstab"
  printf '# Let NetworkManager manage all devices on this system\nnetwork:\n  version: 2\n  renderer: NetworkManager\n' >"$1/etc/netplan/1-network-manager-all.yaml"
  printf '[connection]\nid=Wired connection 1\ntype=ethernet\ninterface-name=enp0s3\n\n[ipv4]\nmethod=auto\n' >"$directory/Wired connection 1.nmconnection"
  chmod 600 "$directory/Wired connection 1.nmconnection"
  printf 'GRUB_DEFAULT=0\nGRUB_TIMEOUT_STYLE=hidden\nGRUB_CMDLINE_LINUX_DEFAULT="quiet splash"\nGRUB_CMDLINE_LINUX=""\n' >"$1/etc/default/grub"
  debian_kernel "$1" $version 5.15.0-91.101 libata ahci
  grub2_menu "$1" 'Linux Mint 21.3 Cinnamon' "UUID=$root" 'quiet splash' $version
  dpkg_package "$1" virtualbox-guest-utils 6.1.50-dfsg-1~ubuntu1.22.04.1 misc <<</usr/sbin/VBoxService
  dpkg_package "$1" virtualbox-guest-x11 6.1.50-dfsg-1~ubuntu1.22.04.1 misc </dev/null
  sed -i '/^Package: virtualbox-guest-x11$/aDepends: virtualbox-guest-utils' "$1/var/lib/dpkg/status"
  stub "$1" /usr/sbin/VBoxService
}

extra() { foreign_domain "$1/$2.xml" vbox 82540EM vbox; }

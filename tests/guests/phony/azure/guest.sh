# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="Debian 13 of Azure: its agent, and chrony with the clock of its host, included from a directory of its own"
domain_virt=hvm target_a=hda

fill_root() {
  local version=6.12.43+deb13-amd64 root
  root=$(partition_uuid 1)
  debian_system "$1" 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"|NAME="Debian GNU/Linux"|VERSION_ID="13"|VERSION="13 (trixie)"|VERSION_CODENAME=trixie|ID=debian' \
    13.8+deb13u1 0.148.3 2.12-9
  systemd "$1"
  printf 'UUID=%s / ext4 errors=remount-ro 0 1\n' "$root" >"$1/etc/fstab"
  printf 'auto lo eth0\niface lo inet loopback\niface eth0 inet dhcp\n' >"$1/etc/network/interfaces"
  printf 'GRUB_DEFAULT=0\nGRUB_TIMEOUT=5\nGRUB_DISTRIBUTOR=Debian\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX=""\n' >"$1/etc/default/grub"
  debian_kernel "$1" $version 6.12.43-1 ata_piix
  grub2_menu "$1" 'Debian GNU/Linux' "UUID=$root" quiet $version

  stub "$1" /usr/sbin/waagent
  dpkg_package "$1" waagent 2.12.0.2-1 admin <<</usr/sbin/waagent
  dpkg_package "$1" chrony 4.6.1-3 net <<</etc/chrony/chrony.conf
  mkdir -p "$1"/etc/chrony/conf.d "$1/etc/systemd/system/multi-user.target.wants"
  ln -s /usr/lib/systemd/system/walinuxagent.service "$1/etc/systemd/system/multi-user.target.wants/walinuxagent.service"
  printf 'confdir /etc/chrony/conf.d\npool 2.debian.pool.ntp.org iburst\ndriftfile /var/lib/chrony/chrony.drift\n' >"$1/etc/chrony/chrony.conf"
  printf '# the clock of the host\nrefclock PHC /dev/ptp_hyperv poll 3 dpoll -2 offset 0 stratum 2\n' >"$1/etc/chrony/conf.d/azure.conf"
}

extra() {
  foreign_domain "$1/$2.xml" hyperv netvsc vga
  sed -i "s/dev='sda' bus='scsi'/dev='hda' bus='ide'/" "$1/$2.xml"
}

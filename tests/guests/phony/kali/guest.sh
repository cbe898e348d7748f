# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="Kali Linux of VMware: a rolling release, NetworkManager with nothing to read"
domain_virt=hvm target_a=sda
debian_modules=(-x "${debian_modules[@]}")

fill_root() {
  local version=6.8.11-amd64 root
  root=$(partition_uuid 1)
  debian_system "$1" 'PRETTY_NAME="Kali GNU/Linux Rolling"|NAME="Kali GNU/Linux"|VERSION_ID="2024.2"|VERSION="2024.2"|VERSION_CODENAME=kali-rolling|ID=kali|ID_LIKE=debian' \
    1:2024.2.0 0.142+kali1 2.12-1+kali1
  echo kali-rolling >"$1/etc/debian_version"
  stub "$1" /usr/lib/systemd/systemd
  stub "$1" /usr/sbin/NetworkManager
  printf '# / was on /dev/sda1 during installation\nUUID=%s / ext4 errors=remount-ro 0 1\n/dev/sr0 /media/cdrom0 udf,iso9660 user,noauto 0 0\n' "$root" >"$1/etc/fstab"
  printf 'source /etc/network/interfaces.d/*\n\nauto lo\niface lo inet loopback\n' >"$1/etc/network/interfaces"
  mkdir -p "$1/etc/default/grub.d"
  printf 'GRUB_DEFAULT=0\nGRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX_DEFAULT="quiet splash"\nGRUB_CMDLINE_LINUX=""\n' >"$1/etc/default/grub"
  printf 'GRUB_DISTRIBUTOR="Kali"\nGRUB_THEME="/boot/grub/themes/kali/theme.txt"\n' >"$1/etc/default/grub.d/kali-themes.cfg"
  debian_kernel "$1" $version 6.8.11-1kali2 libata ata_piix
  grub2_menu "$1" 'Kali GNU/Linux' "UUID=$root" 'quiet splash' $version
  stub "$1" /usr/bin/vmtoolsd
  dpkg_package "$1" open-vm-tools 2:12.3.5-5 admin <<</usr/bin/vmtoolsd
  dpkg_package "$1" open-vm-tools-desktop 2:12.3.5-5 admin </dev/null
  sed -i '/^Package: open-vm-tools-desktop$/aDepends: open-vm-tools' "$1/var/lib/dpkg/status"
}

extra() { foreign_domain "$1/$2.xml" vmware vmxnet3 vmvga; }

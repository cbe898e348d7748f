# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="Ubuntu 16.04 of VMware: the older of two kernels is the default, in a submenu; virtio built in; a card by its slot in interfaces"
domain_virt=hvm target_a=sda
debian_modules=("${ubuntu_modules[@]}")

fill_root() {
  local root
  root=$(partition_uuid 1)
  debian_system "$1" 'NAME="Ubuntu"|VERSION="16.04.7 LTS (Xenial Xerus)"|ID=ubuntu|ID_LIKE=debian|PRETTY_NAME="Ubuntu 16.04.7 LTS"|VERSION_ID="16.04"|VERSION_CODENAME=xenial' \
    9.4ubuntu4.13 0.122ubuntu8.17 2.02~beta2-36ubuntu3.32
  echo stretch/sid >"$1/etc/debian_version"
  stub "$1" /usr/lib/systemd/systemd
  printf 'UUID=%s / ext4 errors=remount-ro 0 1\n/dev/sda2 none swap sw 0 0\n/dev/fd0 /media/floppy0 auto rw,user,noauto,exec,utf8 0 0\n' "$root" >"$1/etc/fstab"
  printf 'source /etc/network/interfaces.d/*\nauto lo\niface lo inet loopback\nauto ens160\niface ens160 inet static\naddress 192.0.2.7\nnetmask 255.255.255.0\ngateway 192.0.2.1\n' \
    >"$1/etc/network/interfaces"
  menu_default='Advanced options for Ubuntu>Ubuntu, with Linux 4.4.0-210-generic'
  printf 'GRUB_DEFAULT="%s"\nGRUB_HIDDEN_TIMEOUT=0\nGRUB_HIDDEN_TIMEOUT_QUIET=true\nGRUB_CMDLINE_LINUX_DEFAULT="elevator=noop"\nGRUB_CMDLINE_LINUX="resume=/dev/sda2"\n' \
    "$menu_default" >"$1/etc/default/grub"
  debian_kernel "$1" 4.4.0-210-generic 4.4.0-210.242 libata ata_piix
  debian_kernel "$1" 4.15.0-142-generic 4.15.0-142.146~16.04.1 libata ata_piix
  grub2_menu "$1" Ubuntu "UUID=$root" 'resume=/dev/sda2 elevator=noop' 4.15.0-142-generic 4.4.0-210-generic
  stub "$1" /usr/bin/vmtoolsd
  dpkg_package "$1" open-vm-tools 2:10.2.0-3~ubuntu0.16.04.1 admin <<</usr/bin/vmtoolsd
}
disk_a=("ext4 56 root" "swap rest -")

extra() { foreign_domain "$1/$2.xml" vmware vmxnet3 vmvga; }

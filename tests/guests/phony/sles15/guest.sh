# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../id-like/guest.sh
. "$here/phony/id-like/guest.sh"
about="SUSE Linux Enterprise 15 of VMware: GRUB 2, dracut, wicked with a fixed address, tools that its other packages do not need"
domain_virt=hvm target_a=sda

# suse DIR: the network as SUSE has it, and names of VMware's
suse() {
  rm -r "$1/etc/sysconfig/network-scripts"
  mkdir -p "$1/etc/sysconfig/network"
  printf "BOOTPROTO='static'\nSTARTMODE='auto'\nIPADDR='192.0.2.7/24'\nZONE=public\n" >"$1/etc/sysconfig/network/ifcfg-eth0"
  printf 'default 192.0.2.1 - -\n' >"$1/etc/sysconfig/network/ifroute-eth0"
  foreign_names "$1" sda etc/fstab etc/default/grub boot/grub2/grub.cfg boot/grub2/device.map
}

fill_root() {
  cp -r "$here/phony/id-like/root/." "$1/"
  my_linux "$1"
  suse "$1"
  printf 'NAME="SLES"\nVERSION="15-SP5"\nVERSION_ID="15.5"\nPRETTY_NAME="SUSE Linux Enterprise Server 15 SP5"\nID="sles"\nID_LIKE="suse"\n' >"$1/etc/os-release"
  rpm_package "$1" open-vm-tools 12.3.5 150300.49.1 /usr/bin/vmware-toolbox-cmd
}

extra() {
  foreign_domain "$1/$2.xml" vmware vmxnet3 vmvga
}

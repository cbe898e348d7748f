# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../ubuntu1004/guest.sh
. "$here/phony/ubuntu1004/guest.sh"
about="Ubuntu 14.04 of VMware, which upstart starts, with a persistent name for its card"
domain_virt=hvm target_a=sda

eval "ubuntu1004() $(declare -f fill_root | tail -n +2 | sed 's/2\.6\.32-38-server 2\.6\.32-38\.83/3.13.0-170-generic 3.13.0-170.220/; s/2\.6\.32-38-server/3.13.0-170-generic/g; s/xen-blkfront$/ata_piix/')"
fill_root() {
  ubuntu1004 "$1"
  printf 'NAME="Ubuntu"\nVERSION="14.04.6 LTS, Trusty Tahr"\nID=ubuntu\nID_LIKE=debian\nVERSION_ID="14.04"\nPRETTY_NAME="Ubuntu 14.04.6 LTS"\n' >"$1/etc/os-release"
  sed -i 's/10.04/14.04/; s/lucid/trusty/; s/14.04.4/14.04.6/' "$1/etc/lsb-release"
  foreign_names "$1" sda etc/fstab etc/default/grub boot/grub/grub.cfg boot/grub/device.map etc/initramfs-tools/conf.d/resume
  rm "$1/etc/init/hvc0.conf"
  mkdir -p "$1/etc/udev/rules.d"
  printf 'SUBSYSTEM=="net", ACTION=="add", DRIVERS=="?*", ATTR{address}=="%s", ATTR{dev_id}=="0x0", ATTR{type}=="1", KERNEL=="eth*", NAME="eth7"\n' \
    "$(mac_of "$guest")" >"$1/etc/udev/rules.d/70-persistent-net.rules"
}

extra() {
  foreign_domain "$1/$2.xml" vmware vmxnet3 vmvga
}

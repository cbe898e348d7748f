# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../id-like/guest.sh
. "$here/phony/id-like/guest.sh"
about="Photon OS 4 of VMware, which says of no other that it is like it"
domain_virt=hvm target_a=sda

fill_root() {
  cp -r "$here/phony/id-like/root/." "$1/"
  foreign_names "$1" sda etc/fstab etc/default/grub boot/grub2/grub.cfg boot/grub2/device.map
  my_linux "$1"
  printf 'NAME="VMware Photon OS"\nVERSION="4.0"\nID=photon\nVERSION_ID=4.0\nPRETTY_NAME="VMware Photon OS/Linux"\n' >"$1/etc/os-release"
  printf 'VMware Photon OS 4.0\nPHOTON_BUILD_NUMBER=1526e30ba0\n' >"$1/etc/photon-release"
}

extra() { foreign_domain "$1/$2.xml" vmware vmxnet3 vmvga; rm -f "$1/$2.kernel.rpm"; }

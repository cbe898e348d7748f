# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="a system of ostree, under VMware: no file system is its root, so it is refused, and for that"
domain_virt=hvm target_a=sda
disk_a=("ext4 8 boot" "ext4 rest root") size_a=64
sum=07ee07ee07ee07ee07ee07ee07ee07ee07ee07ee07ee07ee07ee07ee07ee07ee

fill_root() {
  local deployed=$1/ostree/deploy/default/deploy/$sum.0
  mkdir -p "$1"/ostree/{repo,boot.1.1/default/$sum} "$1"/{boot,dev,proc,run,sys,sysroot,tmp} "$deployed"/{etc,usr/bin,usr/lib} "$1/ostree/deploy/default/var"
  printf 'ID=fedora\nVARIANT_ID=coreos\nPRETTY_NAME="Fedora CoreOS"\n' >"$deployed/usr/lib/os-release"
  printf 'UUID=%s /boot ext4 defaults 0 0\n' "$(partition_uuid 1)" >"$deployed/etc/fstab"
  ln -s usr/bin "$deployed/bin"
  ln -s ../../../deploy/default/deploy/$sum.0 "$1/ostree/boot.1.1/default/$sum/0"
}

fill_boot() {
  mkdir -p "$1/ostree/default-$sum" "$1/loader.1/entries" "$1/grub2"
  ln -s loader.1 "$1/loader"
  printf 'title Fedora CoreOS\noptions ostree=/ostree/boot.1/default/%s/0\nlinux /ostree/default-%s/vmlinuz-6.17.8\n' $sum $sum >"$1/loader.1/entries/ostree-1.conf"
  printf 'set default=0\nblscfg\n' >"$1/grub2/grub.cfg"
}

extra() { foreign_domain "$1/$2.xml" vmware vmxnet3 vmvga; }

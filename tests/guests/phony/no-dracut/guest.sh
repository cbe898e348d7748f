# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# After https://github.com/libguestfs/virt-v2v/issues/91.
about="an appliance of SUSE Linux Enterprise 15 of VMware that has no program left that makes an initramfs"
domain_virt=hvm target_a=sda
fill_root() {
  local version=5.14.21-150400.24.97-default root payload=$work/kernel
  root=$(partition_uuid 1)
  rpm_system "$1" 'NAME="SLES"|VERSION="15-SP4"|VERSION_ID="15.4"|PRETTY_NAME="SUSE Linux Enterprise Server 15 SP4"|ID="sles"|ID_LIKE="suse"' '' ''
  rm -f "$1/usr/bin/dracut"; rm -rf "$1/etc/dracut.conf.d" "$1/etc/sysconfig/network-scripts"
  mkdir -p "$1/etc/sysconfig/network"
  printf "BOOTPROTO='static'\nSTARTMODE='auto'\nIPADDR='192.0.2.7/24'\n" >"$1/etc/sysconfig/network/ifcfg-eth0"
  printf 'UUID=%s / ext4 defaults 0 1\n' "$root" >"$1/etc/fstab"
  printf 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX=""\n' >"$1/etc/default/grub"
  kernel_modules "$payload" $version -x -b fs/ext4/ext4 "${virtio_modules[@]}" "${hardware_modules[@]}"
  kernel_image "$payload/boot/vmlinuz-$version" $version
  rpm_install "$1" "$(rpm_build "$work" kernel-default 5.14.21 150400.24.97.1 "$payload")"
  initramfs "$1" /boot/initrd-$version $version dracut ata_piix
  ln -s initrd-$version "$1/boot/initrd"; ln -s vmlinuz-$version "$1/boot/vmlinuz"
  menu_config=boot/grub2/grub.cfg menu_initrd=initrd-
  grub2_menu "$1" 'SLES 15-SP4' "UUID=$root" quiet $version
}
extra() { foreign_domain "$1/$2.xml" vmware vmxnet3 vmvga; }

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="openSUSE Tumbleweed of VMware: kernels in /usr/lib/modules with links in /boot, modules compressed by zstd, NetworkManager"
disk_a=("ext4 60 root" "swap rest -")
domain_virt=hvm target_a=sda

fill_root() {
  local version=6.9.7-1-default root payload=$work/kernel directory=$1/etc/NetworkManager/system-connections
  root=$(partition_uuid 1)
  rpm_system "$1" 'NAME="openSUSE Tumbleweed"|# VERSION="20240710"|ID="opensuse-tumbleweed"|ID_LIKE="opensuse suse"|VERSION_ID="20240710"|PRETTY_NAME="openSUSE Tumbleweed"' '' ''
  rmdir "$1/etc/sysconfig/network-scripts"
  mkdir -p "$directory"
  printf '[connection]\nid=ens192\nuuid=%s\ntype=ethernet\ninterface-name=ens192\n\n[ipv4]\nmethod=auto\n' "$(uuid_of card)" >"$directory/ens192.nmconnection"
  chmod 600 "$directory/ens192.nmconnection"
  printf 'UUID=%s / ext4 defaults 0 1\nUUID=%s swap swap defaults 0 0\n' "$root" "$(partition_uuid 2)" >"$1/etc/fstab"
  printf 'LOADER_TYPE="grub2"\n' >"$1/etc/sysconfig/bootloader"
  printf '/dev/disk/by-id/scsi-36000c2912345678901234567890abcde\nactivate\ngeneric_mbr\n' >"$1/etc/default/grub_installdevice"
  printf 'GRUB_DISTRIBUTOR=\nGRUB_DEFAULT=saved\nGRUB_CMDLINE_LINUX_DEFAULT="splash=silent resume=/dev/disk/by-uuid/%s mitigations=auto quiet security=apparmor"\nGRUB_CMDLINE_LINUX=""\n' "$(partition_uuid 2)" \
    >"$1/etc/default/grub"
  rpm_package "$1" openSUSE-release 20240710 2978.1
  rpm_package "$1" dracut 060+suse.56.g17f92c3 1.1 /usr/bin/dracut
  stub "$1" /usr/bin/vmtoolsd
  rpm_package "$1" open-vm-tools 12.4.0 1.1 /usr/bin/vmtoolsd
  kernel_modules "$payload" $version -z -b fs/ext4/ext4 "${virtio_modules[@]}" "${hardware_modules[@]}"
  kernel_image "$payload/lib/modules/$version/vmlinuz" $version
  printf 'CONFIG_VIRTIO_BLK=m\n' >"$payload/lib/modules/$version/config"
  rpm_install "$1" "$(rpm_build "$work" kernel-default 6.9.7 1.1 "$payload")"
  ln -s ../usr/lib/modules/$version/vmlinuz "$1/boot/vmlinuz-$version"
  ln -s ../usr/lib/modules/$version/config "$1/boot/config-$version"
  ln -s vmlinuz-$version "$1/boot/vmlinuz"
  initramfs "$1" /boot/initrd-$version $version dracut ata_piix
  ln -s initrd-$version "$1/boot/initrd"
  menu_config=boot/grub2/grub.cfg menu_initrd=initrd-
  grub2_menu "$1" 'openSUSE Tumbleweed' "UUID=$root" "splash=silent resume=/dev/disk/by-uuid/$(partition_uuid 2) mitigations=auto quiet security=apparmor" $version
  sed -i 's/set default="0"/set default="${saved_entry}"/' "$1/boot/grub2/grub.cfg"
}

extra() { foreign_domain "$1/$2.xml" vmware vmxnet3 vmvga; }

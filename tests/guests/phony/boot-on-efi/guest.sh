# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# After https://github.com/rear/rear/pull/3565 and https://github.com/openSUSE/update-bootloader/pull/173.
about="openSUSE Tumbleweed of VMware with GRUB's BLS: kernels and initramfs on the EFI system partition, called after checksums"
disk_a=("ext2 30 efi" "ext4 rest root") size_a=96
domain_virt=hvm target_a=sda

fill_root() {
  local version=6.18.9-1-default root payload=$work/kernel directory
  root=$(partition_uuid 2)
  rpm_system "$1" 'NAME="openSUSE Tumbleweed"|ID="opensuse-tumbleweed"|ID_LIKE="opensuse suse"|VERSION_ID="20260210"|PRETTY_NAME="openSUSE Tumbleweed"' \
    '' ''
  rm -r "$1/etc/sysconfig/network-scripts" "$1/usr/sbin/grub2-mkconfig" "$1/boot/grub2"
  mkdir -p "$1/boot/efi" "$1/etc/kernel" "$1/etc/NetworkManager/system-connections"
  echo 0123456789abcdef0123456789abcdef >"$1/etc/machine-id"
  echo opensuse-tumbleweed >"$1/etc/kernel/entry-token"
  printf 'root=UUID=%s rw quiet\n' "$root" >"$1/etc/kernel/cmdline"
  printf 'UUID=%s / ext4 defaults 0 1\nUUID=%s /boot/efi vfat utf8 0 2\n' "$root" "$(partition_uuid 1)" >"$1/etc/fstab"
  printf 'LOADER_TYPE="grub2-bls"\n' >"$1/etc/sysconfig/bootloader"
  printf 'GRUB_DEFAULT=saved\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\n' >"$1/etc/default/grub"
  rpm_package "$1" dracut 109 1.1 /usr/bin/dracut
  stub "$1" /usr/bin/sdbootutil
  rpm_package "$1" sdbootutil 1 1.1 /usr/bin/sdbootutil
  kernel_modules "$payload" $version -z -b fs/ext4/ext4 "${virtio_modules[@]}" "${hardware_modules[@]}"
  kernel_image "$payload/lib/modules/$version/vmlinuz" $version
  rpm_install "$1" "$(rpm_build "$work" kernel-default 6.18.9 1.1 "$payload")"

  directory=opensuse-tumbleweed/$version
  mkdir -p "$work/esp/$directory" "$work/esp/loader/entries" "$work/esp/EFI/"{opensuse,BOOT}
  cp "$1/lib/modules/$version/vmlinuz" "$work/esp/$directory/linux-aabbccdd00112233445566778899aabbccddeeff"
  initramfs "$1" /boot/initrd $version dracut ata_piix
  mv "$1/boot/initrd" "$work/esp/$directory/initrd-1122334455667788990011223344556677889900"
  printf '%s\n' 'title openSUSE Tumbleweed' "version 12@$version" 'sort-key opensuse-tumbleweed' \
    "options root=UUID=$root rw quiet systemd.machine_id=0123456789abcdef0123456789abcdef" \
    "linux /$directory/linux-aabbccdd00112233445566778899aabbccddeeff" \
    "initrd /$directory/initrd-1122334455667788990011223344556677889900" >"$work/esp/loader/entries/opensuse-tumbleweed-$version-12.conf"
  printf 'timeout 3\ndefault opensuse-tumbleweed-*\n' >"$work/esp/loader/loader.conf"
  printf 'timeout=8\nfunction load_video {\n  insmod all_video\n}\nblscfg\n' >"$work/esp/EFI/opensuse/grub.cfg"
  : >"$work/esp/EFI/opensuse/grub.efi"
  : >"$work/esp/EFI/BOOT/bootx64.efi"
}
fill_efi() {
  tree root >/dev/null
  cp -a "$work/esp/." "$1/"
}

extra() {
  foreign_domain "$1/$2.xml" vmware vmxnet3 vmvga
  sed -i "s,<os>,<os firmware='efi'>," "$1/$2.xml"
}

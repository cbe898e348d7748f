# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="Rocky 9 of VMware with three kernels: the one for rescue, whose modules went with updates, one that is half removed, and one that is whole"
domain_virt=hvm target_a=sda
disk_a=("ext4 rest root") size_a=96

# entry DIR ID VERSION ROOT
entry() {
  printf 'title Rocky Linux (%s) 9.6\nversion %s\nlinux /boot/vmlinuz-%s\ninitrd /boot/initramfs-%s.img\noptions root=UUID=%s ro\n' "$3" "$3" "$3" "$3" "$4" \
    >"$1/boot/loader/entries/$2-$3.conf"
}

fill_root() {
  local d=$1 id=52e5c0e552e5c0e552e5c0e552e5c0e5 root version
  local now=5.14.0-570.12.1.el9_6.x86_64 half=5.14.0-503.11.1.el9_5.x86_64 first=5.14.0-362.8.1.el9_3.x86_64
  root=$(partition_uuid 1)
  rpm_system "$d" 'NAME="Rocky Linux"|VERSION="9.6 (Blue Onyx)"|ID="rocky"|ID_LIKE="rhel centos fedora"|VERSION_ID="9.6"|PRETTY_NAME="Rocky Linux 9.6 (Blue Onyx)"' \
    /etc/rocky-release 'Rocky Linux release 9.6 (Blue Onyx)'
  echo $id >"$d/etc/machine-id"
  mkdir -p "$d/boot/loader/entries" "$d/etc/NetworkManager/system-connections"
  printf 'UUID=%s / ext4 defaults 0 0\n' "$root" >"$d/etc/fstab"
  printf 'GRUB_DEFAULT=saved\nGRUB_CMDLINE_LINUX="crashkernel=auto"\nGRUB_ENABLE_BLSCFG=true\n' >"$d/etc/default/grub"
  rpm_package "$d" dracut 057 88.git20250311.el9 /usr/bin/dracut
  # Its package went, and left its image, its initramfs and the index of its modules.
  rpm_kernel "$d" kernel-core $half -x ata_piix
  rm -r "$d/lib/modules/$half/kernel"
  rpm_kernel "$d" kernel-core $now -x ata_piix
  # An image for rescue is a copy, and its initramfs has every driver.
  kernel_modules "$work/first" $first -x -b fs/ext4/ext4 -b drivers/pci/pci "${virtio_modules[@]}" "${hardware_modules[@]}"
  initramfs "$work/first" /image $first dracut "${virtio_modules[@]}" "${hardware_modules[@]}"
  cp "$work/first/image" "$d/boot/initramfs-0-rescue-$id.img"
  kernel_image "$d/boot/vmlinuz-0-rescue-$id" $first
  for version in $now $half 0-rescue-$id; do entry "$d" $id $version "$root"; done
  printf 'set default="${saved_entry}"\ninsmod blscfg\nblscfg\n' >"$d/boot/grub2/grub.cfg"
  printf '# GRUB Environment Block\nsaved_entry=%s-%s\n' $id $half >"$d/boot/grub2/grubenv"
}

extra() { foreign_domain "$1/$2.xml" vmware vmxnet3 vmvga; }

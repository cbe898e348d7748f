# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# After https://github.com/stackhpc/stackhpc-kayobe-config/pull/878.
about="Rocky Linux 9 of VMware whose entries bear the machine id of the image it was made from; the kernel of the saved one is gone"
disk_a=("ext4 rest root") size_a=96
domain_virt=hvm target_a=sda

# entry DIR MACHINE-ID VERSION ROOT
entry() {
  printf '%s\n' "title Rocky Linux ($3) 9.2 (Blue Onyx)" "version $3" "linux /boot/vmlinuz-$3" "initrd /boot/initramfs-$3.img" \
    "options root=UUID=$4 ro crashkernel=auto" 'grub_users $grub_users' 'grub_class rocky' >"$1/boot/loader/entries/$2-$3.conf"
}

fill_root() {
  local version root old_id=ffffffffffffffffffffffffffffffff id=1111111111111111111111111111aaaa
  local old=5.14.0-162.22.2.el9_1.x86_64 new=5.14.0-284.30.1.el9_2.x86_64
  root=$(partition_uuid 1)
  rpm_system "$1" 'NAME="Rocky Linux"|VERSION="9.2 (Blue Onyx)"|ID="rocky"|ID_LIKE="rhel centos fedora"|VERSION_ID="9.2"|PRETTY_NAME="Rocky Linux 9.2 (Blue Onyx)"' \
    /etc/rocky-release 'Rocky Linux release 9.2 (Blue Onyx)'
  echo $id >"$1/etc/machine-id"
  mkdir -p "$1/boot/loader/entries" "$1/etc/NetworkManager/system-connections"
  printf 'UUID=%s / ext4 defaults 0 0\n' "$root" >"$1/etc/fstab"
  printf 'GRUB_DEFAULT=saved\nGRUB_CMDLINE_LINUX="crashkernel=auto"\nGRUB_ENABLE_BLSCFG=true\n' >"$1/etc/default/grub"
  rpm_package "$1" dracut 057 1.el9 /usr/bin/dracut
  for version in $old $new; do rpm_kernel "$1" kernel-core $version -x ata_piix; done
  entry "$1" $old_id $old "$root"
  entry "$1" $id $new "$root"
  rm "$1/boot/vmlinuz-$old" "$1/boot/initramfs-$old.img"
  printf 'set default="${saved_entry}"\ninsmod blscfg\nblscfg\n' >"$1/boot/grub2/grub.cfg"
  printf '# GRUB Environment Block\nsaved_entry=%s-%s\n' $old_id $old >"$1/boot/grub2/grubenv"
}

extra() { foreign_domain "$1/$2.xml" vmware vmxnet3 vmvga; }

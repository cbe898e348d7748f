# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="AlmaLinux 9 of Hyper-V, second generation: EFI with a menu that reads another, entries in files of their own, its daemons"
disk_a=("ext2 8 efi" "ext4 12 boot" "ext4 rest root")
domain_virt=hvm target_a=sda

fill_root() {
  local version=5.14.0-427.13.1.el9_4.x86_64 id=a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9 root directory=$1/etc/NetworkManager/system-connections
  root=$(partition_uuid 3)
  rpm_system "$1" 'NAME="AlmaLinux"|VERSION="9.4 (Seafoam Ocelot)"|ID="almalinux"|ID_LIKE="rhel centos fedora"|VERSION_ID="9.4"|PLATFORM_ID="platform:el9"|PRETTY_NAME="AlmaLinux 9.4 (Seafoam Ocelot)"' \
    /etc/almalinux-release 'AlmaLinux release 9.4 (Seafoam Ocelot)'
  ln -s almalinux-release "$1/etc/redhat-release"
  ln -s almalinux-release "$1/etc/system-release"
  rmdir "$1/etc/sysconfig/network-scripts"
  echo $id >"$1/etc/machine-id"
  mkdir -p "$directory" "$1"/etc/kernel "$1"/boot/{efi,loader/entries} "$1"/etc/systemd/system/multi-user.target.wants
  printf '[connection]\nid=eth0\nuuid=%s\ntype=ethernet\nautoconnect-priority=-999\ninterface-name=eth0\n\n[ethernet]\n\n[ipv4]\naddress1=192.0.2.7/24,192.0.2.1\ndns=192.0.2.53;\nmethod=manual\n' \
    "$(uuid_of card)" >"$directory/eth0.nmconnection"
  chmod 600 "$directory/eth0.nmconnection"
  printf 'UUID=%s / ext4 defaults 0 0\nUUID=%s /boot ext4 defaults 0 0\n/dev/sda1 /boot/efi vfat umask=0077,shortname=winnt 0 2\n' "$root" "$(partition_uuid 2)" >"$1/etc/fstab"
  printf 'GRUB_TIMEOUT=5\nGRUB_DISTRIBUTOR="$(sed '"'s, release .*$,,g'"' /etc/system-release)"\nGRUB_DEFAULT=saved\nGRUB_DISABLE_SUBMENU=true\nGRUB_TERMINAL_OUTPUT="console"\nGRUB_CMDLINE_LINUX="crashkernel=1G-4G:192M,4G-64G:256M,64G-:512M"\nGRUB_DISABLE_RECOVERY="true"\nGRUB_ENABLE_BLSCFG=true\n' \
    >"$1/etc/default/grub"
  stub "$1" /usr/sbin/grub2-mkconfig 'exit 1'
  rpm_package "$1" dracut 057 53.git20240104.el9 /usr/bin/dracut
  rpm_package "$1" hyperv-daemons 0 0.42.20190303git.el9
  rpm_package "$1" hypervkvpd 0 0.42.20190303git.el9 /usr/sbin/hypervkvpd
  ln -s /usr/lib/systemd/system/hypervkvpd.service "$1/etc/systemd/system/multi-user.target.wants/hypervkvpd.service"
  rpm_kernel "$1" kernel-core $version -x ata_piix
  printf 'title AlmaLinux (%s) 9.4 (Seafoam Ocelot)\nversion %s\nlinux /vmlinuz-%s\ninitrd /initramfs-%s.img $tuned_initrd\noptions root=UUID=%s ro crashkernel=1G-4G:192M,4G-64G:256M,64G-:512M $tuned_params\ngrub_users $grub_users\ngrub_arg --unrestricted\ngrub_class almalinux\n' \
    $version $version $version $version "$root" >"$1/boot/loader/entries/$id-$version.conf"
  printf 'set pager=1\nif [ -f ${config_directory}/grubenv ]; then\n  load_env -f ${config_directory}/grubenv\nelif [ -s $prefix/grubenv ]; then\n  load_env\nfi\nset default="${saved_entry}"\ninsmod blscfg\nblscfg\n' >"$1/boot/grub2/grub.cfg"
  printf '# GRUB Environment Block\nsaved_entry=%s-%s\n' $id $version >"$1/boot/grub2/grubenv"
  mv "$1/boot" "$work/boot"
  mkdir "$1/boot"
}
fill_boot() {
  tree root >/dev/null
  cp -a "$work/boot/." "$1/"
}
fill_efi() {
  mkdir -p "$1"/EFI/{almalinux,BOOT}
  printf 'search --no-floppy --root-dev-only --fs-uuid --set=dev %s\nset prefix=($dev)/grub2\nexport $prefix\nconfigfile $prefix/grub.cfg\n' "$(partition_uuid 2)" >"$1/EFI/almalinux/grub.cfg"
  : >"$1/EFI/almalinux/grubx64.efi"
  : >"$1/EFI/BOOT/BOOTX64.EFI"
}

extra() { foreign_domain "$1/$2.xml" hyperv netvsc vga; }

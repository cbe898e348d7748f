# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="openEuler 22.03 as Xen HVM with tools of its cloud: a menu without submenus, keyfiles of NetworkManager"
disk_a=("ext4 60 root" "swap rest -")
domain_virt=hvm

fill_root() {
  local version=5.10.0-182.0.0.95.oe2203sp3.x86_64 directory=$1/etc/NetworkManager/system-connections
  rpm_system "$1" 'NAME="openEuler"|VERSION="22.03 (LTS-SP3)"|ID="openEuler"|VERSION_ID="22.03"|PRETTY_NAME="openEuler 22.03 (LTS-SP3)"|ANSI_COLOR="0;31"' \
    /etc/openEuler-release 'openEuler release 22.03 (LTS-SP3)'
  ln -s openEuler-release "$1/etc/system-release"
  mkdir -p "$directory"
  printf '[connection]\nid=eth0\nuuid=%s\ntype=ethernet\ninterface-name=eth0\n\n[ipv4]\nmethod=auto\n' "$(uuid_of card)" >"$directory/eth0.nmconnection"
  chmod 600 "$directory/eth0.nmconnection"
  printf '/dev/xvda1 / ext4 defaults 1 1\n/dev/xvda2 none swap defaults 0 0\n' >"$1/etc/fstab"
  printf 'GRUB_TIMEOUT=5\nGRUB_DISTRIBUTOR="openEuler"\nGRUB_DEFAULT=saved\nGRUB_DISABLE_SUBMENU=true\nGRUB_CMDLINE_LINUX="resume=/dev/xvda2 cgroup_disable=files apparmor=0 crashkernel=512M"\nGRUB_DISABLE_RECOVERY="true"\n' \
    >"$1/etc/default/grub"
  rpm_package "$1" dracut 055 6.oe2203sp3 /usr/bin/dracut
  rpm_kernel "$1" kernel $version -x xen-blkfront
  {
    printf 'load_env\nset default="${saved_entry}"\n'
    grub2_entry "openEuler ($version) 22.03 (LTS-SP3)" "gnulinux-$version-advanced-$(partition_uuid 1)" \
      "linux	/boot/vmlinuz-$version root=/dev/xvda1 ro resume=/dev/xvda2 cgroup_disable=files apparmor=0 crashkernel=512M" "/boot/initramfs-$version.img"
  } >"$1/boot/grub2/grub.cfg"
  printf 'saved_entry=openEuler (%s) 22.03 (LTS-SP3)\n' $version >"$1/boot/grub2/grubenv"
}

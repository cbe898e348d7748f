# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="Kylin V10 for servers, of VMware: a version that is no number, a /boot of its own, a card by its slot in ifcfg files"
disk_a=("ext4 16 boot" "ext4 rest root")
domain_virt=hvm target_a=sda

fill_root() {
  local version=4.19.90-25.24.v2101.ky10.x86_64
  rpm_system "$1" 'NAME="Kylin Linux Advanced Server"|VERSION="V10 (Sword)"|ID="kylin"|VERSION_ID="V10"|PRETTY_NAME="Kylin Linux Advanced Server V10 (Sword)"|ANSI_COLOR="0;31"' \
    /etc/kylin-release 'Kylin Linux Advanced Server release V10 (Sword)'
  ln -s kylin-release "$1/etc/system-release"
  printf '[dist]\ndist_id=Kylin-Server-10-SP2-x86-Release-Build09-20210524-x86_64-2021-05-24\n' >"$1/etc/.kyinfo"
  printf 'UUID=%s /boot ext4 defaults 1 2\n/dev/sda2 / ext4 defaults 1 1\n' "$(partition_uuid 1)" >"$1/etc/fstab"
  printf 'TYPE=Ethernet\nPROXY_METHOD=none\nBOOTPROTO=none\nDEFROUTE=yes\nNAME=ens192\nUUID=%s\nDEVICE=ens192\nONBOOT=yes\nIPADDR=192.0.2.7\nPREFIX=24\nGATEWAY=192.0.2.1\n' \
    "$(uuid_of card)" >"$1/etc/sysconfig/network-scripts/ifcfg-ens192"
  printf 'GRUB_TIMEOUT=5\nGRUB_DISTRIBUTOR="$(sed '"'s, release .*$,,g'"' /etc/system-release)"\nGRUB_DEFAULT=saved\nGRUB_DISABLE_SUBMENU=true\nGRUB_CMDLINE_LINUX="crashkernel=1024M,high audit=0"\nGRUB_DISABLE_RECOVERY="true"\n' \
    >"$1/etc/default/grub"
  rpm_package "$1" dracut 050 2.ky10 /usr/bin/dracut
  rpm_kernel "$1" kernel-core $version -x ata_piix
  stub "$1" /usr/bin/vmtoolsd
  rpm_package "$1" open-vm-tools 10.3.0 4.ky10 /usr/bin/vmtoolsd
  {
    printf 'set pager=1\nload_env\nset default="${saved_entry}"\n'
    grub2_entry "Kylin Linux Advanced Server ($version) V10 (Sword)" "gnulinux-$version-advanced-$(partition_uuid 2)" \
      "linux	/vmlinuz-$version root=/dev/sda2 ro crashkernel=1024M,high audit=0" "/initramfs-$version.img"
  } >"$1/boot/grub2/grub.cfg"
  mv "$1/boot" "$work/boot"
  mkdir "$1/boot"
}
fill_boot() {
  tree root >/dev/null
  cp -a "$work/boot/." "$1/"
}

extra() { foreign_domain "$1/$2.xml" vmware vmxnet3 vmvga; }

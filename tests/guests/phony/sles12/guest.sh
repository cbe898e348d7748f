# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="SUSE Linux Enterprise 12 under Xen: kernel-xen is the default and a plain kernel is there, GRUB 2, dracut, wicked"
disk_a=("ext4 60 root" "swap rest -")

fill_root() {
  local version=3.12.49-11
  rpm_system "$1" 'NAME="SLES"|VERSION="12-SP1"|VERSION_ID="12.1"|PRETTY_NAME="SUSE Linux Enterprise Server 12 SP1"|ID="sles"' '' ''
  printf 'SUSE Linux Enterprise Server 12 (x86_64)\nVERSION = 12\nPATCHLEVEL = 1\n# This file is deprecated and will be removed in a future service pack or release.\n' >"$1/etc/SuSE-release"
  rmdir "$1/etc/sysconfig/network-scripts"
  mkdir -p "$1"/etc/sysconfig/network "$1"/etc/udev/rules.d
  printf "BOOTPROTO='static'\nBROADCAST=''\nIPADDR='192.0.2.7/24'\nMTU=''\nNAME=''\nSTARTMODE='auto'\n" >"$1/etc/sysconfig/network/ifcfg-eth0"
  printf 'default 192.0.2.1 - -\n' >"$1/etc/sysconfig/network/routes"
  printf 'NETCONFIG_DNS_STATIC_SERVERS="192.0.2.53"\n' >"$1/etc/sysconfig/network/config"
  printf '# xen-netfront\nSUBSYSTEM=="net", ACTION=="add", DRIVERS=="?*", ATTR{address}=="%s", ATTR{dev_id}=="0x0", ATTR{type}=="1", KERNEL=="eth*", NAME="eth0"\n' \
    "$(mac_of "$guest")" >"$1/etc/udev/rules.d/70-persistent-net.rules"
  printf '/dev/xvda2 swap swap defaults 0 0\n/dev/xvda1 / ext4 acl,user_xattr 1 1\n' >"$1/etc/fstab"
  printf 'LOADER_TYPE="grub2"\nSECURE_BOOT=""\n' >"$1/etc/sysconfig/bootloader"
  printf '/dev/xvda\nactivate\ngeneric_mbr\n' >"$1/etc/default/grub_installdevice"
  cat >"$1/etc/default/grub" <<'END'
GRUB_DISTRIBUTOR="SLES 12-SP1"
GRUB_DEFAULT=0
GRUB_DISABLE_LINUX_UUID=true
GRUB_CMDLINE_LINUX_DEFAULT=" resume=/dev/xvda2 splash=silent quiet showopts"
GRUB_CMDLINE_LINUX="console=xvc0"
GRUB_CMDLINE_LINUX_XEN_REPLACE="quiet"
SUSE_BTRFS_SNAPSHOT_BOOTING="true"
END
  printf '(hd0)\t/dev/xvda\n' >"$1/boot/grub2/device.map"
  rpm_package "$1" sles-release 12.1 1.331 /etc/SuSE-release
  rpm_package "$1" dracut 037 66.1 /usr/bin/dracut
  suse_kernel "$1" default CONFIG_PARAVIRT=y "${virtio_modules[@]}" "${hardware_modules[@]}"
  suse_kernel "$1" xen $'CONFIG_XEN=y\nCONFIG_X86_64_XEN=y' xenblk xennet
  menu_config=boot/grub2/grub.cfg menu_initrd=initrd-
  grub2_menu "$1" 'SLES 12-SP1' /dev/xvda1 'console=xvc0 resume=/dev/xvda2 splash=silent quiet showopts' $version-xen $version-default
  grub2_mkconfig_stub "$1" /usr/sbin/grub2-mkconfig /boot/grub2/grub.cfg initrd
}

# suse_kernel DIR FLAVOUR CONFIG MODULE...: SUSE's initrd has no .img in its name
suse_kernel() {
  local dir=$1 flavour=$2 config=$3 version=3.12.49-11-$2 payload=$work/$2 driver=ata_piix
  shift 3
  [ "$flavour" != xen ] || driver=xenblk
  rpm_kernel_payload "$payload" "$version" initrd "$config" "$@"
  mv "$payload/boot/initrd-$version.img" "$payload/boot/initrd-$version"
  rpm_install "$dir" "$(rpm_build "$work" "kernel-$flavour" 3.12.49 11.1 "$payload")"
  initramfs "$dir" "/boot/initrd-$version" "$version" dracut $driver
}

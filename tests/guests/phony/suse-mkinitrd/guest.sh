# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../rpm-grub-legacy/guest.sh
. "$here/phony/rpm-grub-legacy/guest.sh"
about="SUSE Linux Enterprise 11 with mkinitrd, GRUB legacy, disks by id"

fill_root() {
  local version=3.0.101-63-default
  rpm_userland "$1"
  mkdir -p "$1/boot/grub" "$1/etc/init.d" "$1/etc/sysconfig/network" "$1/etc/udev/rules.d"
  printf 'SUSE Linux Enterprise Server 11 (x86_64)\nVERSION = 11\nPATCHLEVEL = 4\n' >"$1/etc/SuSE-release"
  printf '## Type: string\nINITRD_MODULES="xen-blkfront processor thermal fan jbd ext3"\nDOMU_INITRD_MODULES="xennet xenblk"\n' >"$1/etc/sysconfig/kernel"
  printf 'LOADER_TYPE="grub"\nDEFAULT_APPEND="resume=/dev/xvda2 splash=silent console=xvc0"\nDEFAULT_VGA=""\n' >"$1/etc/sysconfig/bootloader"
  cat >"$1/etc/fstab" <<END
/dev/xvda2           swap                 swap       defaults              0 0
/dev/xvda1           /                    ext3       acl,user_xattr        1 1
END
  printf '(hd0)\t/dev/xvda\n' >"$1/boot/grub/device.map"
  cat >"$1/boot/grub/menu.lst" <<END
# Modified by YaST2. Root is /dev/xvda1.
default 0
timeout 8
##YaST - activate

###Don't change this comment - YaST2 identifier: Original name: linux###
title SUSE Linux Enterprise Server 11 SP4 - $version
    root (hd0,0)
    kernel /boot/vmlinuz-$version root=/dev/xvda1 resume=/dev/xvda2 splash=silent console=xvc0 showopts
    initrd /boot/initrd-$version
END
  printf 'root (hd0,0)\nsetup (hd0)\n' >"$1/etc/grub.conf"
  printf 'id:3:initdefault:\n1:2345:respawn:/sbin/mingetty --noclear tty1\nS0:12345:respawn:/sbin/agetty -L 9600 xvc0\n' >"$1/etc/inittab"
  printf 'tty1\nxvc0\n' >"$1/etc/securetty"
  printf "BOOTPROTO='dhcp'\nSTARTMODE='auto'\n" >"$1/etc/sysconfig/network/ifcfg-eth0"
  printf 'SUBSYSTEM=="net", ACTION=="add", DRIVERS=="vif", ATTR{address}=="%s", ATTR{dev_id}=="0x0", ATTR{type}=="1", KERNEL=="eth*", NAME="eth0"\n' \
    "$(mac_of "$guest")" >"$1/etc/udev/rules.d/70-persistent-net.rules"
  rebuild_stub "$1" /sbin/mkinitrd '
. /etc/sysconfig/kernel
modules=$INITRD_MODULES
while [ $# -gt 0 ]; do
  case $1 in
    -m) modules=$2; shift ;;
    -i) image=$2; shift ;;
    -k) version=${2##*/vmlinuz-}; shift ;;
  esac; shift
done'
  rpm_package "$1" sles-release 11.4 1.109 /etc/SuSE-release
  rpm_package "$1" mkinitrd 2.4.2 71.1 /sbin/mkinitrd
  rpm_kernel_payload "$work/plain" "$version" initrd CONFIG_XEN=y "${virtio_modules[@]}" "${hardware_modules[@]}" xen-blkfront xen-netfront
  rm "$work/plain/boot/initrd-$version.img"
  rpm_install "$1" "$(rpm_build "$work" kernel-default 3.0.101 63 "$work/plain")"
  initramfs "$1" "/boot/initrd-$version" "$version" mkinitrd xen-blkfront
}

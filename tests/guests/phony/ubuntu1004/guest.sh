# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../debian-like/guest.sh
. "$here/phony/debian-like/guest.sh"
about="Ubuntu 10.04, which upstart starts, before os-release"

fill_root() {
  cp -r "$here/phony/debian-like/root/." "$1/"
  rm "$1"/etc/{crypttab,os-release}
  echo squeeze/sid >"$1/etc/debian_version"
  printf 'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=10.04\nDISTRIB_CODENAME=lucid\nDISTRIB_DESCRIPTION="Ubuntu 10.04.4 LTS"\n' >"$1/etc/lsb-release"
  sed -i "/6\\.1\\.0-13/,/^}/d; s/6\\.1\\.0-18-amd64/2.6.32-38-server/g" "$1/boot/grub/grub.cfg"
  printf '/dev/xvda1 / ext4 errors=remount-ro 0 1\n/dev/xvda2 none swap sw 0 0\n' >"$1/etc/fstab"
  mkdir -p "$1"/etc/init
  printf '# hvc0 - getty\nstart on stopped rc RUNLEVEL=[2345]\nrespawn\nexec /sbin/getty -8 38400 hvc0\n' >"$1/etc/init/hvc0.conf"
  debian_userland "$1"
  stub "$1" /sbin/initctl
  dpkg_package "$1" upstart 0.6.5-8 admin <<</sbin/initctl
  dpkg_package "$1" initramfs-tools 0.92bubuntu78 utils <<</usr/sbin/update-initramfs
  debian_kernel "$1" 2.6.32-38-server 2.6.32-38.83 xen-blkfront
}

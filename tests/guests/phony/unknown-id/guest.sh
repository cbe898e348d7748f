# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="a dpkg system whose os-release says ID=mylinux and nothing it is like"

fill_root() {
  debian_userland "$1"
  dpkg_package "$1" base-files 3.0 admin </dev/null
  dpkg_package "$1" initramfs-tools 0.142 utils <<</usr/sbin/update-initramfs
  debian_kernel "$1" 6.1.0-18-amd64 6.1.76-1 xen-blkfront
}

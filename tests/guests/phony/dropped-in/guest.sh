# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../unknown-id/guest.sh
. "$here/phony/unknown-id/guest.sh"
about="the same as unknown-id under a name that a rule file of the test knows"

fill_root() {
  cp -r "$here/phony/unknown-id/root/." "$1/"
  sed -i 's/mylinux/phonylinux/' "$1/etc/os-release"
  debian_userland "$1"
  dpkg_package "$1" base-files 3.0 admin </dev/null
  dpkg_package "$1" initramfs-tools 0.142 utils <<</usr/sbin/update-initramfs
  debian_kernel "$1" 6.1.0-18-amd64 6.1.76-1 xen-blkfront
}

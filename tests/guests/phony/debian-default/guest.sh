# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../debian-like/guest.sh
. "$here/phony/debian-like/guest.sh"
about="Debian 12 whose default kernel lacks virtio, and an older one that has it"

fill_root() {
  cp -r "$here/phony/debian-like/root/." "$1/"
  debian_userland "$1"
  systemd "$1"
  debian_kernel "$1" 6.1.0-13-amd64 6.1.55-1 xen-blkfront
  debian_kernel "$1" 6.1.0-18-amd64 6.1.76-1 xen-blkfront
  rm -r "$1/lib/modules/6.1.0-18-amd64"
  kernel_modules "$1" 6.1.0-18-amd64 -b fs/ext4/ext4 xen-blkfront xen-netfront e1000
}

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../debian-like/guest.sh
. "$here/phony/debian-like/guest.sh"
about="Debian 12 with a /boot of its own that is nearly full"
disk_a=("ext2 8 boot" "ext4 rest root")

fill_root() {
  cp -r "$here/phony/debian-like/root/." "$1/"
  rm "$1/etc/crypttab"
  printf '/dev/xvda2 / ext4 errors=remount-ro 0 1\n/dev/xvda1 /boot ext2 defaults 0 2\n' >"$1/etc/fstab"
  debian_userland "$1"
  systemd "$1"
  debian_kernel "$1" 6.1.0-18-amd64 6.1.76-1 xen-blkfront
  mv "$1/boot" "$work/boot"
  mkdir "$1/boot"
}

fill_boot() {
  tree root >/dev/null
  cp -a "$work/boot/." "$1/"
  yes old | head -c 6M >"$1/old" || true
}

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../debian-like/guest.sh
. "$here/phony/debian-like/guest.sh"
about="Debian 12 on two disks that are not listed in the order of their names"
disk_a=("ext4 rest root")
disk_b=("ext4 12 data" "swap rest -")
size_b=16
target_a=xvdb target_b=xvda

fill_root() {
  cp -r "$here/phony/debian-like/root/." "$1/"
  rm "$1/etc/crypttab"
  sed -i -e 's/resume=[^ "]*/resume=\/dev\/xvda2/; s/xvda1 ro/xvdb1 ro/' \
    "$1/boot/grub/grub.cfg" "$1/etc/default/grub"
  printf '(hd0)\t/dev/xvdb\n(hd1)\t/dev/xvda\n' >"$1/boot/grub/device.map"
  cat >"$1/etc/fstab" <<END
/dev/xvdb1 / ext4 errors=remount-ro 0 1
/dev/xvda1 /srv ext4 defaults 0 2
/dev/xvda2 none swap sw 0 0
END
  mkdir -p "$1/srv"
  debian_userland "$1"
  debian_kernel "$1" 6.1.0-13-amd64 6.1.55-1 xen-blkfront
  debian_kernel "$1" 6.1.0-18-amd64 6.1.76-1 xen-blkfront
}
fill_data() { echo data >"$1/data"; }

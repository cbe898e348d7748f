# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../unknown-id/guest.sh
. "$here/phony/unknown-id/guest.sh"
about="Debian 12 whose kernel pygrub read: GRUB 2 is in it, and not at the beginning of its disk"
boot_code=false

fill_root() {
  cp -r "$here/phony/unknown-id/root/." "$1/"
  printf 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n' >"$1/etc/os-release"
  debian_userland "$1"
  dpkg_package "$1" initramfs-tools 0.142 utils <<</usr/sbin/update-initramfs
  debian_kernel "$1" 6.1.0-18-amd64 6.1.76-1 xen-blkfront
  mkdir -p "$1/usr/lib/grub/i386-pc"
  echo "first sector" >"$1/usr/lib/grub/i386-pc/boot.img"
  # It knows no device but that of the host it runs on, and has its modules and a map of devices there.
  stub "$1" /usr/sbin/grub-install '[ -b "$1" ] || exit 1
printf "\353\143GRUB" | dd of=$1 conv=notrunc 2>/dev/null
mkdir -p /boot/grub/i386-pc && cp /usr/lib/grub/i386-pc/boot.img /boot/grub/i386-pc/
echo "(hd0) $1" >/boot/grub/device.map
sed -i "s,^grub-install .*,grub-install DISK," /var/log/phony.log'
}

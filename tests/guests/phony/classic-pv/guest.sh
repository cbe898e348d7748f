# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../hvm-names/guest.sh
. "$here/phony/hvm-names/guest.sh"
about="Debian 12 as hosters made it: disks that are file systems, a kernel of the host, neither kernel nor boot loader inside"
disk_a=("whole-ext4 rest root")
disk_b=("whole-swap rest -")
size_b=8
target_a=xvda1 target_b=xvda2
domain_virt=pv

fill_root() {
  mkdir -p "$1"/etc/network "$1/boot"
  printf 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n' >"$1/etc/os-release"
  echo 12.5 >"$1/etc/debian_version"
  printf '/dev/xvda1 / ext4 errors=remount-ro 0 1\n/dev/xvda2 none swap sw 0 0\n' >"$1/etc/fstab"
  printf 'auto lo eth0\niface lo inet loopback\niface eth0 inet dhcp\n' >"$1/etc/network/interfaces"
  debian_userland "$1"
  rm "$1/usr/sbin/update-grub" "$1/usr/sbin/grub-mkconfig"
  systemd "$1"
  echo xen-blkfront >"$1/etc/initramfs-tools/modules"
  dpkg_package "$1" initramfs-tools 0.142 utils <<</usr/sbin/update-initramfs
}

# The kernel of hvm-names in a package, and the host's in the domain.
eval "kernel_package() $(declare -f extra | tail -n +2 | sed '/update-grub/s/.nupdate-grub//')"
extra() {
  kernel_package "$1" "$2"
  sed -i -e '/<bootloader>/d' \
    -e "s,^  <os>,&\n    <kernel>/boot/vmlinuz-3.16-xenU</kernel>\n    <cmdline>root=/dev/xvda1 ro console=hvc0 quiet</cmdline>," "$1/$2.xml"
}

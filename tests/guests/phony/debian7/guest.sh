# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="Debian 7 under Xen as hosters made it: GRUB 1.99, inittab with hvc0 in place of tty1, xenfs in fstab"
disk_a=("ext4 48 root" "swap rest -")

fill_root() {
  local version=3.2.0-4-amd64
  debian_system "$1" 'PRETTY_NAME="Debian GNU/Linux 7 (wheezy)"|NAME="Debian GNU/Linux"|VERSION_ID="7"|VERSION="7 (wheezy)"|ID=debian' \
    7.1wheezy11 0.109.1 1.99-27+deb7u3
  echo 7.11 >"$1/etc/debian_version"
  cat >"$1/etc/inittab" <<'END'
id:2:initdefault:
si::sysinit:/etc/init.d/rcS
1:2345:respawn:/sbin/getty 38400 hvc0
#2:23:respawn:/sbin/getty 38400 tty2
END
  printf '/dev/xvda1 / ext4 noatime,nodiratime,errors=remount-ro 0 1\n/dev/xvda2 none swap sw 0 0\nxenfs /proc/xen xenfs defaults 0 0\n' >"$1/etc/fstab"
  printf 'auto lo\niface lo inet loopback\n\nauto eth0\niface eth0 inet static\n address 192.0.2.7\n gateway 192.0.2.1\n netmask 255.255.255.0\n' >"$1/etc/network/interfaces"
  printf '# /etc/modules\nloop\nxenfs\n' >"$1/etc/modules"
  printf 'GRUB_DEFAULT=0\nGRUB_DISTRIBUTOR=`lsb_release -i -s 2> /dev/null || echo Debian`\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX="console=hvc0"\n' >"$1/etc/default/grub"
  debian_kernel "$1" $version 3.2.102-1 xen-blkfront
  {
    printf 'if [ -s $prefix/grubenv ]; then\n  load_env\nfi\nset default="0"\n'
    grub2_entry "Debian GNU/Linux, with Linux $version" '' "linux	/boot/vmlinuz-$version root=/dev/xvda1 ro console=hvc0 quiet" "/boot/initrd.img-$version"
    grub2_entry "Debian GNU/Linux, with Linux $version (recovery mode)" '' "linux	/boot/vmlinuz-$version root=/dev/xvda1 ro single console=hvc0" "/boot/initrd.img-$version"
  } >"$1/boot/grub/grub.cfg"
}

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="Debian 13 under Xen with two cards that udev names for Xen, modules compressed by xz, /boot of its own"
disk_a=("ext4 16 boot" "ext4 rest root")
debian_modules=(-x "${debian_modules[@]}")

fill_root() {
  local version=6.12.43+deb13-amd64 root
  root=$(partition_uuid 2)
  debian_system "$1" 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"|NAME="Debian GNU/Linux"|VERSION_ID="13"|VERSION="13 (trixie)"|VERSION_CODENAME=trixie|DEBIAN_VERSION_FULL=13.1|ID=debian' \
    13.8+deb13u1 0.148.3 2.12-9
  echo 13.1 >"$1/etc/debian_version"
  systemd "$1"
  printf '# / was on /dev/xvda2 during installation\nUUID=%s / ext4 errors=remount-ro 0 1\nUUID=%s /boot ext4 defaults 0 2\n' "$root" "$(partition_uuid 1)" >"$1/etc/fstab"
  printf 'source /etc/network/interfaces.d/*\n\nauto lo\niface lo inet loopback\n\nallow-hotplug enX0\niface enX0 inet dhcp\n\nauto enX1\niface enX1 inet static\n\taddress 198.51.100.7/24\n' \
    >"$1/etc/network/interfaces"
  printf 'GRUB_DEFAULT=0\nGRUB_TIMEOUT=5\nGRUB_DISTRIBUTOR=`( . /etc/os-release && echo ${NAME} )`\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX="console=hvc0"\n' >"$1/etc/default/grub"
  debian_kernel "$1" $version 6.12.43-1 xen-blkfront
  grub2_menu "$1" 'Debian GNU/Linux' "UUID=$root" 'console=hvc0 quiet' $version
  sed -i 's,/boot/\(vmlinuz\|initrd\),/\1,' "$1/boot/grub/grub.cfg"
  mv "$1/boot" "$work/boot"
  mkdir "$1/boot"
}
fill_boot() {
  tree root >/dev/null
  cp -a "$work/boot/." "$1/"
}

# the second card
extra() {
  perl -0pi -e "s,(\\s*<interface .*?</interface>),my \$a = \$1; my \$b = \$a; \$b =~ s/mac address='[^']*'/mac address='00:16:3e:00:0d:13'/; \$b =~ s/vif1\\.0/vif1.1/; \$a . \$b,se" "$1/$2.xml"
}

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../debian-like/guest.sh
. "$here/phony/debian-like/guest.sh"
about="Xen HVM with sdb before sda, which swap their names with emulated disks; the guest says xvda and sda for the same"
disk_a=("ext4 rest root")
disk_b=("ext4 12 data" "swap rest -")
size_b=16
target_a=sdb target_b=sda
domain_virt=hvm

fill_root() {
  cp -r "$here/phony/debian-like/root/." "$1/"
  rm "$1/etc/crypttab"
  sed -i -e 's/resume=[^ "]*/resume=\/dev\/sda2/; s/xvda1 ro/sdb1 ro/' \
    "$1/boot/grub/grub.cfg" "$1/etc/default/grub"
  printf '(hd0)\t/dev/sdb\n(hd1)\t/dev/sda\n' >"$1/boot/grub/device.map"
  echo RESUME=/dev/sda2 >"$1/etc/initramfs-tools/conf.d/resume"
  cat >"$1/etc/fstab" <<END
/dev/sdb1 / ext4 errors=remount-ro 0 1
/dev/xvda1 /srv ext4 defaults 0 2
/dev/sda2 none swap sw 0 0
/dev/fd0 /media/floppy0 auto rw,user,noauto 0 0
END
  mkdir -p "$1/srv"
  debian_userland "$1"
  systemd "$1"
  # a kernel to be made the default's successor: its package is NAME.kernel.deb
  debian_kernel "$1" 6.1.0-13-amd64 6.1.55-1 ata_piix
  debian_kernel "$1" 6.1.0-18-amd64 6.1.76-1 ata_piix
}
fill_data() { echo data >"$1/data"; }

extra() {
  local top=$work/deb version=6.1.0-21-amd64
  need dpkg-deb=dpkg
  mkdir -p "$top/DEBIAN"
  kernel_image "$top/boot/vmlinuz-$version" "$version"
  printf 'CONFIG_XEN=y\nCONFIG_XEN_PV=y\n' >"$top/boot/config-$version"
  kernel_modules "$top" "$version" -b fs/ext4/ext4 "${virtio_modules[@]}" "${hardware_modules[@]}" xen-blkfront
  printf 'Package: linux-image-%s\nVersion: 6.1.90-1\nArchitecture: amd64\nMaintainer: Nobody <nobody@example.org>\nDescription: phony kernel\n' \
    "$version" >"$top/DEBIAN/control"
  # as the postinst of a real one: it has an initramfs and the boot menu made
  printf '#!/bin/sh\nset -e\nupdate-initramfs -c -k %s\nupdate-grub\n' "$version" >"$top/DEBIAN/postinst"
  chmod 755 "$top/DEBIAN/postinst"
  dpkg-deb --root-owner-group -Zgzip -b "$top" "$1/$2.kernel.deb" >/dev/null
}

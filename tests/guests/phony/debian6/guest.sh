# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../debian-like/guest.sh
. "$here/phony/debian-like/guest.sh"
about="Debian 6 of VMware before os-release and systemd: disks by path and by number, in fstab, at boot, for RAID and kdump"
domain_virt=hvm target_a=sda
by_path=/dev/disk/by-path/pci-0000:00:10.0-scsi-0:0:0:0
by_id=/dev/disk/by-id/scsi-36000c29a1b2c3d4e

fill_root() {
  cp -r "$here/phony/debian-like/root/." "$1/"
  rm "$1"/etc/{crypttab,os-release}
  foreign_names "$1" sda etc/default/grub boot/grub/grub.cfg boot/grub/device.map
  echo 6.0.10 >"$1/etc/debian_version"
  sed -i "/6\\.1\\.0-13/,/^}/d; s/6\\.1\\.0-18-amd64/2.6.32-5-amd64/g; s,root=/dev/sda1,root=$by_path-part1,; s,resume=[^ ]*,resume=$by_id-part2," "$1/boot/grub/grub.cfg"
  printf '# %s-part9 /was ext4 defaults 0 2\n%s-part1 / ext4 errors=remount-ro 0 1\n%s-part2 none swap sw 0 0\n' "$by_id" "$by_path" "$by_id" >"$1/etc/fstab"
  echo "RESUME=$by_id-part2" >"$1/etc/initramfs-tools/conf.d/resume"
  mkdir -p "$1"/etc/{mdadm,init.d,rc2.d,rc3.d,rc5.d}
  printf '# DEVICE /dev/sda\nDEVICE /dev/sd*3 containers\n' >"$1/etc/mdadm/mdadm.conf"
  printf 'id:2:initdefault:\n1:2345:respawn:/sbin/getty 38400 tty1\n' >"$1/etc/inittab"
  echo x >"$1/etc/blkid.tab"
  debian_userland "$1"
  dpkg_package "$1" base-files 6.0squeeze10 admin </dev/null
  dpkg_package "$1" initramfs-tools 0.99~bpo60+1 utils <<</usr/sbin/update-initramfs
  debian_kernel "$1" 2.6.32-5-amd64 2.6.32-48 ata_piix
}

extra() { foreign_domain "$1/$2.xml" vmware e1000 vmvga; }

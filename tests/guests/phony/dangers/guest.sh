# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../debian-like/guest.sh
. "$here/phony/debian-like/guest.sh"
about="Debian 12 of VMware: /boot and /usr on another disk, XFS version 4, files that cannot be changed, labels, names of disks in comments"
disk_a=("ext4 40 root" "xfs4 rest -")
size_a=80
disk_b=("ext4 24 boot" "ext4 rest usr")
target_a=sda target_b=sdb
domain_virt=hvm

# The whole system, made once, of which each file system gets its part.
whole() {
  local dir=$work/whole version=6.1.0-18-amd64
  [ ! -d "$dir" ] || return 0
  mkdir -p "$dir"
  cp -r "$here/phony/debian-like/root/." "$dir/"
  rm "$dir/etc/crypttab"
  foreign_names "$dir" sda etc/fstab etc/default/grub boot/grub/grub.cfg boot/grub/device.map
  sed -i "s,/boot/\(vmlinuz\|initrd\),/\1,; s,hd0\,msdos1,hd1\,msdos1,; s,/dev/sda2,none," "$dir/boot/grub/grub.cfg"
  printf '(hd0)\t/dev/sda\n(hd1)\t/dev/sdb\n' >"$dir/boot/grub/device.map"
  sed -i 's,resume=[^ "]*,,' "$dir/etc/default/grub" "$dir/boot/grub/grub.cfg"
  rm -f "$dir/etc/initramfs-tools/conf.d/resume"
  cat >"$dir/etc/fstab" <<'END'
# /dev/sda9 /was ext4 defaults 0 2
/dev/sda1 / ext4 errors=remount-ro 0 1
/dev/sda2 /srv xfs defaults 0 0
/dev/sdb1 /boot ext4 defaults 0 2
/dev/sdb2	/usr	ext4	defaults	0	2
#/srv/old /dev/sda bind bind 0 0
	# /dev/sdb3 /old xfs noauto 0 0
UUID=00000000-0000-4000-8000-000000000000 /data ext4 noauto,nofail 0 0
/dev/disk/by-id/dm-uuid-LVM-phonyphonyphonyphonyphonyphonyph /lv ext4 noauto 0 0
END
  mkdir -p "$dir/srv" "$dir/data" "$dir/lv"
  debian_userland "$dir"
  systemd "$dir"
  dpkg_package "$dir" initramfs-tools 0.142 utils <<</usr/sbin/update-initramfs
  debian_kernel "$dir" $version 6.1.76-1 ata_piix
  echo 'nameserver 192.0.2.53' >"$dir/etc/resolv.conf"
  printf 'auto lo ens192\niface lo inet loopback\nallow-hotplug ens192\niface ens192 inet static\n address 192.0.2.7/24\n up ip addr add 192.0.2.8/24 dev ens192\n#iface ens192 inet dhcp\n' \
    >"$dir/etc/network/interfaces"
}
# fill_TREE: directories stay as mount points.
fill_root() {
  whole
  cp -a "$work/whole/." "$1/"
  rm -rf "${1:?}"/{boot,usr}/{*,.[!.]*}
}
fill_boot() { whole; cp -a "$work/whole/boot/." "$1/"; }
fill_usr() { whole; cp -a "$work/whole/usr/." "$1/"; }

extra() {
  local image="$1/$2.img?offset=$((first_sector * 512))" path
  foreign_domain "$1/$2.xml" vmware vmxnet3 vmvga
  # chattr +i
  debugfs -w -R 'set_inode_field /etc/resolv.conf flags 0x80010' "$image" 2>/dev/null
  for path in /etc/fstab /etc/hostname /etc/initramfs-tools/modules; do
    debugfs -w -R "ea_set $path security.selinux system_u:object_r:etc_t:s0" "$image" 2>/dev/null
  done
}

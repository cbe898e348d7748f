#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Check that a built guest is sound, without the engine: convert a copy by hand
# in a chroot and boot it; unconverted, the guest must not come up.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=lib.sh
. "$here/lib.sh"

usage() {
  cat <<END
Usage: $prog [--with FILE.rpm] [--no-unconverted] DIR/NAME

Takes DIR/NAME.img, .xml and .expect as debian.sh and rpm.sh make them.

  --with FILE.rpm    a kernel package to install first (RPM guests)
  --no-unconverted   leave out the boot of the unconverted guest
END
}

guest='' kernel_rpm='' unconverted=true
while [ $# -gt 0 ]; do
  case $1 in
    --with) need_value "$@"; kernel_rpm=$2; shift ;;
    --no-unconverted) unconverted=false ;;
    --help | -h) usage; exit 0 ;;
    -*) bad_usage "unknown option: $1" ;;
    *) guest=${1%.img} ;;
  esac
  shift
done
[ -n "$guest" ] || bad_usage "DIR/NAME is missing"
[ -r "$guest.img" ] || die "cannot read $guest.img"
need losetup=mount xmllint=libxml2-utils
need_root
make_work_dir
copy=$work/${guest##*/}.img root=$work/root
cp --sparse=always "$guest.img" "$copy"
mac=$(xmllint --xpath 'string(/domain/devices/interface[1]/mac/@address)' "$guest.xml")

if $unconverted; then
  ! "$here/boot.sh" "$copy" --format raw --mac "$mac" || die "the unconverted guest boots"
fi

lap_start=${EPOCHREALTIME/./}
mount_at "$copy" "$first_sector" "$root"
chroot_mounts "$root" "$(blkid -p -O $((first_sector * 512)) -o value -s UUID "$copy")"
sed -i 's,/dev/xvda,/dev/vda,g' "$root/etc/fstab"
mkdir -p "$root/etc/systemd/network"
printf '[Match]\nMACAddress=%s\n[Link]\nName=eth0\n' "$mac" >"$root/etc/systemd/network/70-eth0.link"
if [ -x "$root/usr/sbin/update-initramfs" ]; then
  printf 'virtio_pci\nvirtio_blk\nvirtio_net\n' >>"$root/etc/initramfs-tools/modules"
  in_guest "$root" update-initramfs -u -k all
  sed -i 's,/dev/xvda,/dev/vda,g' "$root/boot/grub/grub.cfg"
else
  [ -n "$kernel_rpm" ] || die "an RPM guest needs --with FILE.rpm"
  cp "$kernel_rpm" "$root/tmp/kernel.rpm"
  in_guest "$root" rpm -ivh /tmp/kernel.rpm
  version=$(rpm -qpl "$kernel_rpm" | sed -n 's,^/boot/vmlinuz-,,p')
  time   in_guest "$root" dracut --force --add-drivers 'virtio_pci virtio_blk virtio_net' \
    "/boot/initramfs-$version.img" "$version"
  in_guest "$root" rpm -e "$(in_guest "$root" rpm -q kernel-xen)"
  config=$(find "$root/boot" -maxdepth 2 \( -name grub.cfg -o -name grub.conf \) -type f)
  case $config in
    *grub.cfg)
      grub_probe_stand_in "$root" /dev/vda1 "$(blkid -p -O $((first_sector * 512)) -o value -s UUID "$copy")"
      in_guest "$root" grub2-mkconfig -o "${config#"$root"}" ;;
    *) sed -i "s/2.6.18-[^ ]*xen/$version/; s/initrd-$version/initramfs-$version/; s,/dev/xvda,/dev/vda,g; /xen.gz/d" "$config" ;;
  esac
fi >"$work/convert.log" 2>&1 || { tail -n 20 "$work/convert.log" >&2; die "converting by hand failed"; }
unmount_all
lap "converted by hand"
"$here/boot.sh" "$copy" --format raw --mac "$mac" --expect "$guest.expect"

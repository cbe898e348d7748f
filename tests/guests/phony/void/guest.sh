# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../id-like/guest.sh
. "$here/phony/id-like/guest.sh"
about="Void Linux of VMware: XBPS, runit, dracut, GRUB 2"
domain_virt=hvm target_a=sda

fill_root() {
  local version=6.6.30_1
  userland "$1"
  printf 'NAME="Void"\nID="void"\nPRETTY_NAME="Void Linux"\n' >"$1/etc/os-release"
  mkdir -p "$1"/etc/{default,runit/runsvdir/default,dracut.conf.d,sv/vmtoolsd} "$1/boot/grub" "$1/var/db/xbps"
  ln -s /etc/sv/vmtoolsd "$1/etc/runit/runsvdir/default/vmtoolsd"
  printf '/dev/sda1 / ext4 defaults 0 1\n/dev/sda2 swap swap defaults 0 0\n' >"$1/etc/fstab"
  printf 'GRUB_DEFAULT=0\nGRUB_DISTRIBUTOR=Void\nGRUB_CMDLINE_LINUX_DEFAULT="loglevel=4 resume=/dev/sda2"\n' >"$1/etc/default/grub"
  printf "set default=0\nmenuentry 'Void GNU/Linux' {\n\tlinux /boot/vmlinuz-%s root=/dev/sda1 ro loglevel=4 resume=/dev/sda2\n\tinitrd /boot/initramfs-%s.img\n}\n" \
    "$version" "$version" >"$1/boot/grub/grub.cfg"
  {
    printf '<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0">\n<dict>\n'
    printf '\t<key>%s</key>\n\t<dict>\n\t\t<key>pkgver</key>\n\t\t<string>%s</string>\n\t\t<key>state</key>\n\t\t<string>installed</string>\n\t</dict>\n' \
      linux6.6 linux6.6-6.6.30_1 open-vm-tools open-vm-tools-12.4.0_1
    printf '</dict>\n</plist>\n'
  } >"$1/var/db/xbps/pkgdb-0.38.plist"
  stub "$1" /usr/bin/xbps-remove 'sed -i "/<key>open-vm-tools</,/<.dict>/d" /var/db/xbps/pkgdb-0.38.plist; rm -rf /etc/sv/vmtoolsd'
  dracut_stub "$1" /usr/bin/dracut
  grub2_mkconfig_stub "$1" /usr/bin/grub-mkconfig /boot/grub/grub.cfg initramfs
  kernel_image "$1/boot/vmlinuz-$version" "$version"
  kernel_modules "$1" "$version" -b fs/ext4/ext4 "${virtio_modules[@]}" "${hardware_modules[@]}"
  initramfs "$1" "/boot/initramfs-$version.img" "$version" dracut ata_piix
}

extra() { foreign_domain "$1/$2.xml" vmware vmxnet3 vmvga; }

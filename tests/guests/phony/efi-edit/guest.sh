# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../id-like/guest.sh
. "$here/phony/id-like/guest.sh"
about="CentOS 7 under EFI as Xen HVM, whose menu must not be generated in the appliance; NAME.kernel.rpm is one to install"
disk_a=("ext2 8 efi" "ext4 rest root")
domain_virt=hvm

fill_root() {
  local version=3.10.0-1160.el7.x86_64 payload=$work/kernel
  cp -r "$here/phony/id-like/root/." "$1/"
  printf 'NAME="CentOS Linux"\nID="centos"\nID_LIKE="rhel fedora"\nVERSION_ID="7"\nPRETTY_NAME="CentOS Linux 7 (Core)"\n' >"$1/etc/os-release"
  echo 'CentOS Linux release 7.9.2009 (Core)' >"$1/etc/centos-release"
  printf '/dev/xvda2 / ext4 defaults 1 1\n/dev/xvda1 /boot/efi vfat umask=0077,shortname=winnt 0 0\n' >"$1/etc/fstab"
  rm -r "$1/boot/grub2"
  rpm_userland "$1"
  systemd "$1"
  mkdir -p "$1/boot/efi" "$1/etc/dracut.conf.d"
  sed -i "s/@MAC@/$(mac_of "$guest")/" "$1/etc/sysconfig/network-scripts/ifcfg-eth0"
  dracut_stub "$1" /sbin/dracut
  stub "$1" /sbin/grub2-mkconfig 'exit 1'
  rpm_kernel_payload "$payload" "$version" initramfs CONFIG_XEN=y \
    "${virtio_modules[@]}" "${hardware_modules[@]}" xen-blkfront xen-netfront
  rpm_install "$1" "$(rpm_build "$work" kernel 3.10.0 1160.el7 "$payload")"
  rpm_package "$1" centos-release 7 9.2009.0.el7 /etc/centos-release
  rpm_package "$1" dracut 033 572.el7 /sbin/dracut
  initramfs "$1" "/boot/initramfs-$version.img" "$version" dracut xen-blkfront
}

fill_efi() {
  mkdir -p "$1/EFI/centos"
  cat >"$1/EFI/centos/grub.cfg" <<'END'
set default="0"
menuentry 'CentOS Linux (3.10.0-1160.el7.x86_64) 7 (Core)' --class centos --class os $menuentry_id_option 'gnulinux-3.10.0-1160.el7.x86_64-advanced' {
	insmod part_gpt
	set root='hd0,msdos2'
	linuxefi /boot/vmlinuz-3.10.0-1160.el7.x86_64 root=/dev/xvda2 ro console=hvc0
	initrdefi /boot/initramfs-3.10.0-1160.el7.x86_64.img
}
END
  : >"$1/EFI/centos/grubx64.efi"
}

extra() {
  rpm_kernel_payload "$work/newer" 3.10.0-1160.119.1.el7.x86_64 initramfs CONFIG_XEN=y \
    "${virtio_modules[@]}" "${hardware_modules[@]}" xen-blkfront xen-netfront
  mv "$(rpm_build "$work" kernel 3.10.0 1160.119.1.el7 "$work/newer")" "$1/$2.kernel.rpm"
  sed -i "s,<loader .*,<loader readonly='yes' type='pflash'>/usr/lib/xen/boot/ovmf.bin</loader>," "$1/$2.xml"
}

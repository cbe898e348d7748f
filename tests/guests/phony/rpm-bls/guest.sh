# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
about="Rocky Linux 8 as Xen HVM: boot loader entries, grubenv, a /boot of its own, compressed modules"
disk_a=("ext4 16 boot" "ext4 44 root" "swap rest -")
domain_virt=hvm
versions=(4.18.0-477.10.1.el8_8.x86_64 4.18.0-513.5.1.el8_9.x86_64)

fill_root() {
  local v
  rpm_userland "$1"
  systemd "$1"
  ln -s redhat-release "$1/etc/system-release"
  ln -s redhat-release "$1/etc/rocky-release"
  ln -s ../../etc/default/grub "$1/etc/sysconfig/grub"
  ln -s ../boot/grub2/grub.cfg "$1/etc/grub2.cfg"
  mkdir -p "$1/etc/dracut.conf.d"
  dracut_stub "$1" /usr/bin/dracut
  stub "$1" /usr/bin/kernel-install
  stub "$1" /usr/sbin/grub2-mkconfig
  rpm_package "$1" rocky-release 8.9 1.6.el8 /etc/redhat-release
  rpm_package "$1" dracut 049 228.git20230802.el8 /usr/bin/dracut
  rpm_package "$1" grub2-tools 2.02 150.el8.rocky.0.1 /usr/sbin/grub2-mkconfig
  for v in "${versions[@]}"; do
    kernel_core "$1" "$v"
  done
  # what is on the partition of /boot
  mv "$1/boot" "$work/boot"
  mkdir "$1/boot"
}

# kernel_core DIR VERSION: as the package of RHEL 8 has it: all files below
# /lib/modules, and copies in /boot
kernel_core() {
  local payload=$work/kernel.$2 rest=${2#*-} base
  base=$payload/lib/modules/$2
  kernel_modules "$payload" "$2" -x -b fs/ext4/ext4 "${virtio_modules[@]}" "${hardware_modules[@]}" \
    xen-blkfront xen-netfront
  kernel_image "$base/vmlinuz" "$2"
  echo CONFIG_XEN=y >"$base/config"
  echo '0000000000000000 A phony' >"$base/System.map"
  rpm_install "$1" "$(rpm_build "$work" kernel-core "${2%%-*}" "${rest%.x86_64}" "$payload")"
  cp "$base/vmlinuz" "$1/boot/vmlinuz-$2"
  cp "$base/config" "$1/boot/config-$2"
  cp "$base/System.map" "$1/boot/System.map-$2"
  initramfs "$1" "/boot/initramfs-$2.img" "$2" dracut xen-blkfront
}

fill_boot() {
  local env
  tree root >/dev/null
  cp -a "$work/boot/." "$1/"
  printf -v env '# GRUB Environment Block\nsaved_entry=%s\nkernelopts=%s\nboot_success=0\n' \
    "0123456789abcdef0123456789abcdef-${versions[1]}" "root=/dev/xvda2 ro console=hvc0 resume=/dev/xvda3 "
  # a block of 1024 bytes, filled with #
  while [ ${#env} -lt 1024 ]; do env+='#'; done
  printf %s "$env" >"$1/grub2/grubenv"
}

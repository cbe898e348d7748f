# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../id-like/guest.sh
. "$here/phony/id-like/guest.sh"
about="CentOS 7 of VirtualBox with the guest additions from their installer, and a package of them"
disk_a=("ext4 44 root" "swap rest -")
domain_virt=hvm target_a=sda

fill_root() {
  local version=3.10.0-1160.el7.x86_64 payload=$work/kernel
  cp -r "$here/phony/id-like/root/." "$1/"
  printf 'NAME="CentOS Linux"\nID="centos"\nID_LIKE="rhel fedora"\nVERSION_ID="7"\nPRETTY_NAME="CentOS Linux 7 (Core)"\n' >"$1/etc/os-release"
  echo 'CentOS Linux release 7.9.2009 (Core)' >"$1/etc/centos-release"
  foreign_names "$1" sda etc/fstab etc/default/grub boot/grub2/grub.cfg boot/grub2/device.map
  rpm_userland "$1"
  stub "$1" /usr/lib/systemd/systemd
  sed -i "s/@MAC@/$(mac_of "$guest")/" "$1/etc/sysconfig/network-scripts/ifcfg-eth0"
  mkdir -p "$1/etc/dracut.conf.d"
  printf 'add_drivers+=" vboxguest mptspi "\n' >"$1/etc/dracut.conf.d/local.conf"
  dracut_stub "$1" /sbin/dracut
  grub2_mkconfig_stub "$1" /sbin/grub2-mkconfig /boot/grub2/grub.cfg initramfs
  rpm_kernel_payload "$payload" "$version" initramfs CONFIG_XEN=y \
    "${virtio_modules[@]}" "${hardware_modules[@]}" xen-blkfront xen-netfront
  rpm_install "$1" "$(rpm_build "$work" kernel 3.10.0 1160.el7 "$payload")"
  rpm_package "$1" centos-release 7 9.2009.0.el7 /etc/centos-release
  rpm_package "$1" dracut 033 572.el7 /sbin/dracut
  rpm_package "$1" kmod-VirtualBox-guest 6.1.0 1.el7 /lib/modules/$version/extra/vboxvideo.ko
  initramfs "$1" "/boot/initramfs-$version.img" "$version" dracut ata_piix
  additions "$1" "$version"
  cat >>"$1/etc/fstab" <<'END'
shared /srv/shared vboxsf uid=1000,gid=1000 0 0
#old /srv/old vboxsf defaults 0 0
END
}

# additions DIR VERSION: what VBoxLinuxAdditions.run made
additions() {
  local opt=/opt/VBoxGuestAdditions-6.1.0 file
  mkdir -p "$1$opt"/{bin,sbin,lib,init} "$1"/var/lib/VBoxGuestAdditions "$1"/etc/{init.d,xdg/autostart,X11/xorg.conf.d,udev/rules.d} \
    "$1"/etc/X11/xinit/xinitrc.d "$1"/usr/lib/systemd/system "$1"/etc/systemd/system/multi-user.target.wants \
    "$1/lib/modules/$2/misc" "$1"/usr/src/vboxguest-6.1.0 "$1"/opt/VBoxGuestAdditions-notes
  for file in bin/VBoxClient bin/VBoxControl sbin/VBoxService lib/VBoxOGL.so init/vboxadd init/vboxadd-service uninstall.sh routines.sh; do
    echo 'of VirtualBox' >"$1$opt/$file"
    echo "$opt/$file"
  done >"$1/var/lib/VBoxGuestAdditions/filelist"
  printf '%s\n' "$opt/bin/" "$opt/lib/" "$opt/" /usr/lib/VBoxOGL.so >>"$1/var/lib/VBoxGuestAdditions/filelist"
  printf "# VirtualBox Guest Additions installation record.\nINSTALL_DIR='%s'\nUNINSTALLER='uninstall.sh'\nINSTALL_VER='6.1.0'\n" "$opt" \
    >"$1/var/lib/VBoxGuestAdditions/config"
  ln -s "$opt/bin/VBoxControl" "$1/usr/bin/VBoxControl"
  ln -s "$opt/sbin/VBoxService" "$1/usr/sbin/VBoxService"
  ln -s "$opt/lib/VBoxOGL.so" "$1/usr/lib/VBoxOGL.so"
  ln -s "$opt/init/vboxadd" "$1/etc/init.d/vboxadd"
  echo '[Unit]' >"$1/usr/lib/systemd/system/vboxadd-service.service"
  ln -s /usr/lib/systemd/system/vboxadd-service.service "$1/etc/systemd/system/multi-user.target.wants/vboxadd-service.service"
  echo 'SUBSYSTEM=="misc", KERNEL=="vboxguest"' >"$1/etc/udev/rules.d/60-vboxadd.rules"
  echo 'exec VBoxClient' >"$1/etc/X11/xinit/xinitrc.d/98vboxadd-xclient.sh"
  echo '[Desktop Entry]' >"$1/etc/xdg/autostart/vboxclient.desktop"
  echo module >"$1/lib/modules/$2/misc/vboxguest.ko"
  echo source >"$1/usr/src/vboxguest-6.1.0/Makefile"
  printf 'Section "Device"\n  Identifier "card"\n  Driver "vboxvideo"\nEndSection\n' >"$1/etc/X11/xorg.conf.d/20-vbox.conf"
  echo 'of the administrator' >"$1/usr/bin/VBoxNotes"
  rmdir "$1/opt/VBoxGuestAdditions-notes"
}

extra() { foreign_domain "$1/$2.xml" vbox 82540EM vbox; }

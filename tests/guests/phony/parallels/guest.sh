# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# shellcheck source=../debian-like/guest.sh
. "$here/phony/debian-like/guest.sh"
about="Debian 12 of Parallels with its tools, whose uninstaller fails and leaves a program running"
disk_a=("ext4 48 root" "swap rest -")
domain_virt=hvm target_a=sda

fill_root() {
  local file version=6.1.0-18-amd64
  cp -r "$here/phony/debian-like/root/." "$1/"
  rm "$1/etc/crypttab"
  foreign_names "$1" sda etc/fstab etc/default/grub boot/grub/grub.cfg boot/grub/device.map etc/initramfs-tools/conf.d/resume
  debian_userland "$1"
  stub "$1" /usr/lib/systemd/systemd
  dpkg_package "$1" base-files 12.4+deb12u5 admin </dev/null
  dpkg_package "$1" initramfs-tools 0.142 utils <<</usr/sbin/update-initramfs
  debian_kernel "$1" "$version" 6.1.76-1 ata_piix
  mkdir -p "$1"/{usr/lib/parallels-tools/tools,var/lib/parallels-tools/.backup,etc/modprobe.d,etc/dracut.conf.d,etc/xdg/autostart,media/psf} \
    "$1/etc/systemd/system/multi-user.target.wants" "$1/lib/modules/$version/extra" "$1/usr/lib/systemd/system"
  stub "$1" /usr/lib/parallels-tools/install 'sleep 1000 &
rm -f /usr/bin/prlcc
exit 1'
  for file in /usr/lib/parallels-tools/tools/prltoolsd /usr/bin/prlcc /usr/bin/prltools /etc/modprobe.d/blacklist-parallels.conf \
    /etc/dracut.conf.d/parallels-tools.conf /etc/xdg/autostart/prlcc.desktop /usr/lib/systemd/system/prltoolsd.service \
    "/lib/modules/$version/extra/prl_tg.ko" /var/lib/parallels-tools/.backup/libglx.so /usr/bin/prlnotes; do
    echo 'of Parallels' >"$1$file"
  done
  echo "/lib/modules/$version/extra/prl_tg.ko" >"$1/var/lib/parallels-tools/.backup/.kmods.list"
  ln -s /usr/lib/systemd/system/prltoolsd.service "$1/etc/systemd/system/multi-user.target.wants/prltoolsd.service"
  printf 'psf /media/psf prl_fs nosuid,nodev,nofail 0 0\n' >>"$1/etc/fstab"
}

extra() { foreign_domain "$1/$2.xml" parallels e1000 parallels; }
